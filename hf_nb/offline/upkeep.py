"""Clearing away what nothing leads to: commits, trees and contents left by squashes, deletions and broken uploads.

    with alone(root):                                # no server may run; the serving process itself needs no lock
        freed = clear(store, timedelta(days=1))      # dry_run=True: only count

What a branch, a tag, a pull request or a conversation leads to stays, and so does all that is younger than the grace
period. A content goes while no commit can happen, and a commit looks whether its contents are still there: it may have
to be sent again, but never names what is gone.
"""

# ruff: noqa: S608 -- only words of this module are put into statements; every value is a parameter

import contextlib
import re
import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from stat import S_ISDIR
from typing import NamedTuple

from hf_nb.errors import BadInput, Refused
from hf_nb.offline import trees
from hf_nb.offline.blobs import ASIDE
from hf_nb.offline.repos import stamp
from hf_nb.offline.store import Store
from hf_nb.offline.xet.cas import Cas

GRACE = timedelta(days=1)
_OID = re.compile(r"\b[0-9a-f]{40}\b")
_ARRIVING = (
    3600  # seconds without a byte after which an upload counts as broken off, whatever the grace period
)
_AT_ONCE = 500  # contents removed while commits wait
_LED_TO = """
CREATE TEMP TABLE led AS WITH RECURSIVE led (rid, oid) AS (
    SELECT rid, target FROM refs
    UNION SELECT rid, oid FROM commits WHERE date >= :since
    UNION SELECT rid, oid FROM mentioned
    UNION SELECT c.rid, c.parent FROM led JOIN commits c USING (rid, oid) WHERE c.parent IS NOT NULL
) SELECT rid, oid FROM led
"""


@dataclass(frozen=True)
class Freed:
    """What was cleared away, or would be."""

    commits: int = 0
    trees: int = 0
    contents: int = 0
    bytes: int = 0
    leftovers: int = 0  # what was on its way and never arrived
    sent: int = 0  # bytes kept only so that nobody sends them through Xet a second time

    def __str__(self) -> str:
        parts = (f"{count:,} {word}" for word, count in list(asdict(self).items())[:3])
        return (
            f"{', '.join(parts)}, {self.leftovers:,} leftovers of uploads: {self.bytes + self.sent:,} bytes"
        )


class _Content(NamedTuple):
    """A file below `blobs/` that nothing names."""

    path: Path
    size: int


class _Rehearsed(Exception):
    """Take everything back: it was only to be counted."""


def clear(
    store: Store, older_than: timedelta = GRACE, *, dry_run: bool = False, cas: Cas | None = None
) -> Freed:
    """Remove what nothing leads to and what has not been touched for so long; `cas` is that of who serves it."""
    since = time.time() - max(older_than.total_seconds(), 0)
    commits = old = 0
    found: list[_Content] = []
    with contextlib.suppress(_Rehearsed), store.database.writing() as sql:
        refuse_if_built_upon(store.root)
        commits = _forget_commits(sql, datetime.fromtimestamp(since, UTC))
        old = _forget_trees(sql)
        found = _unnamed(store, sql, since)
        if dry_run:
            raise _Rehearsed
    left = list(_leftovers(store, min(since, time.time() - _ARRIVING)))
    if not dry_run:
        some = (found[at : at + _AT_ONCE] for at in range(0, len(found), _AT_ONCE))
        found = [one for few in some for one in _remove(store, few, since)]
        left = [one for one in left if _gone(one.path)]
    sent = cas.clear(since, dry_run=dry_run) if cas else 0
    return Freed(commits, old, len(found), sum(one.size for one in [*found, *left]), len(left), sent)


def clear_arrivals(*folders: Path) -> int:
    """What was on its way into folders when their server ended: nobody will send the rest. Only for who serves them."""
    left = [path for folder in folders if folder.is_dir() for path in folder.iterdir()]
    return sum(_gone(path) for path in left)


def refuse_if_built_upon(root: Path) -> None:
    """Overlays read their contents here, and this Hub cannot know which."""
    if upon := next(iter(Store.overlays_of(root)), None):
        raise Refused(
            f"{root} is what the Hub in {upon} started from, which still reads its contents here.",
            f"Delete {upon} first if it is no longer needed.",
        )


# -- tables


