"""Branches and tags made and taken away, and a history made short."""

from typing import Literal

from hf_nb.errors import NotFound
from hf_nb.offline import history
from hf_nb.offline.server import refusals
from hf_nb.offline.server.answers import Answer, as_json
from hf_nb.offline.server.ask import Ask


def create_branch(ask: Ask) -> Answer:
    """`POST …/branch/{rev}`."""
    start = _body(ask).get("startingPoint") or "main"
    return _point(ask, "heads", ask.names["rev"], start, None)


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


def _point(ask: Ask, kind: Literal["heads", "tags"], name: str, revision: str, message: str | None) -> Answer:
    row = ask.writable()
    if name.startswith("refs/"):
        raise refusals.bad_request(f"{name!r} cannot name a branch or a tag")
    try:
        ask.site.store.point(row["rid"], kind, name, revision, message)
    except NotFound:
        raise refusals.revision_not_found(revision) from None
    return as_json({})


def _unpoint(ask: Ask, kind: Literal["heads", "tags"]) -> Answer:
    row = ask.writable()
    try:
        ask.site.store.unpoint(row["rid"], kind, ask.names["rev"])
    except NotFound:
        raise refusals.revision_not_found(ask.names["rev"]) from None
    return as_json({})


def _body(ask: Ask) -> dict[str, str]:
    """What was sent, where anything was."""
    found = ask.json() if ask.body.strip() else {}
    if not all(value is None or isinstance(value, str) for value in found.values()):
        raise refusals.bad_request("Every value must be a text")
    return found
