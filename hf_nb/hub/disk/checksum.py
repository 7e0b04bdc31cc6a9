"""Whether a file is what its name in the cache says: git's SHA-1 of a small one, the SHA-256 of a large one."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

_PIECE = 1 << 20
GIT, SHA256 = 40, 64


def of(path: Path, like: str) -> str:
    """The checksum of a file, of the sort that `like` is."""
    made = hashlib.sha256() if len(like) == SHA256 else hashlib.sha1(usedforsecurity=False)
    if len(like) == GIT:
        made.update(f"blob {path.stat().st_size}\0".encode())
    before = path.stat()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            made.update(piece)
    with contextlib.suppress(OSError):  # looking at it is no use of it: the longest unused goes first
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    return made.hexdigest()


def sound(path: Path, expected: str) -> bool:
    """Whether the file is whole; what has no checksum for a name is not judged."""
    if len(expected) not in (GIT, SHA256) or not set(expected) <= set("0123456789abcdef"):
        return True
    try:
        return of(path, expected) == expected
    except FileNotFoundError:
        return False
