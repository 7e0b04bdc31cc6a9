"""Numbers of rows: four bytes each, while a table has fewer than 2^32. They grow while they are looked at."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy

FEW = 2**32


class Numbers:
    """Ascending or in any order; thread-safe."""

    def __init__(self) -> None:
        self._pieces: list[numpy.ndarray] = []
        self._ends: list[int] = []
        self._lock = threading.Lock()

    def __len__(self) -> int:
        ends = self._ends
        return ends[-1] if ends else 0

    @property
    def bytes(self) -> int:
        """What they take."""
        return sum(int(piece.nbytes) for piece in self._pieces)

    def add(self, rows: numpy.ndarray) -> None:
        """More of them, behind the others."""
        if len(rows):
            with self._lock:
                self._pieces.append(rows)
                self._ends.append(len(self) + len(rows))

    def some(self, offset: int, limit: int) -> list[int]:
        """Those from `offset`: as many, or fewer at the end."""
        import numpy

        with self._lock:
            pieces, ends = list(self._pieces), list(self._ends)
        at = int(numpy.searchsorted(ends, offset, side="right")) if ends else 0
        found: list[int] = []
        while at < len(pieces) and len(found) < limit:
            start = offset + len(found) - (ends[at - 1] if at else 0)
            found += pieces[at][start : start + limit - len(found)].tolist()
            at += 1
        return found

    def all(self) -> numpy.ndarray:
        """As one array; kept as one from now on."""
        import numpy

        with self._lock:
            if len(self._pieces) != 1:
                whole = numpy.concatenate(self._pieces) if self._pieces else numpy.empty(0, numpy.uint32)
                self._pieces, self._ends = [whole], [len(whole)]
            return self._pieces[0]
