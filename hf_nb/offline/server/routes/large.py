"""The large contents of a repository: listed, taken out for good, handed to another repository."""

import sqlite3
from typing import Any

from hf_nb.offline import changes, large, people
from hf_nb.offline.blobs import Blob
from hf_nb.offline.server import fields, refusals
from hf_nb.offline.server.answers import Answer, as_json, as_text
from hf_nb.offline.server.ask import Ask
from hf_nb.offline.server.refusals import bad_request

_PAGE, _MOST = 1000, 1000


def listing(ask: Ask) -> Answer:
    """`GET …/lfs-files`: every one of every branch's whole history."""
    row = ask.writable()
    found = large.every(ask.sql, row["rid"])
    at, limit = ask.number("p", 0, 10**9, least=0), ask.number("limit", _PAGE, _PAGE)
    more = (at + 1) * limit < len(found)
    return as_json(
        [_shown(kept) for kept in found[at * limit : (at + 1) * limit]],
        headers=ask.next_link(p=str(at + 1), limit=str(limit)) if more else None,
    )


def erase(ask: Ask) -> Answer:
    """`POST …/lfs-files/batch`: without their contents, and on request without a trace in the history."""
    row = ask.writable()
    given = ask.json().get("deletions")
    named = given.get("sha") if isinstance(given, dict) else None
    if (
        not isinstance(given, dict)
        or not isinstance(named, list)
        or len(named) > _MOST
        or not all(isinstance(one, str) for one in named)
    ):
        raise bad_request(f'"deletions" must hold a list "sha" of at most {_MOST}')
    rewrite = fields.flag(given, "rewriteHistory", default=True)
    return _erased(ask, row["rid"], set(named), rewrite=rewrite)


def erase_one(ask: Ask) -> Answer:
    """`DELETE …/lfs-files/{sha}`."""
    return _erased(ask, ask.writable()["rid"], {ask.names["sha"]}, rewrite=ask.flag("rewriteHistory"))


def duplicate(ask: Ask) -> Answer:
    """`POST …/lfs-files/duplicate`: another repository may name what the caller can read in this one."""
    source, given = ask.readable(), ask.json()
    ask.participant()
    target = _target(ask, given.get("target"))
    files = given.get("files")
    if not isinstance(files, list) or len(files) > _MOST or not all(isinstance(one, dict) for one in files):
        raise bad_request(f'"files" must be a list of at most {_MOST}')
    here = {kept.blob.sha256: kept.blob for kept in large.every(ask.sql, source["rid"])}
    failed: list[dict[str, Any]] = []
    taken: list[Blob] = []
    for one in files:
        sha256 = fields.text(one, "sha256", 64)
        if sha256 in here and ask.site.store.may_name(source["rid"], sha256) is not None:
            taken.append(here[sha256])
        else:
            failed.append({"sha256": sha256, "error": "There is no such file in the source repository"})
    with ask.database.writing() as sql:
        changes.register(sql, target["rid"], taken, ask.now())
    return as_json({"success": not failed, "failed": failed})


def _target(ask: Ask, given: Any) -> sqlite3.Row:
    """The repository that is to receive them, if this caller may change it or propose changes to it."""
    if not isinstance(given, dict):
        raise bad_request('"target" must be an object')
    kind, id = fields.text(given, "type", 10), fields.text(given, "name", 200)
    row: sqlite3.Row | None = ask.database.one(
        "SELECT * FROM repos WHERE type = ? AND folded = ?", kind, id.lower()
    )
    if row is None or (row["private"] and not ask.who.rank(row["namespace"])):
        raise refusals.repo_not_found(ask.who)
    if row["disabled"] or (
        row["gated"] and not people.granted(ask.sql, row["rid"], row["namespace"], ask.who)
    ):
        raise refusals.not_allowed()
    return row


def _erased(ask: Ask, rid: int, named: set[str], *, rewrite: bool) -> Answer:
    if not ask.site.store.erase(rid, named, rewrite=rewrite):
        raise refusals.not_found("None of these files is in this repository")
    return as_text("OK")


def _shown(kept: large.Kept) -> dict[str, Any]:
    found = {
        "fileOid": kept.blob.oid,
        "filename": kept.path,
        "oid": kept.blob.sha256,
        "pushedAt": kept.date,
        "size": kept.blob.bytes,
    }
    return found | ({"ref": kept.ref} if kept.ref else {})
