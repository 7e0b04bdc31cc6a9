"""The large contents of a repository: which there are in its whole history, and how they are taken out of it."""

import json
import sqlite3
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import datetime

from hf_nb.offline import history, trees
from hf_nb.offline.blobs import Blob, Blobs
from hf_nb.offline.history import Commit

_KINDS = ("refs/heads/main", "refs/heads/", "refs/tags/", "refs/convert/", "refs/pr/")


@dataclass(frozen=True)
class Kept:
    """A large content under one of its names; `ref` is where it still stands, if anywhere."""

    path: str
    blob: Blob
    date: str
    ref: str | None


def every(sql: sqlite3.Connection, rid: int) -> list[Kept]:
    """Every large content any commit brought that a ref leads to, once, under a name it still has if there is one."""
    tips = _refs(sql, rid)
    standing: dict[tuple[str, str], str] = {}
    for name, oid in tips:
        for path, entry in trees.walk(sql, history.commit(sql, rid, oid).tree):
            standing.setdefault((path, entry.oid), name)
    found: dict[str, Kept] = {}
    for commit in _commits(sql, rid, tips):
        for path, blob in _brought(sql, rid, commit):
            kept = Kept(path, blob, commit.date, standing.get((path, blob.oid)))
            known = found.get(blob.oid)
            if blob.sha256 and (known is None or (kept.ref and not known.ref)):
                found[blob.oid] = kept
    return sorted(found.values(), key=lambda kept: kept.path)


def erase(sql: sqlite3.Connection, rid: int, gone: Container[str], *, rewrite: bool) -> set[str]:
    """Take contents (by the name git has for their pointers, or by their sha256) out; the sha256 of those found."""
    found = {kept.blob for kept in every(sql, rid) if kept.blob.oid in gone or kept.blob.sha256 in gone}
    digests = {blob.sha256 for blob in found if blob.sha256}
    for digest in digests:
        sql.execute("DELETE FROM uploads WHERE rid = ? AND sha256 = ?", (rid, digest))
    if rewrite and digests:
        oids = {
            row["oid"]
            for digest in digests
            for row in sql.execute("SELECT oid FROM blobs WHERE sha256 = ?", (digest,))
        }
        _rewrite(sql, rid, oids)
    return digests


def sweep(sql: sqlite3.Connection, blobs: Blobs, digests: set[str]) -> None:
    """Take contents off the disk that nobody may name any more; another Hub's, below an overlay, stay."""
    for digest in digests:
        named = sql.execute("SELECT 1 FROM uploads WHERE sha256 = ?", (digest,)).fetchone()
        shown = sql.execute("SELECT 1 FROM attachments WHERE sha256 = ?", (digest,)).fetchone()
        if named is None and shown is None:
            (blobs.folder / "sha256" / digest[:2] / digest).unlink(missing_ok=True)


def _rewrite(sql: sqlite3.Connection, rid: int, gone: Container[str]) -> None:
    """Every commit that has one of these files, and all that build on it, made anew without."""
    anew: dict[str, str] = {}
    for name, tip in _refs(sql, rid):
        for commit in reversed(list(history.ancestors(sql, rid, tip))):
            if commit.oid not in anew:
                anew[commit.oid] = _without(sql, rid, commit, anew.get(commit.parent or ""), gone)
        if anew[tip] != tip:
            sql.execute("UPDATE refs SET target = ? WHERE rid = ? AND name = ?", (anew[tip], rid, name))
    replaced = {old: new for old, new in anew.items() if old != new}
    for old in replaced:
        sql.execute("DELETE FROM commits WHERE rid = ? AND oid = ?", (rid, old))
        sql.execute("DELETE FROM changes WHERE rid = ? AND oid = ?", (rid, old))
    _retell(sql, rid, replaced)


def _without(
    sql: sqlite3.Connection, rid: int, commit: Commit, parent: str | None, gone: Container[str]
) -> str:
    files = trees.files(sql, commit.tree)
    left = {path: oid for path, oid in files.items() if oid not in gone}
    if len(left) == len(files) and parent == commit.parent:
        return commit.oid
    tree = trees.write(sql, left)
    message = f"{commit.title}\n\n{commit.message}".strip()
    oid = trees.commit_oid(tree, parent, commit.author, _seconds(commit.date), message)
    before = trees.files(sql, history.commit(sql, rid, parent).tree) if parent else {}
    sql.execute(
        "INSERT OR IGNORE INTO commits VALUES (?,?,?,?,?,?,?,?)",
        (rid, oid, parent, tree, commit.title, commit.message, commit.author, commit.date),
    )
    sql.executemany(
        "INSERT OR IGNORE INTO changes VALUES (?, ?, ?, ?)",
        [(rid, oid, path, kind) for path, kind in history.changed(before, left)],
    )
    return oid


def _retell(sql: sqlite3.Connection, rid: int, replaced: dict[str, str]) -> None:
    """What discussions say of commits stays true."""
    for table, column, keys in (
        ("discussions", "details", ("start", "mergeCommitId")),
        ("events", "data", ("oid",)),
    ):
        rows = sql.execute(f"SELECT DISTINCT {column} FROM {table} WHERE rid = ?", (rid,)).fetchall()  # noqa: S608 -- one of the two
        for (text,) in rows:
            said = json.loads(text)
            changed = {key: replaced[said[key]] for key in keys if said.get(key) in replaced}
            if changed:
                sql.execute(
                    f"UPDATE {table} SET {column} = ? WHERE rid = ? AND {column} = ?",  # noqa: S608 -- the same
                    (json.dumps(said | changed), rid, text),
                )


def _refs(sql: sqlite3.Connection, rid: int) -> list[tuple[str, str]]:
    rows = sql.execute("SELECT name, target FROM refs WHERE rid = ? ORDER BY name", (rid,)).fetchall()
    order = {
        row["name"]: next((n for n, kind in enumerate(_KINDS) if row["name"].startswith(kind)), 9)
        for row in rows
    }
    return sorted(((row["name"], row["target"]) for row in rows), key=lambda pair: order[pair[0]])


def _commits(sql: sqlite3.Connection, rid: int, tips: list[tuple[str, str]]) -> Iterator[Commit]:
    """Newest first along each ref, every one once."""
    seen: set[str] = set()
    for _, tip in tips:
        for commit in history.ancestors(sql, rid, tip):
            if commit.oid in seen:
                break
            seen.add(commit.oid)
            yield commit


def _brought(sql: sqlite3.Connection, rid: int, commit: Commit) -> Iterator[tuple[str, Blob]]:
    for row in sql.execute(
        "SELECT path FROM changes WHERE rid = ? AND oid = ? AND kind != 'D'", (rid, commit.oid)
    ).fetchall():
        entry = trees.find(sql, commit.tree, row["path"])
        if entry and not entry.folder:
            yield row["path"], history.blob(sql, entry.oid)


def _seconds(date: str) -> int:
    return int(datetime.fromisoformat(date).timestamp())
