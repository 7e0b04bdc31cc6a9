"""Commits, branches and tags of one repository."""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from hf_nb.errors import BadInput, NotFound
from hf_nb.offline import lfs, trees
from hf_nb.offline.blobs import Blob, Blobs, Content
from hf_nb.offline.conflicts import Exists
from hf_nb.offline.repos import stamp

ATTRIBUTES = ".gitattributes"
MAIN = "refs/heads/main"
_HEX = re.compile(r"[0-9a-f]{7,40}")
_REF = re.compile(
    r"(?!.*(?:\.\.|//|@\{|\.lock$|[\x00-\x20~^:?*\[\\\x7f]))[^/.-][^\x00]{0,200}(?<![./])|[A-Za-z0-9]"
)


@dataclass(frozen=True)
class Commit:
    """One line of a repository's history."""

    oid: str
    parent: str | None
    tree: str
    title: str
    message: str
    author: str
    date: str


class BadPath(BadInput):
    """What git would not take as the name of a file."""


def add(
    sql: sqlite3.Connection,
    rid: int,
    files: Mapping[str, str],
    *,
    message: str,
    author: str,
    date: datetime,
    ref: str = "refs/heads/main",
    oid: str | None = None,
) -> Commit:
    """Put a commit holding exactly `files` at the end of a branch."""
    parent = target(sql, rid, ref)
    before = trees.files(sql, commit(sql, rid, parent).tree) if parent else {}
    tree = trees.write(sql, files)
    title, _, rest = message.partition("\n")
    made = Commit(
        oid or trees.commit_oid(tree, parent, author, int(date.timestamp()), message),
        parent,
        tree,
        title.strip(),
        rest.strip(),
        author,
        stamp(date),
    )
    known = sql.execute("SELECT 1 FROM commits WHERE rid = ? AND oid = ?", (rid, made.oid)).fetchone()
    if known and oid:
        raise BadInput(f"The commit {oid} exists already.")
    if not known:  # git too has one commit where two branches receive the same change in the same second
        sql.execute(
            "INSERT INTO commits VALUES (?,?,?,?,?,?,?,?)",
            (rid, made.oid, parent, tree, made.title, made.message, author, made.date),
        )
        sql.executemany(
            "INSERT INTO changes VALUES (?, ?, ?, ?)",
            [(rid, made.oid, path, kind) for path, kind in changed(before, files)],
        )
    set_ref(sql, rid, ref, made.oid)
    return made


def set_ref(sql: sqlite3.Connection, rid: int, ref: str, oid: str, message: str | None = None) -> None:
    """Let a name point at a commit."""
    sql.execute("INSERT OR REPLACE INTO refs VALUES (?, ?, ?, ?)", (rid, ref, oid, message))


