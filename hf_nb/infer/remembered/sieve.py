"""What is surely not on the disk, known without asking SQLite, which costs a tenth of a millisecond out of cold caches.

A Bloom filter of the marks in the file: a megabyte, whatever the answers weigh. The thread that writes reads on in it
each time (rows are numbered upwards). What it says counts for half a second, and only while the journal is as it was
then: another process may have written. Where it says "maybe", the file is asked.
"""

from __future__ import annotations

import os
import sqlite3
import struct
import time
from pathlib import Path

BITS = 1 << 23  # with half a million answers two new questions in a hundred are still looked up
HOLDS = 0.5  # seconds
AT_ONCE = 20_000  # rows read in one go
_PARTS = struct.Struct("<2I")  # of a mark, which is a hash already


class Sieve:
    """Of one file."""

    def __init__(self, path: Path) -> None:
        self._journal = f"{path}-wal"
        self.clear()

    def clear(self) -> None:
        """Nothing is known any more."""
        self._bits = bytearray(BITS // 8)
        self._last = 0
        self._until = 0.0
        self._stamp: tuple[int, int] | None = None

    def lacks(self, mark: bytes) -> bool:
        """It is not there; False where nobody knows."""
        if time.monotonic() > self._until or self._stamp is None or self._stamp != self._now():
            return False
        bits, (one, other) = self._bits, _PARTS.unpack_from(mark)
        there = bits[one >> 3 & _BYTES] >> (one & 7) & bits[other >> 3 & _BYTES] >> (other & 7) & 1
        return not there

    def read(self, connection: sqlite3.Connection) -> None:
        """What is new in the file; of a large one a part, and the rest another time."""
        began, stamp = time.monotonic(), self._now()
        highest = connection.execute("SELECT max(number) FROM answers").fetchone()[0] or 0
        if highest < self._last:  # emptied meanwhile, and numbered from one again
            self.clear()
        new = connection.execute(
            "SELECT number, mark FROM answers WHERE number > ? ORDER BY number LIMIT ?", (self._last, AT_ONCE)
        ).fetchall()
        if new:
            self._last = new[-1][0]
            self._add([mark for _, mark in new if type(mark) is bytes and len(mark) >= _PARTS.size])
        if self._last >= highest:
            self._until, self._stamp = began + HOLDS, stamp

    def _now(self) -> tuple[int, int] | None:
        """How the journal stands; None without one."""
        try:
            facts = os.stat(self._journal)  # noqa: PTH116 -- asked with every question
        except OSError:
            return None
        return facts.st_mtime_ns, facts.st_size

    def _add(self, marks: list[bytes]) -> None:
        bits, parts = self._bits, _PARTS.unpack_from
        for mark in marks:
            one, other = parts(mark)
            bits[one >> 3 & _BYTES] |= 1 << (one & 7)
            bits[other >> 3 & _BYTES] |= 1 << (other & 7)


_BYTES = BITS // 8 - 1
