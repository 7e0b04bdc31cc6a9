"""Folders and files of one revision."""

import base64
from collections.abc import Iterable
from typing import Any

from hf_nb.offline import history, trees
from hf_nb.offline.derive import pickles
from hf_nb.offline.server import refusals
from hf_nb.offline.server.answers import Answer, as_json
from hf_nb.offline.server.ask import Ask
from hf_nb.offline.trees import Entry

_MOST, _MOST_EXPANDED, _MOST_PATHS = 1000, 100, 2000


def listing(ask: Ask) -> Answer:
    """`GET …/tree/{rev}[/{path}]`."""
    row = ask.repo
    commit = ask.commit(row)
    path = ask.names.get("path", "").strip("/")
    top = trees.find(ask.sql, commit.tree, path)
    if top is None:
        raise refusals.entry_not_found(path, commit.oid)
    expand = ask.flag("expand")
    most = _MOST_EXPANDED if expand else _MOST
    found = list(_inside(ask, top, path))
    start = _start(ask, found)
    some = found[start : start + ask.number("limit", most, most)]
    headers = {"x-repo-commit": commit.oid}
    if start + len(some) < len(found):
        headers |= ask.next_link(cursor=base64.urlsafe_b64encode(some[-1][0].encode()).decode())
    return as_json(_show(ask, row["rid"], commit, some, expand=expand), headers=headers)


def paths_info(ask: Ask) -> Answer:
    """`POST …/paths-info/{rev}`: those of the paths that exist."""
    form = ask.form()
    paths = [path.strip("/") for path in form.get("paths", [])]
    if len(paths) > _MOST_PATHS:
        raise refusals.bad_request(f"At most {_MOST_PATHS} paths")
    row = ask.repo
    commit = ask.commit(row)
    found = [
        (path, entry)
        for path in dict.fromkeys(paths)
        if path and (entry := trees.find(ask.sql, commit.tree, path))
    ]
    expand = (form.get("expand") or ["false"])[-1].lower() == "true"
    return as_json(
        _show(ask, row["rid"], commit, found, expand=expand), headers={"x-repo-commit": commit.oid}
    )


def size(ask: Ask) -> Answer:
    """`GET …/treesize/{rev}/{path}`."""
    commit = ask.commit(ask.repo)
    path = ask.names.get("path", "").strip("/")
    top = trees.find(ask.sql, commit.tree, path)
    if top is None:
        raise refusals.entry_not_found(path, commit.oid)
    oids = (
        [entry.oid for _, entry in trees.walk(ask.sql, top.oid) if not entry.folder]
        if top.folder
        else [top.oid]
    )
    return as_json({"path": f"/{path}", "size": sum(history.blob(ask.sql, oid).length for oid in oids)})


def scan(ask: Ask) -> Answer:
    """`GET …/scan`: the files that would run code of their own when loaded."""
    blobs = history.blobs_of(ask.sql, ask.commit(ask.repo).tree)
    return as_json(pickles.repository(blobs, ask.site.store.beginning))


def _inside(ask: Ask, top: Entry, path: str) -> Iterable[tuple[str, Entry]]:
    if not top.folder:
        return [(path, top)]
    prefix = f"{path}/" if path else ""
    if ask.flag("recursive"):
        return trees.walk(ask.sql, top.oid, prefix)
    return [(prefix + entry.name, entry) for entry in trees.read(ask.sql, top.oid)]


def _start(ask: Ask, found: list[tuple[str, Entry]]) -> int:
    """Where the page begins: after the path the cursor names, or where it was if the branch has moved on since."""
    cursor = ask.one("cursor")
    if not cursor:
        return 0
    try:
        last = base64.b64decode(cursor.encode(), altchars=b"-_", validate=True).decode()
    except ValueError:
        raise refusals.bad_request("Invalid cursor") from None
    at = next((place for place, (path, _) in enumerate(found) if path == last), None)
    return at + 1 if at is not None else sum(path < last for path, _ in found)


def _show(
    ask: Ask, rid: int, commit: history.Commit, found: list[tuple[str, Entry]], *, expand: bool
) -> list[dict[str, Any]]:
    touched = history.last_touched(ask.sql, rid, commit.oid, [path for path, _ in found]) if expand else {}
    shown = []
    for path, entry in found:
        one: dict[str, Any] = {
            "type": "directory" if entry.folder else "file",
            "oid": entry.oid,
            "size": 0,
            "path": path,
        }
        if not entry.folder:
            blob = history.blob(ask.sql, entry.oid)
            one["size"] = blob.length
            if blob.sha256:
                one["lfs"] = {"oid": blob.sha256, "size": blob.bytes, "pointerSize": blob.size}
        if last := touched.get(path):
            one["lastCommit"] = {"id": last.oid, "title": last.title, "date": last.date}
            if not entry.folder:
                one["securityFileStatus"] = pickles.status(path, blob, ask.site.store.beginning)
        shown.append(one)
    return shown