def squash(
    sql: sqlite3.Connection, rid: int, ref: str, *, message: str, author: str, date: datetime
) -> Commit:
    """Replace a branch's commits by one that holds its files."""
    tip = target(sql, rid, ref)
    if tip is None:
        raise NotFound(f"There is no branch {ref.removeprefix('refs/heads/')!r}.")
    files = trees.files(sql, commit(sql, rid, tip).tree)
    sql.execute("DELETE FROM refs WHERE rid = ? AND name = ?", (rid, ref))
    return add(sql, rid, files, message=message, author=author, date=date, ref=ref)


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(path, "A" | "M" | "D") for what differs."""
    for path in sorted(before.keys() | after.keys()):
        if before.get(path) != after.get(path):
            yield path, "A" if path not in before else "D" if path not in after else "M"


def commit(sql: sqlite3.Connection, rid: int, oid: str) -> Commit:
    """One commit."""
    row = sql.execute(
        "SELECT oid, parent, tree, title, message, author, date FROM commits WHERE rid = ? AND oid = ?",
        (rid, oid),
    ).fetchone()
    if row is None:
        raise NotFound(f"There is no commit {oid}.")
    return Commit(*row)


def ancestors(sql: sqlite3.Connection, rid: int, oid: str) -> Iterator[Commit]:
    """A commit and everything before it, newest first."""
    step: str | None = oid
    while step:
        found = commit(sql, rid, step)
        yield found
        step = found.parent


def resolve(sql: sqlite3.Connection, rid: int, revision: str) -> Commit | None:
    """The commit a branch, a tag, a full ref, HEAD or (the start of) a sha means."""
    names = (
        ["refs/heads/main"]
        if revision == "HEAD"
        else [f"refs/heads/{revision}", f"refs/tags/{revision}", revision]
    )
    for name in names:
        if oid := target(sql, rid, name):
            return commit(sql, rid, oid)
    if _HEX.fullmatch(revision):
        rows = sql.execute(
            "SELECT oid FROM commits WHERE rid = ? AND oid >= ? AND oid < ? LIMIT 2",
            (rid, revision, revision + "g"),
        ).fetchall()
        if len(rows) == 1:
            return commit(sql, rid, rows[0]["oid"])
    return None


def target(sql: sqlite3.Connection, rid: int, ref: str) -> str | None:
    """Where a ref points."""
    row = sql.execute("SELECT target FROM refs WHERE rid = ? AND name = ?", (rid, ref)).fetchone()
    return row["target"] if row else None


def point(
    sql: sqlite3.Connection,
    rid: int,
    kind: str,
    name: str,
    revision: str,
    message: str | None = None,
    *,
    over: bool = False,
) -> str:
    """Make a branch (`heads`) or a tag (`tags`); `over` one that is there, if so wished."""
    found = resolve(sql, rid, revision)
    if found is None:
        raise NotFound(f"There is no revision {revision!r}.")
    if not _REF.fullmatch(name):
        raise BadInput(f"{name!r} cannot name a branch or a tag.")
    if not over and target(sql, rid, f"refs/{kind}/{name}"):
        raise Exists(f"Reference refs/{kind}/{name} already exists")
    set_ref(sql, rid, f"refs/{kind}/{name}", found.oid, message)
    return found.oid


def unpoint(sql: sqlite3.Connection, rid: int, kind: str, name: str) -> None:
    """Take a branch or a tag away; its commits stay until what nothing leads to is cleared."""
    if (kind, name) == ("heads", "main"):
        raise BadInput("Cannot delete refs/heads/main: the main branch is there for good.")
    if not sql.execute("DELETE FROM refs WHERE rid = ? AND name = ?", (rid, f"refs/{kind}/{name}")).rowcount:
        raise NotFound(f"There is no {'branch' if kind == 'heads' else 'tag'} {name!r}.")


def last_touched(sql: sqlite3.Connection, rid: int, oid: str, paths: Iterable[str]) -> dict[str, Commit]:
    """For files and folders alike, the newest commit that changed them or what they hold."""
    missing = set(paths)
    found: dict[str, Commit] = {}
    for step in ancestors(sql, rid, oid):
        if not missing:
            break
        for row in sql.execute("SELECT path FROM changes WHERE rid = ? AND oid = ?", (rid, step.oid)):
            for path in _upwards(row["path"]):
                if path in missing:
                    found[path] = step
                    missing.discard(path)
    return found


def blob(sql: sqlite3.Connection, oid: str) -> Blob:
    """What is known of a content."""
    row = sql.execute("SELECT oid, size, sha256, bytes FROM blobs WHERE oid = ?", (oid,)).fetchone()
    if row is None:
        raise NotFound(f"There is no blob {oid}.")
    return Blob(*row)


def blobs_of(sql: sqlite3.Connection, tree: str) -> dict[str, Blob]:
    """`{path: blob}` of a whole tree."""
    return {path: blob(sql, oid) for path, oid in trees.files(sql, tree).items()}


def keep(blobs: Blobs, additions: Mapping[str, Content], attributes: bytes) -> dict[str, Blob]:
    """Put contents on disk: as LFS where the attributes say so or they are large."""
    given = additions.get(ATTRIBUTES)
    if given is not None:
        attributes = given if isinstance(given, bytes) else given.read_bytes()
    known = lfs.patterns(attributes)
    with blobs.together():
        return {
            path: blobs.put(content, lfs=path != ATTRIBUTES and lfs.large(path, _size(content), known))
            for path, content in additions.items()
        }


def _size(content: Content) -> int:
    return len(content) if isinstance(content, bytes) else content.stat().st_size


def checked_path(path: str) -> str:
    """A path git would accept inside a repository."""
    parts = path.split("/")
    if (
        not path
        or len(path) > 1024
        or "\0" in path
        or path.startswith(("..\\", "\\"))
        or any(part in ("", ".", "..", ".git") for part in parts)
    ):
        raise BadPath(f"{path!r} cannot be a path in a repository.")
    return path


def _upwards(path: str) -> Iterator[str]:
    while path:
        yield path
        path = path.rpartition("/")[0]
