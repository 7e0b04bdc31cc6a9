"""What one commit does to a branch: contents are on disk before, the tables change in the caller's transaction.

change = Change("Add weights", "me", now, put={"model.safetensors": blob}, delete=["old/"])
with database.writing() as sql:
    commit = apply(sql, blobs, rid, change, "refs/heads/main", expected=parent)
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hf_nb.errors import BadInput, NotFound, Refused
from hf_nb.offline import history, lfs, trees
from hf_nb.offline.blobs import Blob, Blobs
from hf_nb.offline.conflicts import Outdated
from hf_nb.offline.history import ATTRIBUTES, Commit
from hf_nb.offline.repos import stamp


@dataclass(frozen=True)
class Change:
    """One commit's content. A deletion that ends in "/" takes a whole folder."""

    title: str
    author: str
    date: datetime
    put: Mapping[str, Blob] = field(default_factory=dict)
    delete: Sequence[str] = ()
    description: str = ""

    @property
    def message(self) -> str:
        """As git keeps it."""
        return f"{self.title}\n\n{self.description}".strip()


class NoSuchFile(NotFound):
    """A deletion of what is not there."""


def apply(
    sql: sqlite3.Connection,
    blobs: Blobs,
    rid: int,
    change: Change,
    ref: str,
    *,
    expected: str | None = None,
    oid: str | None = None,
) -> Commit:
    """Put the change at the end of a branch, as one commit; `expected` is (the start of) the commit it builds on."""
    parent = history.target(sql, rid, ref)
    if parent is None:
        raise NotFound(f"There is no branch {ref.removeprefix('refs/heads/')!r}.", "Make it first.")
    if expected and not parent.startswith(expected):
        raise Outdated("The branch was updated since you opened this page. Please refresh and try again.")
    for path in change.put:
        history.checked_path(path)
    before = trees.files(sql, history.commit(sql, rid, parent).tree)
    files = without(before, change.delete) | {path: blob.oid for path, blob in change.put.items()}
    all_here(blobs, change.put.values())
    remember(sql, change.put.values())
    files |= _attributes(sql, blobs, files, change.put)
    no_file_is_a_folder(files)
    register(sql, rid, change.put.values(), change.date)
    return history.add(
        sql, rid, files, message=change.message, author=change.author, date=change.date, ref=ref, oid=oid
    )


def all_here(blobs: Blobs, put: Iterable[Blob]) -> None:
    """Contents come before their commit, and what nothing leads to yet may be cleared away in between (upkeep.py)."""
    if not all(blobs.holds(blob) for blob in put):
        raise Outdated(
            "A content of this commit has been cleared away since it was uploaded. Please upload it again."
        )


def remember(sql: sqlite3.Connection, blobs: Iterable[Blob]) -> None:
    """What is known of contents."""
    sql.executemany("INSERT OR IGNORE INTO blobs VALUES (?, ?, ?, ?)", [tuple(blob) for blob in blobs])


def register(sql: sqlite3.Connection, rid: int, blobs: Iterable[Blob], date: datetime) -> None:
    """Large contents this repository may name from now on: knowing a digest is no right to what it stands for."""
    sql.executemany(
        "INSERT OR IGNORE INTO uploads VALUES (?, ?, ?, ?)",
        [(rid, blob.sha256, blob.bytes, stamp(date)) for blob in blobs if blob.sha256],
    )


def without(files: Mapping[str, str], deletions: Iterable[str]) -> dict[str, str]:
    """The files that stay; a folder may be named without its slash."""
    left = dict(files)
    for gone in deletions:
        folder = gone.rstrip("/") + "/"
        inside = [gone] if gone in left else [path for path in left if path.startswith(folder)]
        if not inside:
            raise NoSuchFile(f"A file with this name doesn't exist: {gone}")
        for path in inside:
            del left[path]
    return left


def no_file_is_a_folder(files: Mapping[str, object]) -> None:
    """As in any file system."""
    for path in files:
        above = path.rpartition("/")[0]
        while above:
            if above in files:
                raise BadInput(f"{above!r} cannot be a file and a folder at once.")
            above = above.rpartition("/")[0]


def _attributes(
    sql: sqlite3.Connection, blobs: Blobs, files: Mapping[str, str], put: Mapping[str, Blob]
) -> dict[str, str]:
    """The .gitattributes with a line for each large file that no pattern covers."""
    large = {path for path, blob in put.items() if blob.sha256}
    if not large:
        return {}
    kept = files.get(ATTRIBUTES)
    try:
        text = blobs.read(history.blob(sql, kept)) if kept else b""
    except FileNotFoundError:
        lost = f"The content of {ATTRIBUTES} is missing from this Hub."
        raise Refused(lost, f"Upload {ATTRIBUTES} again, then this.") from None
    known = lfs.patterns(text)
    if missing := {path for path in large if not lfs.covered(path, known)}:
        extended = blobs.put_regular(lfs.with_paths(text, missing))
        remember(sql, [extended])
        return {ATTRIBUTES: extended.oid}
    return {}
