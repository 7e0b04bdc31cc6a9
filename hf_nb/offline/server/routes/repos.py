"""Repositories made, moved, changed, copied and deleted."""

import base64
import json
import sqlite3
from typing import Any

from hf_nb.offline.changes import no_file_is_a_folder
from hf_nb.offline.conflicts import Exists
from hf_nb.offline.history import checked_path
from hf_nb.offline.repos import PLURALS, checked_id
from hf_nb.offline.server import refusals
from hf_nb.offline.server.answers import Answer, as_json, as_text
from hf_nb.offline.server.ask import FOLDERS, Ask
from hf_nb.offline.server.refusals import bad_request

_SDKS = ("gradio", "streamlit", "docker", "static")
_VISIBILITY = {"public": False, "private": True, "protected": True}


def create(ask: Ask) -> Answer:
    """`POST /api/repos/create`."""
    given = ask.json()
    kind, id = _named(ask, given)
    _may_create(ask, id, kind)
    card = _space_card(given, id) if kind == "space" else _licence(given)
    first = card | _given_files(given)
    private = _private(given, default=False)
    try:
        rid = ask.site.store.create_repo(
            kind,
            id,
            private=private,
            created_at=ask.now(),
            creator=ask.who.name,
            files=first,
            runtime=_no_app() if kind == "space" else None,
        )
    except Exists:
        raise _exists(ask, kind, id) from None
    return _made(ask, rid)


def delete(ask: Ask) -> Answer:
    """`DELETE /api/repos/delete`."""
    given = ask.json()
    kind, id = _named(ask, given)
    ask.site.store.delete_repo(_own(ask, kind, id)["rid"])
    return as_text("OK")


def move(ask: Ask) -> Answer:
    """`POST /api/repos/move`."""
    given = ask.json()
    ask.participant()
    kind = _kind(given)
    row = _own(ask, kind, _text(given, "fromRepo"))
    target = checked_id(_text(given, "toRepo"))
    _may_create(ask, target, kind)
    try:
        ask.site.store.move_repo(row["rid"], target)
    except Exists:
        raise refusals.Refusal(
            409, f"A {kind} repository called {target} already exists", "Conflict"
        ) from None
    return as_json({"url": _url(ask, kind, target)})


def settings(ask: Ask) -> Answer:
    """`PUT …/settings`."""
    row = ask.writable()
    given = ask.json()
    gated = given.get("gated")
    if gated not in (None, "auto", "manual", False):
        raise bad_request('"gated" must be one of [auto, manual, false]')
    asked = "" if gated is None else (gated or None)
    private = _private(given, default=None)
    ask.site.store.settings(row["rid"], private=private, gated=asked)
    now = ask.database.one("SELECT private, gated FROM repos WHERE rid = ?", row["rid"])
    return as_json({"private": bool(now["private"]), "gated": now["gated"] or False})


def duplicate(ask: Ask) -> Answer:
    """`POST …/duplicate`."""
    row = ask.readable()
    given = ask.json()
    target = checked_id(_text(given, "repository"))
    _may_create(ask, target, row["type"])
    private = _private(given, default=bool(row["private"]))
    try:
        rid = ask.site.store.duplicate(
            row["rid"], target, private=bool(private), created_at=ask.now(), creator=ask.who.name
        )
    except Exists:
        raise _exists(ask, row["type"], target) from None
    return _made(ask, rid)


def _named(ask: Ask, given: dict[str, Any]) -> tuple[Any, str]:
    """(type, id) of a body with "name" and "organization"; without one the caller's own namespace is meant."""
    name = ask.participant()
    id = _text(given, "name")
    owner = given.get("organization")
    if owner is not None and not isinstance(owner, str):
        raise bad_request('"organization" must be a name')
    return _kind(given), checked_id(id if "/" in id and not owner else f"{owner or name}/{id}")


def _kind(given: dict[str, Any]) -> Any:
    kind = given.get("type") or "model"
    if kind == "bucket":
        raise refusals.not_here()
    if kind not in PLURALS.values():
        raise bad_request(f'"type" must be one of [{", ".join(PLURALS.values())}]')
    return kind


