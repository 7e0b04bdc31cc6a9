"""The bytes that a number of reads move, one after another: what an earlier one brought, a later one does not.

A page may hold rows of two blocks, and a dictionary is needed by many. Adding up what each read would cost by itself
counts those several times; the cost of all rows at once counts gaps that single reads do not fill.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from hf_nb.data.parquet import Parquet, plan

if TYPE_CHECKING:
    from hf_nb.data.files.file import Range
    from hf_nb.data.source import Source

Span = tuple[int, int]  # from which row, and how many


class Cost:
    """Of reads over one source, which remembers those it was asked about."""

    def __init__(self, source: Source, columns: Sequence[str]) -> None:
        self.source, self.columns = source, columns
        self._starts = [0]
        for part in source.parts:
            self._starts.append(self._starts[-1] + part.count())
        self._seen: list[set[Range]] = [set() for _ in source.parts]

    def of(self, read: Span) -> int:
        """Bytes that this one adds."""
        return sum(self._part(at, start, count) for at, start, count in self._within(read))

    def _within(self, read: Span) -> Iterator[tuple[int, int, int]]:
        first, end = read[0], sum(read)
        at = bisect.bisect_right(self._starts, first) - 1
        while at < len(self._starts) - 1 and self._starts[at] < end:
            begin, stop = max(first, self._starts[at]), min(end, self._starts[at + 1])
            if begin < stop:
                yield at, begin - self._starts[at], stop - begin
            at += 1

    def _part(self, at: int, start: int, count: int) -> int:
        part = self.source.parts[at]
        if not isinstance(part, Parquet):
            return part.cost(start, count, self.columns)
        new = [one for one in _ranges(part, start, count, self.columns) if one not in self._seen[at]]
        self._seen[at].update(new)
        return part.file.cost(new)


def _ranges(part: Parquet, start: int, count: int, columns: Sequence[str]) -> list[Range]:
    """What reading these rows asks the file for."""
    footer, names = part.footer, part.schema.names
    wanted = plan.wants(footer, start, count, [names.index(name) for name in columns])
    known = part.fetch.index([want for want in wanted if not plan.is_whole(footer, want)])
    found: list[Range] = []
    for want in wanted:
        pages = known.get(want.key)
        if pages is None:
            found.append(footer.chunks(want.group)[want.leaf.number].span)
        else:
            found += plan.pick(want, pages).ranges
    return found