def _forget_commits(sql: sqlite3.Connection, since: datetime) -> int:
    sql.execute("CREATE TEMP TABLE mentioned (rid INTEGER, oid TEXT)")
    sql.executemany("INSERT INTO mentioned VALUES (?, ?)", _mentioned(sql))
    sql.execute(_LED_TO, {"since": stamp(since)})
    sql.execute("CREATE INDEX temp.by_led ON led (rid, oid)")
    gone = 0
    for table in ("changes", "commits"):
        led = f"SELECT 1 FROM led WHERE led.rid = {table}.rid AND led.oid = {table}.oid"
        gone = sql.execute(f"DELETE FROM {table} WHERE NOT EXISTS ({led})").rowcount
    for table in ("led", "mentioned"):
        sql.execute(f"DROP TABLE temp.{table}")
    return gone


def _mentioned(sql: sqlite3.Connection) -> Iterator[tuple[int, str]]:
    """Commits a conversation speaks of: a pull request shows what it changed long after it was merged."""
    said = (
        "SELECT rid, details AS text FROM discussions WHERE pull = 1"
        " UNION ALL SELECT rid, data FROM events WHERE kind != 'comment'"
    )
    for row in sql.execute(said):
        for oid in _OID.findall(row["text"]):
            yield row["rid"], oid


def _forget_trees(sql: sqlite3.Connection) -> int:
    """Trees no commit leads to, and what is known of contents no tree names."""
    seen: set[str] = set()
    named: set[str] = set()
    roots = [row[0] for row in sql.execute("SELECT DISTINCT tree FROM commits")]
    while roots:
        oid = roots.pop()
        if oid in seen:
            continue
        seen.add(oid)
        for entry in trees.read(sql, oid):
            (roots.append if entry.folder else named.add)(entry.oid)
    _delete_but(sql, "blobs", named)
    return _delete_but(sql, "trees", seen)


def _delete_but(sql: sqlite3.Connection, table: str, kept: set[str]) -> int:
    gone = [(row[0],) for row in sql.execute(f"SELECT oid FROM {table}") if row[0] not in kept]
    sql.executemany(f"DELETE FROM {table} WHERE oid = ?", gone)
    return len(gone)


# -- files


def _unnamed(store: Store, sql: sqlite3.Connection, since: float) -> list[_Content]:
    """Contents of this Hub's own that no tree names any more, and that have not been touched since."""
    named = _named(sql)
    return [
        _Content(path, found.st_size)
        for kind in ("sha1", "sha256")
        for path in (store.blobs.folder / kind).glob("??/*")
        if path.name not in named and (found := path.lstat()).st_mtime < since
    ]


def _named(sql: sqlite3.Connection) -> set[str]:
    """What a tree holds, or a conversation shows."""
    rows = sql.execute("SELECT oid, sha256 FROM blobs UNION ALL SELECT NULL, sha256 FROM attachments")
    return {name for row in rows for name in row if name}


def _remove(store: Store, found: Iterable[_Content], since: float) -> list[_Content]:
    """Take contents away while no commit can name them."""
    with store.database.writing() as sql:
        refuse_if_built_upon(store.root)
        named = _named(sql)
        gone = [one for one in found if one.path.name not in named and _taken(store, one.path, since)]
        names = {one.path.name for one in gone}
        rights = [tuple(row) for row in sql.execute("SELECT rid, sha256 FROM uploads") if row[1] in names]
        sql.executemany("DELETE FROM uploads WHERE rid = ? AND sha256 = ?", rights)
    return gone


def _taken(store: Store, path: Path, since: float) -> bool:
    """Whether it could be removed."""
    # moved before it is looked at: whoever keeps it touches it, and either we see that and bring it back, or they
    # find it gone and write it again
    away = store.blobs.incoming / f"away-{path.name}"
    try:
        path.replace(away)
    except FileNotFoundError:
        return False
    if away.lstat().st_mtime >= since:
        away.replace(path)
        return False
    away.unlink()
    return True


def _leftovers(store: Store, since: float) -> Iterator[_Content]:
    """Uploads that nobody has continued, and damaged contents put aside."""
    for folder in (store.blobs.incoming, store.blobs.folder / ASIDE):
        for path in folder.iterdir() if folder.is_dir() else ():
            every = [path, *(path.rglob("*") if path.is_dir() else ())]
            with contextlib.suppress(FileNotFoundError):  # it has just arrived
                stats = [one.lstat() for one in every]
                if max(one.st_mtime for one in stats) < since:
                    yield _Content(path, sum(one.st_size for one in stats if not S_ISDIR(one.st_mode)))


def _gone(path: Path) -> bool:
    """Remove a file or a folder."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
    return not path.exists()


_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def age(words: str) -> timedelta:
    """`90s`, `30m`, `12h` or `7d`; 0 needs no unit."""
    found = re.fullmatch(r"(\d{1,6})([smhd])", words.strip().lower() if words != "0" else "0s")
    if found is None:
        raise BadInput(f"{words!r} is no age.", "Give it as 30m, 12h or 7d.")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})
