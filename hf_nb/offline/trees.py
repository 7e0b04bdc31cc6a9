"""Git's trees: a flat listing of paths turned into nested objects with git's own names, and back."""

import sqlite3
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from hf_nb.offline.blobs import git_oid

FILE, FOLDER = b"100644", b"40000"


class Entry(NamedTuple):
    """One line of a tree."""

    name: str
    oid: str
    folder: bool


def write(sql: sqlite3.Connection, files: Mapping[str, str]) -> str:
    """Keep the trees of `{path: blob oid}`; the name of the root."""
    here: dict[str, str] = {}
    below: dict[str, dict[str, str]] = {}
    for path, oid in files.items():
        first, slash, rest = path.partition("/")
        if slash:
            below.setdefault(first, {})[rest] = oid
        else:
            here[first] = oid
    entries = [Entry(name, oid, False) for name, oid in here.items()]
    entries += [Entry(name, write(sql, inside), True) for name, inside in below.items()]
    content = _encode(entries)
    oid = git_oid("tree", content)
    sql.execute("INSERT OR IGNORE INTO trees VALUES (?, ?)", (oid, content))
    return oid


def read(sql: sqlite3.Connection, oid: str) -> list[Entry]:
    """The lines of one tree, in git's order."""
    row = sql.execute("SELECT entries FROM trees WHERE oid = ?", (oid,)).fetchone()
    return list(_decode(bytes(row[0]))) if row else []


def walk(sql: sqlite3.Connection, oid: str, prefix: str = "") -> Iterator[tuple[str, Entry]]:
    """Every path at any depth, folders before what they hold."""
    for entry in read(sql, oid):
        path = prefix + entry.name
        yield path, entry
        if entry.folder:
            yield from walk(sql, entry.oid, path + "/")


def files(sql: sqlite3.Connection, oid: str) -> dict[str, str]:
    """`{path: blob oid}` of a whole tree."""
    return {path: entry.oid for path, entry in walk(sql, oid) if not entry.folder}


def find(sql: sqlite3.Connection, root: str, path: str) -> Entry | None:
    """What lies at a path; "" is the root itself."""
    found = Entry("", root, True)
    for part in [piece for piece in path.split("/") if piece]:
        if not found.folder:
            return None
        step = next((entry for entry in read(sql, found.oid) if entry.name == part), None)
        if step is None:
            return None
        found = step
    return found


def commit_oid(tree: str, parent: str | None, author: str, seconds: int, message: str) -> str:
    """The name git would give this commit."""
    who = f"{author} <{author}@users.noreply.huggingface.co> {seconds} +0000"
    lines = [
        f"tree {tree}",
        *([f"parent {parent}"] if parent else []),
        f"author {who}",
        f"committer {who}",
        "",
        message,
        "",
    ]
    return git_oid("commit", "\n".join(lines).encode())


def _encode(entries: list[Entry]) -> bytes:
    # git sorts folders as if their names ended in a slash
    entries.sort(key=lambda entry: (entry.name + "/" if entry.folder else entry.name).encode())
    return b"".join(
        (FOLDER if e.folder else FILE) + b" " + e.name.encode() + b"\0" + bytes.fromhex(e.oid)
        for e in entries
    )


def _decode(content: bytes) -> Iterator[Entry]:
    at = 0
    while at < len(content):
        space = content.index(b" ", at)
        end = content.index(b"\0", space)
        yield Entry(
            content[space + 1 : end].decode(), content[end + 1 : end + 21].hex(), content[at:space] == FOLDER
        )
        at = end + 21
