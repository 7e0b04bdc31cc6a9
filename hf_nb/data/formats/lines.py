"""Where the rows of a text begin: sparsely remembered, found by reading on from the nearest place that is known."""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol

from hf_nb.data.files import meter
from hf_nb.errors import BadInput

if TYPE_CHECKING:
    import numpy

    from hf_nb.data.formats.texts import Text

EVERY = 64_000  # bytes between two places that are remembered
MOST = 4_000_000  # read at a time
LONGEST = 256_000_000  # of one row


class Ends(Protocol):
    """How a text is cut into rows."""

    def __call__(self, piece: bytes, *, last: bool) -> numpy.ndarray[Any, Any]:
        """Just behind the end of each whole row in `piece`, which begins where a row may. Blank lines are no rows."""


class Lines:
    """Rows of a text as pieces of bytes. Thread-safe: two may walk at once."""

    def __init__(self, text: Text, ends: Ends, begin: int, first: int) -> None:
        self.text, self._ends, self._step = text, ends, first
        self._rows, self._offsets = array("q", [0]), array("q", [begin])
        self.total: int | None = None
        self._lock = threading.Lock()

    @property
    def seen(self) -> tuple[int, int]:
        """The last place that is known: its row, and its offset."""
        with self._lock:
            return self._rows[-1], self._offsets[-1]

    @property
    def average(self) -> float:
        """Bytes a row takes, as far as that was seen."""
        row, offset = self.seen
        return max(1.0, (offset - self._offsets[0]) / row) if row else 200.0

    def take(self, start: int, count: int) -> Iterator[bytes]:
        """Rows from `start`, in pieces of whole rows."""
        if count <= 0 or (self.total is not None and start >= self.total):
            return
        self._agreed(start)
        for first, piece, ends in self._walk(start, count):
            row, stop = max(start, first), min(start + count, first + len(ends))
            if stop > row:
                begin = int(ends[row - first - 1]) if row > first else 0
                yield piece[begin : int(ends[stop - first - 1])]
            if first + len(ends) >= start + count:
                return

    def first(self) -> bytes:
        """The rows that lie in the first bytes: nothing else is read."""
        for _, piece, ends in self._walk(0, 1):
            return piece[: int(ends[-1])]
        return b""

    def count(self) -> int:
        """How many rows: reads on to the end."""
        if self.total is None:
            row, offset = self.seen
            rest = (self.text.size or 0) - offset
            if self.text.remote and rest > 0:
                meter.may(self.text.cost(offset, rest), f"Counting the rows of {self.text.name}")
            for first, _, ends in self._walk(row, 1 << 60):
                row = first + len(ends)
            self.total = row
        return self.total

    def cost(self, start: int, count: int) -> int:
        """Bytes moved for rows from `start`: to get there, and them."""
        _, offset = self._before(start)
        return self.text.cost(offset, self._bytes(start, count))

    def places(self) -> list[tuple[int, int]]:
        """Every place that is remembered: row and offset."""
        with self._lock:
            return list(zip(self._rows, self._offsets, strict=True))

    def _bytes(self, start: int, count: int) -> int:
        row, _ = self._before(start)
        return int((start - row + count) * self.average * 1.1) + 1_000

    def _agreed(self, start: int) -> None:
        """A far jump into what was never read is refused before it begins, where it takes more than was agreed."""
        row, offset = self.seen
        if self.text.remote and start > row:
            far = int((start - row) * self.average)
            if far > MOST:
                meter.may(self.text.cost(offset, far), f"Finding row {start:,} of {self.text.name}")

    def _before(self, row: int) -> tuple[int, int]:
        with self._lock:
            at = bisect_right(self._rows, row) - 1
            return self._rows[at], self._offsets[at]

    def _walk(self, start: int, count: int) -> Iterator[tuple[int, bytes, numpy.ndarray[Any, Any]]]:
        """From the nearest known place on: the number of a piece's first row, its bytes, and where its rows end."""
        row, offset = self._before(start)
        step = self._reach(offset, self._bytes(start, count))
        while True:
            meter.look()
            piece = self.text.at(offset, step)
            last = len(piece) < step
            ends = self._ends(piece, last=last)
            if len(ends):
                yield row, piece, ends
                self._remember(row, offset, ends)
                row, offset = row + len(ends), offset + int(ends[-1])
            if last:
                self.total = row
                return
            if not len(ends) and step >= LONGEST:
                raise BadInput(
                    f"Row {row + 1:,} of {self.text.name} does not end: a quote may not be closed.",
                    'Say that there are none: "quotechar": ""',
                )
            step = self._reach(offset, min(MOST, step * 2)) if len(ends) else step * 4

    def _reach(self, offset: int, wanted: int) -> int:
        """How much to read at once: from another machine up to where a block ends, and no more than is needed."""
        if not self.text.remote:
            return min(MOST, max(self._step, wanted))
        return -(-(offset + min(MOST, wanted)) // self._step) * self._step - offset

    def _remember(self, row: int, offset: int, ends: numpy.ndarray[Any, Any]) -> None:
        import numpy

        with self._lock:
            known = self._offsets[-1]
            marks = numpy.arange(max(known, offset) + EVERY, offset + int(ends[-1]) + EVERY, EVERY) - offset
            for at in numpy.unique(numpy.searchsorted(ends, marks).clip(0, len(ends) - 1)):
                if offset + int(ends[at]) > self._offsets[-1]:
                    self._rows.append(row + int(at) + 1)
                    self._offsets.append(offset + int(ends[at]))
