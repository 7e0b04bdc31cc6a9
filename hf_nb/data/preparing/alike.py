"""Which rows are the same, and which nearly: numbers of all of them first, then the few that may be alike.

Rows of a second table are numbered on from the first one's (`boundary`), and only pairs across are looked for.

A row takes about 40 bytes of memory while all are compared, and 200 bytes of a temporary folder.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hf_nb.data.files import meter
from hf_nb.data.preparing import shingles, texts
from hf_nb.data.preparing.spool import Spool
from hf_nb.data.query.take import take
from hf_nb.values.rows import plain, python

if TYPE_CHECKING:
    import numpy
    import pyarrow

    from hf_nb.data.source import Source

KEPT = 64_000_000  # characters of texts that stay in memory; beyond, those that may be alike are read again
MOST = 5_000_000  # pairs that are compared
FEW = 24  # of rows that share a number, so many are compared all with all
AT_ONCE = 4_096  # pairs
TAKEN = 256  # rows that are read again at a time: each may come with as many neighbours

Pair = tuple[int, int, float]


@dataclass
class Texts:
    """The texts of rows, again: from memory where they are few."""

    source: Source
    columns: Sequence[str]
    first: int = 0
    _kept: dict[int, str] | None = field(default_factory=dict)
    _signs: int = 0

    def keep(self, row: int, text: str) -> None:
        """A plain text that may be asked for."""
        if self._kept is not None:
            self._signs += len(text)
            self._kept[row] = text
            if self._signs > KEPT:
                self._kept = None

    def have(self, rows: Sequence[int]) -> dict[int, str]:
        """Of these rows, by their number."""
        if self._kept is not None:
            return {row: self._kept[row] for row in rows}
        found: dict[int, str] = {}
        for at in range(0, len(rows), TAKEN):
            some = rows[at : at + TAKEN]
            again = texts.rows(take(self.source, [row - self.first for row in some], self.columns))
            found.update((row, shingles.plain(text)) for row, text in zip(some, again, strict=True))
        return found


def exact_keys(table: pyarrow.Table) -> numpy.ndarray:
    """128 bits of every row: of its cells, white space and ways of writing a letter set aside. Two numbers each."""
    import numpy

    columns = [_cells(column) for column in table.columns]
    made = b"".join(
        shingles.digest(b"".join(b"%d:%b" % (len(one), one) for one in row))
        for row in zip(*columns, strict=True)
    )
    return numpy.frombuffer(made, "<u8").reshape(-1, 2)


def _cells(column: pyarrow.ChunkedArray) -> list[bytes]:
    import pyarrow
    from pyarrow import types

    if texts.is_text(column.type):
        return [b"\0" if one is None else _same(str(one)) for one in python(column)]
    if not types.is_nested(column.type):
        try:
            said = column.cast(pyarrow.string()).to_pylist()
        except (pyarrow.ArrowException, ValueError):
            pass
        else:
            return [b"\0" if one is None else one.encode("utf-8", "replace") for one in said]
    return [
        b"\0"
        if one is None
        else one
        if isinstance(one, bytes)
        else json.dumps(plain(one), sort_keys=True).encode()
        for one in python(column)
    ]


def _same(text: str) -> bytes:
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.split()).encode("utf-8", "replace")


class Rows:
    """The numbers of all rows."""

    def __init__(self, spool: Spool, threshold: float | None) -> None:
        self.spool, self.count = spool, 0
        self.bands = None if threshold is None else shingles.bands(threshold)

    def add(self, table: pyarrow.Table, told: Texts | None) -> None:
        """Some rows more, compared by all their columns, and by the texts of some."""
        import numpy

        for name, column in zip(("high", "low"), exact_keys(table).T, strict=True):
            self.spool.add(name, numpy.ascontiguousarray(column))
        if self.bands is not None and told is not None:
            there = []
            for at, text in enumerate(texts.rows(table.select(list(told.columns)))):
                if said := shingles.plain(text):
                    there.append((self.count + at, said))
                    told.keep(self.count + at, said)
            self._add_texts(there)
        self.count += table.num_rows

    def _add_texts(self, there: list[tuple[int, str]]) -> None:
        import numpy

        if not there or self.bands is None:
            return
        said = [text for _, text in there]
        digests = numpy.frombuffer(
            b"".join(shingles.digest(one.encode("utf-8", "replace")) for one in said), "<u8"
        )
        self.spool.add("row", numpy.fromiter((row for row, _ in there), "int64", len(there)))
        for name, column in zip(("text high", "text low"), digests.reshape(-1, 2).T, strict=True):
            self.spool.add(name, numpy.ascontiguousarray(column))
        for band, column in enumerate(shingles.keys(said, self.bands)):
            self.spool.add(f"band {band}", column)

    def exact(self) -> Iterator[numpy.ndarray]:
        """Groups of rows that are the same, in order."""
        yield from _groups(self.spool.have("high"), self.spool.have("low"))

    def same_text(self) -> Iterator[numpy.ndarray]:
        """Groups of rows whose texts are the same but for capitals and punctuation."""
        rows = self.spool.have("row")
        for group in _groups(self.spool.have("text high"), self.spool.have("text low")):
            yield rows[group]

    def candidates(self, left_out: set[int], boundary: int | None = None) -> tuple[numpy.ndarray, bool]:
        """Pairs that may be alike, and whether there were too many of them. `left_out`: rows that are said already."""
        import numpy

        if self.bands is None:
            return numpy.empty((0, 2), "int64"), False
        rows = self.spool.have("row")
        use = numpy.flatnonzero(~numpy.isin(rows, numpy.fromiter(left_out, "int64", len(left_out))))
        rows = rows[use]
        found, full = numpy.empty((0, 2), "int64"), False
        for band in range(self.bands.count if len(rows) else 0):
            meter.look()
            new = [
                found,
                *(_pairs(rows[group], boundary) for group in _groups(self.spool.have(f"band {band}")[use])),
            ]
            found = numpy.unique(numpy.concatenate(new), axis=0)
            if len(found) > MOST:
                return found[:MOST], True
        return found, full


def _groups(*keys: numpy.ndarray) -> Iterator[numpy.ndarray]:
    """Places with the same keys, where there are several."""
    import numpy

    if len(keys[0]) < 2:
        return
    order = numpy.lexsort(keys[::-1])
    ends = numpy.zeros(len(order) - 1, bool)
    for one in keys:
        ends |= one[order[1:]] != one[order[:-1]]
    edges = numpy.concatenate(([0], numpy.flatnonzero(ends) + 1, [len(order)]))
    for at in numpy.flatnonzero(numpy.diff(edges) > 1):
        yield numpy.sort(order[edges[at] : edges[at + 1]])


def _pairs(rows: numpy.ndarray, boundary: int | None) -> numpy.ndarray:
    """All with all where they are few; else each with the first ones and the one before it."""
    import numpy

    if boundary is not None:
        here, there = rows[rows < boundary], rows[rows >= boundary]
        if len(here) * len(there) > FEW * FEW:
            here = here[:FEW]
        return numpy.stack(numpy.meshgrid(here, there, indexing="ij"), -1).reshape(-1, 2)
    if len(rows) <= FEW:
        one, other = numpy.triu_indices(len(rows), 1)
        return numpy.stack((rows[one], rows[other]), -1)
    near = numpy.stack((rows[:-1], rows[1:]), -1)
    first = [
        numpy.stack((numpy.full(len(rows) - at - 1, rows[at]), rows[at + 1 :]), -1) for at in range(FEW // 4)
    ]
    return numpy.concatenate((near, *first))


def verified(
    pairs: numpy.ndarray, threshold: float, told: Sequence[Texts], known: Any = None
) -> Iterator[Pair]:
    """Those that are alike, and how much. `known(one, other)`: whether it need not be worked out any more."""
    for first in range(0, len(pairs), AT_ONCE):
        meter.look()
        some = [(int(a), int(b)) for a, b in pairs[first : first + AT_ONCE]]
        if known is not None:
            some = [pair for pair in some if not known(*pair)]
        runs: dict[int, frozenset[str]] = {}
        for side, of in zip(told, _sides(some, told), strict=True):
            if of:
                runs.update((row, shingles.runs(text)) for row, text in side.have(of).items())
        for one, other in some:
            found = shingles.likeness(runs[one], runs[other])
            if found >= threshold:
                yield one, other, found


def _sides(pairs: Sequence[tuple[int, int]], told: Sequence[Texts]) -> list[list[int]]:
    """The rows of each table."""
    rows = sorted({row for pair in pairs for row in pair})
    if len(told) == 1:
        return [rows]
    boundary = told[1].first
    return [[row for row in rows if row < boundary], [row for row in rows if row >= boundary]]
