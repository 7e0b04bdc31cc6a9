"""Room on the disk, or none: what writes asks here first, and reads never do."""

import errno
import os
import sqlite3
import threading
from collections.abc import Iterator
from typing import IO, Any, cast

# what says that a disk takes nothing more, whatever the reason
_SPENT = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
_SPENT_SQL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY})


class Room:
    """Bytes that may still be written; None is as many as the disk really takes."""

    def __init__(self) -> None:
        self.left: int | None = None
        self._lock = threading.Lock()

    def take(self, size: int) -> None:
        """Before `size` bytes are written: fails as the write would on a full disk."""
        with self._lock:
            if self.left is None:
                return
            if size > self.left or not self.left:
                self.left = 0
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            self.left -= size

    def guard(self, file: IO[bytes]) -> IO[bytes]:
        """A file that asks before it writes."""
        return cast("IO[bytes]", _Guarded(file, self))


class _Guarded:
    def __init__(self, file: IO[bytes], room: Room) -> None:
        self._file, self._room = file, room

    def write(self, piece: bytes) -> int:
        self._room.take(len(piece))
        return self._file.write(piece)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._file)

    def __enter__(self) -> IO[bytes]:
        return cast("IO[bytes]", self)

    def __exit__(self, *_: object) -> None:
        self._file.close()


def is_spent(wrong: BaseException | None) -> bool:
    """Whether an error, or what caused it, says that the disk takes nothing more."""
    while wrong is not None:
        if isinstance(wrong, OSError) and wrong.errno in _SPENT:
            return True
        # the low byte is the code, the rest says more precisely why
        if isinstance(wrong, sqlite3.Error) and (getattr(wrong, "sqlite_errorcode", 0) & 0xFF) in _SPENT_SQL:
            return True
        wrong = wrong.__cause__ or wrong.__context__
    return False
