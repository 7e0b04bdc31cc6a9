"""Writing files: which way each is to be sent, and the commit itself."""

import base64
import binascii
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hf_nb.offline import history, lfs, pulls, trees
from hf_nb.offline.blobs import Blob
from hf_nb.offline.changes import Change, NoSuchFile
from hf_nb.offline.server import refusals
from hf_nb.offline.server.answers import Answer, as_json
from hf_nb.offline.server.ask import Ask
from hf_nb.offline.server.refusals import bad_request
from hf_nb.offline.store import Store

_MOST_FILES = 1000
_PULL = re.compile(r"refs/pr/(\d{1,9})")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_OID = re.compile(r"[0-9a-f]{7,40}")


def preupload(ask: Ask) -> Answer:
    """`POST …/preupload/{rev}`: LFS or not, ignored or not, and what is there already."""
    row = ask.repo
    branch = _branch(ask, row)
    given = ask.json()
    files = given.get("files")
    if not isinstance(files, list) or len(files) > _MOST_FILES:
        raise bad_request(f'"files" must be a list of at most {_MOST_FILES}')
    tip = history.commit(ask.sql, row["rid"], history.target(ask.sql, row["rid"], branch) or "")
    attributes = given.get("gitAttributes")
    known = lfs.patterns(
        attributes.encode() if isinstance(attributes, str) else ask.site.store.attributes(row["rid"], branch)
    )
    ignored = lfs.ignored(_ignore(ask, given, tip))
    told = [_told(ask, tip, file, known, ignored) for file in files]
    return as_json({"files": told, "commitOid": tip.oid})


def commit(ask: Ask) -> Answer:
    """`POST …/commit/{rev}`: lines of JSON, all of them or none."""
    row = ask.repo
    branch = _branch(ask, row)
    order = _read(ask, row["rid"])
    change = Change(order.summary, ask.participant(), ask.now(), order.put, order.delete, order.description)
    try:
        made, num = _write(
            ask.site.store, row["rid"], change, branch, order.parent, propose=ask.flag("create_pr")
        )
    except NoSuchFile as missing:
        tip = history.target(ask.sql, row["rid"], branch) or ""
        refusal = refusals.entry_not_found("", tip)
        refusal.message = missing.problem
        raise refusal from None
    page = ask.page_url(row)
    found = {
        "success": True,
        "commitOid": made.oid,
        "commitUrl": f"{page}/commit/{made.oid}",
        "hookOutput": "",
    }
    return as_json(found | ({"pullRequestUrl": f"{page}/discussions/{num}"} if num else {}))


def _write(
    store: Store, rid: int, change: Change, branch: str, parent: str | None, *, propose: bool
) -> tuple[history.Commit, int | None]:
    if propose:
        return store.propose(rid, change, base=branch, expected=parent)
    found = _PULL.fullmatch(branch)
    if found:
        return store.extend(rid, int(found[1]), change, expected=parent), None
    return store.apply(rid, change, branch, expected=parent), None


def _branch(ask: Ask, row: Any) -> str:
    """The ref to write to, if this caller may."""
    revision = ask.names["rev"]
    ref = revision if revision.startswith("refs/") else f"refs/heads/{revision}"
    if found := _PULL.fullmatch(ref):
        _may_extend(ask, row, int(found[1]))
    elif ask.flag("create_pr"):
        ask.participant()
        ask.readable()
    else:
        ask.writable()
    if history.target(ask.sql, row["rid"], ref) is None or not ref.startswith(("refs/heads/", "refs/pr/")):
        raise refusals.revision_not_found(revision)
    return ref


def _may_extend(ask: Ask, row: Any, num: int) -> None:
    one = ask.database.one(
        "SELECT * FROM discussions WHERE rid = ? AND num = ? AND pull = 1", row["rid"], num
    )
    if one is None:
        raise refusals.revision_not_found(pulls.ref(num))
    if ask.participant().lower() != one["author"].lower():
        ask.writable()
    if one["status"] not in ("draft", "open"):
        raise refusals.not_allowed(f"Pull request {num} is {one['status']}")


# -- preupload


def _ignore(ask: Ask, given: dict[str, Any], tip: history.Commit) -> str:
    if isinstance(given.get("gitIgnore"), str):
        return str(given["gitIgnore"])
    entry = trees.find(ask.sql, tip.tree, ".gitignore")
    if entry is None or entry.folder:
        return ""
    return ask.site.store.beginning(history.blob(ask.sql, entry.oid), -1).decode("utf-8", "replace")


