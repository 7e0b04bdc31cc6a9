"""What differs between two sets of files, as git prints it."""

import difflib
import itertools
import sqlite3
from collections.abc import Iterator, Mapping

from hf_nb.offline import history, trees
from hf_nb.offline.blobs import Blobs
from hf_nb.offline.history import Commit

_LONGEST = 1 << 20


def unified(sql: sqlite3.Connection, blobs: Blobs, first: Commit, second: Commit) -> str:
    """A unified diff from one commit to another."""
    return "".join(lines(sql, blobs, first, second))


def lines(
    sql: sqlite3.Connection, blobs: Blobs, first: Commit | None, second: Commit, *, longest: int = _LONGEST
) -> Iterator[str]:
    """The same line by line, a file read when it is come to; longer texts count as binary, no commit as no files."""
    before = trees.files(sql, first.tree) if first else {}
    after = trees.files(sql, second.tree)
    for path, kind in history.changed(before, after):
        yield from _file(blobs, path, kind, before, after, longest)


def _file(
    blobs: Blobs, path: str, kind: str, before: Mapping[str, str], after: Mapping[str, str], longest: int
) -> list[str]:
    old, new = before.get(path), after.get(path)
    head = [f"diff --git a/{path} b/{path}\n"]
    if kind != "M":
        head.append(f"{'new' if kind == 'A' else 'deleted'} file mode 100644\n")
    head.append(f"index {(old or '0' * 40)[:7]}..{(new or '0' * 40)[:7]}{' 100644' if kind == 'M' else ''}\n")
    texts = [_text(blobs, oid, longest) for oid in (old, new)]
    if None in texts:
        return [*head, f"Binary files a/{path} and b/{path} differ\n"]
    ends = (f"a/{path}" if old else "/dev/null", f"b/{path}" if new else "/dev/null")
    changes = difflib.unified_diff(texts[0] or [], texts[1] or [], *ends)
    return [*head, *itertools.chain.from_iterable(_whole(line) for line in changes)]


def _text(blobs: Blobs, oid: str | None, longest: int) -> list[str] | None:
    """What git itself keeps (for LFS the pointer), in lines; None for what is not text, or is lost."""
    if oid is None:
        return []
    path = blobs.path("sha1", oid)
    try:
        content = path.read_bytes() if path.stat().st_size <= longest else b"\0"
        return None if b"\0" in content else content.decode().splitlines(keepends=True)
    except (UnicodeDecodeError, FileNotFoundError):
        return None


def _whole(line: str) -> list[str]:
    return [line] if line.endswith("\n") else [line + "\n", "\\ No newline at end of file\n"]
