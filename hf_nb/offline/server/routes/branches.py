"""Branches and tags made and taken away, and a history made short."""

from typing import Any, Literal

from hf_nb.errors import NotFound
from hf_nb.offline import history
from hf_nb.offline.server import refusals
from hf_nb.offline.server.answers import Answer, as_json
from hf_nb.offline.server.ask import Ask

_SWITCHES = ("emptyBranch", "overwrite")


def create_branch(ask: Ask) -> Answer:
    """`POST …/branch/{rev}`: {"startingPoint"?, "emptyBranch"?, "overwrite"?}."""
    row, given, name = ask.writable(), _body(ask), ask.names["rev"]
    start, over = given.get("startingPoint"), given.get("overwrite") is True
    _check(name)
    if given.get("emptyBranch") is True:
        ask.site.store.orphan(row["rid"], name, author=ask.participant(), date=ask.now(), over=over)
        return as_json({})
    if over and not start and history.target(ask.sql, row["rid"], f"refs/heads/{name}"):
        return as_json({})
    return _point(ask, "heads", name, start or "main", None, over=over)


def delete_branch(ask: Ask) -> Answer:
    """`DELETE …/branch/{rev}`."""
    return _unpoint(ask, "heads")


def create_tag(ask: Ask) -> Answer:
    """`POST …/tag/{rev}`: {"tag", "message"?}."""
    given = _body(ask)
    if not given.get("tag"):
        raise refusals.bad_request('"tag" must be a name')
    return _point(ask, "tags", given["tag"], ask.names["rev"], given.get("message"))


def delete_tag(ask: Ask) -> Answer:
    """`DELETE …/tag/{rev}`."""
    return _unpoint(ask, "tags")


def squash(ask: Ask) -> Answer:
    """`POST …/super-squash/{rev}`: one commit in place of all."""
    row = ask.writable()
    branch = ask.names["rev"]
    ref = branch if branch.startswith("refs/") else f"refs/heads/{branch}"
    if history.target(ask.sql, row["rid"], ref) is None:
        raise refusals.revision_not_found(branch)
    message = _body(ask).get("message") or f"Super-squash branch '{branch}' using huggingface_hub"
    made = ask.site.store.squash(row["rid"], ref, message=message, author=ask.participant(), date=ask.now())
    return as_json({"commitId": made.oid})


def _point(
    ask: Ask,
    kind: Literal["heads", "tags"],
    name: str,
    revision: str,
    message: str | None,
    *,
    over: bool = False,
) -> Answer:
    row = ask.writable()
    _check(name)
    try:
        ask.site.store.point(row["rid"], kind, name, revision, message, over=over)
    except NotFound:
        raise refusals.revision_not_found(revision) from None
    return as_json({})


def _check(name: str) -> None:
    if name.startswith("refs/"):
        raise refusals.bad_request(f"{name!r} cannot name a branch or a tag")


def _unpoint(ask: Ask, kind: Literal["heads", "tags"]) -> Answer:
    row = ask.writable()
    try:
        ask.site.store.unpoint(row["rid"], kind, ask.names["rev"])
    except NotFound:
        raise refusals.revision_not_found(ask.names["rev"]) from None
    return as_json({})


def _body(ask: Ask) -> dict[str, Any]:
    """What was sent, where anything was."""
    found = ask.json() if ask.body.strip() else {}
    for name, value in found.items():
        if value is not None and not isinstance(value, bool if name in _SWITCHES else str):
            raise refusals.bad_request(
                f'"{name}" must be {"true or false" if name in _SWITCHES else "a text"}'
            )
    return found