def _private(given: dict[str, Any], default: bool | None) -> Any:  # noqa: FBT001 -- a value, not a switch
    """Whether strangers are to see nothing of it: `visibility` now, `private` from older clients."""
    if (visibility := given.get("visibility")) is not None:
        if visibility not in _VISIBILITY:
            raise bad_request(f'"visibility" must be one of [{", ".join(_VISIBILITY)}]')
        return _VISIBILITY[visibility]
    private = given.get("private")
    if private is not None and not isinstance(private, bool):
        raise bad_request('"private" must be true or false')
    return default if private is None else private


def _may_create(ask: Ask, id: str, kind: str) -> None:
    ask.participant()
    namespace = id.partition("/")[0]
    if not ask.who.may_create(namespace):
        raise refusals.not_allowed(
            f'You don\'t have the rights to create a {kind} under the namespace "{namespace}"'
        )


def _own(ask: Ask, kind: str, id: str) -> sqlite3.Row:
    """A repository named in a body, if this caller may change it."""
    row: sqlite3.Row | None = ask.database.one(
        "SELECT * FROM repos WHERE type = ? AND folded = ?", kind, id.lower()
    )
    if row is None or (row["private"] and not ask.who.rank(row["namespace"])):
        raise refusals.repo_not_found(ask.who)
    if not ask.may_write(row):
        raise refusals.not_allowed()
    return row


def _made(ask: Ask, rid: int) -> Answer:
    row = ask.database.one("SELECT type, id, oid FROM repos WHERE rid = ?", rid)
    return as_json({"url": _url(ask, row["type"], row["id"]), "name": row["id"], "id": row["oid"]})


def _exists(ask: Ask, kind: str, id: str) -> refusals.Refusal:
    """The client reads the address of what is there."""
    return refusals.Refusal(
        409, f"You already created this {kind} repo", "Conflict", more={"url": _url(ask, kind, id)}
    )


def _url(ask: Ask, kind: str, id: str) -> str:
    return f"{ask.site.url}/{FOLDERS[kind]}{id}"


def _space_card(given: dict[str, Any], id: str) -> dict[str, bytes]:
    sdk = given.get("sdk")
    if sdk not in _SDKS:
        raise bad_request(f'"sdk" must be one of [{", ".join(_SDKS)}]')
    title = id.partition("/")[2].replace("-", " ").replace("_", " ").title()
    card = f"---\ntitle: {title}\nemoji: \U0001f4d3\ncolorFrom: gray\ncolorTo: yellow\nsdk: {sdk}\npinned: false\n---\n"
    return {"README.md": card.encode()}


def _licence(given: dict[str, Any]) -> dict[str, bytes]:
    if not given.get("license"):
        return {}
    return {"README.md": f"---\nlicense: {json.dumps(_text(given, 'license'))}\n---\n".encode()}


def _given_files(given: dict[str, Any]) -> dict[str, bytes]:
    """A few small files that come with the wish: {"path", "content", "encoding"} each."""
    found: dict[str, bytes] = {}
    files = given.get("files") or []
    if not isinstance(files, list) or not all(isinstance(one, dict) for one in files):
        raise bad_request('"files" must be a list of files')
    for one in files:
        path, content = checked_path(_text(one, "path")), _text(one, "content") if one.get("content") else ""
        try:
            coded = one.get("encoding") == "base64"
            found[path] = base64.b64decode(content, validate=True) if coded else content.encode()
        except ValueError:
            raise bad_request('"content" is not base64') from None
    no_file_is_a_folder(found)
    return found


def _no_app() -> dict[str, Any]:
    return {
        "stage": "NO_APP_FILE",
        "hardware": {"current": None, "requested": "cpu-basic"},
        "storage": None,
        "gcTimeout": 172800,
    }


def _text(given: dict[str, Any], name: str) -> str:
    found = given.get(name)
    if not isinstance(found, str) or not found:
        raise bad_request(f'"{name}" must be a text')
    return found