def _told(
    ask: Ask, tip: history.Commit, file: Any, known: list[str], ignored: Callable[[str], bool]
) -> dict[str, Any]:
    path, size = (file.get("path"), file.get("size", 0)) if isinstance(file, dict) else (None, 0)
    if not isinstance(path, str) or not isinstance(size, int):
        raise bad_request('Each of "files" needs a "path" and a "size"')
    mode = "lfs" if lfs.large(path, size, known) else "regular"
    told: dict[str, Any] = {"path": path, "uploadMode": mode, "shouldIgnore": ignored(path)}
    entry = trees.find(ask.sql, tip.tree, path)
    if entry and not entry.folder:
        blob = history.blob(ask.sql, entry.oid)
        if ask.site.store.blobs.holds(blob):  # a client does not send again what it is told to be here
            told["oid"] = blob.sha256 or blob.oid
    return told


# -- the lines of a commit


@dataclass
class _Order:
    """What the lines of one commit ask for."""

    summary: str = ""
    description: str = ""
    parent: str | None = None
    put: dict[str, Blob] = field(default_factory=dict)
    delete: list[str] = field(default_factory=list)


def _read(ask: Ask, rid: int) -> _Order:
    order = _Order()
    with ask.site.store.blobs.together():
        for line in ask.lines():
            if line.strip():
                _read_line(ask, rid, order, line)
    if not order.summary:
        raise bad_request('Invalid commit: a "header" line with a "summary" is missing')
    return order


def _read_line(ask: Ask, rid: int, order: _Order, line: bytes) -> None:
    try:
        found = json.loads(line)
        key, value = found["key"], found["value"]
        reader = _LINES[key]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise bad_request(
            "Invalid commit: every line is a JSON object with a known key and a value"
        ) from None
    if not isinstance(value, dict):
        raise bad_request(f"Invalid commit: the value of {key!r} must be an object")
    reader(ask, rid, order, value)


def _header(ask: Ask, rid: int, order: _Order, value: dict[str, Any]) -> None:
    order.summary, order.description = _text(value, "summary"), _text(value, "description", "")
    parent = _text(value, "parentCommit", "")
    if parent and not _OID.fullmatch(parent):
        raise bad_request('"parentCommit" must be a commit\'s id')
    order.parent = parent or None


def _file(ask: Ask, rid: int, order: _Order, value: dict[str, Any]) -> None:
    path, content = history.checked_path(_text(value, "path")), _text(value, "content", "")
    try:
        plain = (
            content.encode() if value.get("encoding") == "utf-8" else base64.b64decode(content, validate=True)
        )
    except (binascii.Error, ValueError):
        raise bad_request(f"The content of {path!r} is not base64") from None
    if len(plain) > lfs.LARGE:
        raise bad_request(
            f"Your push was rejected because it contains files larger than 10 MiB. Offending files: {path}."
            " Please use LFS for them."
        )
    order.put[path] = ask.site.store.blobs.put_regular(plain)


def _lfs_file(ask: Ask, rid: int, order: _Order, value: dict[str, Any]) -> None:
    path, oid = history.checked_path(_text(value, "path")), _text(value, "oid")
    if value.get("algo", "sha256") != "sha256" or not _SHA256.fullmatch(oid):
        raise bad_request(f"{path!r} needs the sha256 of its content")
    length = ask.site.store.may_name(rid, oid)
    if length is None or value.get("size", length) != length:
        raise bad_request(
            "Your push was rejected because an LFS pointer pointed to a file that does not exist."
            f" Offending file: {path}."
        )
    order.put[path] = ask.site.store.blobs.large(oid, length)


def _deleted_file(ask: Ask, rid: int, order: _Order, value: dict[str, Any]) -> None:
    order.delete.append(_text(value, "path").strip("/"))


def _deleted_folder(ask: Ask, rid: int, order: _Order, value: dict[str, Any]) -> None:
    order.delete.append(_text(value, "path").strip("/") + "/")


_LINES: dict[str, Callable[[Ask, int, _Order, dict[str, Any]], None]] = {
    "header": _header,
    "file": _file,
    "lfsFile": _lfs_file,
    "deletedFile": _deleted_file,
    "deletedFolder": _deleted_folder,
}


def _text(value: dict[str, Any], name: str, default: str | None = None) -> str:
    found = value.get(name)
    if found is None and default is not None:
        return default
    if not isinstance(found, str) or (not found and default is None):
        raise bad_request(f"{name!r} must be a text")
    return found
