"""What differs between two sets of files, as git prints it."""

import difflib
import itertools
import sqlite3
from collections.abc import Mapping

from hf_nb.offline import history, trees
from hf_nb.offline.blobs import Blobs
from hf_nb.offline.history import Commit

_LONGEST = 1 << 20


def unified(sql: sqlite3.Connection, blobs: Blobs, first: Commit, second: Commit) -> str:
    """A unified diff from one commit to another."""
    before, after = trees.files(sql, first.tree), trees.files(sql, second.tree)
    return "".join(
        itertools.chain.from_iterable(
            _file(blobs, path, kind, before, after) for path, kind in history.changed(before, after)
        )
    )


def _file(
    blobs: Blobs, path: str, kind: str, before: Mapping[str, str], after: Mapping[str, str]
) -> list[str]:
    old, new = before.get(path), after.get(path)
    lines = [f"diff --git a/{path} b/{path}\n"]
    if kind != "M":
        lines.append(f"{'new' if kind == 'A' else 'deleted'} file mode 100644\n")
    lines.append(
        f"index {(old or '0' * 40)[:7]}..{(new or '0' * 40)[:7]}{' 100644' if kind == 'M' else ''}\n"
    )
    texts = [_text(blobs, oid) for oid in (old, new)]
    if None in texts:
        return [*lines, f"Binary files a/{path} and b/{path} differ\n"]
    ends = (f"a/{path}" if old else "/dev/null", f"b/{path}" if new else "/dev/null")
    changes = difflib.unified_diff(texts[0] or [], texts[1] or [], *ends)
    return [*lines, *itertools.chain.from_iterable(_whole(line) for line in changes)]


def _text(blobs: Blobs, oid: str | None) -> list[str] | None:
    """What git itself keeps (for LFS the pointer), in lines; None for what is not text."""
    if oid is None:
        return []
    path = blobs.path("sha1", oid)
    content = path.read_bytes() if path.stat().st_size <= _LONGEST else b"\0"
    try:
        return None if b"\0" in content else content.decode().splitlines(keepends=True)
    except UnicodeDecodeError:
        return None


def _whole(line: str) -> list[str]:
    return [line] if line.endswith("\n") else [line + "\n", "\\ No newline at end of file\n"]
