"""Where the pages of a column chunk lie, and which rows each holds.

Said by the chunk's offset index; where there is none, learnt by walking from header to header, and remembered.
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field

from hf_nb.data.files.file import Range
from hf_nb.data.parquet import levels, thrift
from hf_nb.data.parquet.footer import Chunk
from hf_nb.data.parquet.thrift import Malformed, Short
from hf_nb.errors import TooLarge

DATA, INDEX, DICTIONARY, DATA_V2 = range(4)
_DICTIONARY_CODES = (2, 8)
# Unpacked, one page may be so large; decoding it needs that much memory.
LARGEST = 1 << 29
_HEADER = 8 * 1024 * 1024  # a header with statistics of long texts; a longer one is none


@dataclass(frozen=True)
class Header:
    """What a page says of itself. `size`: of the header. `rows` where it says so."""

    kind: int
    size: int
    body: int
    unpacked: int
    values: int
    encoding: int
    rows: int | None
    repetitions: int  # how its repetition levels are written (v1)

    @property
    def needs_dictionary(self) -> bool:
        """Whether its values are numbers of a dictionary's entries."""
        return self.encoding in _DICTIONARY_CODES


@dataclass(frozen=True)
class Page:
    """A page, or several of which the later ones begin within a row: bytes, and rows counted within the row group."""

    span: Range
    row: int
    rows: int


@dataclass
class Pages:
    """The pages of one chunk, as far as they are known."""

    chunk: Chunk
    rows: int
    pages: list[Page] = field(default_factory=list)
    dictionary: Range | None = None
    complete: bool = False
    unknown: bool = False  # which rows a page holds cannot be told
    at: int = 0  # where the next page begins
    values: int = 0

    def __post_init__(self) -> None:
        self.at = self.at or self.chunk.span.begin

    @property
    def covered(self) -> int:
        """Rows whose pages are known. Without its successor nobody knows where a page's last row ends."""
        if self.complete:
            return self.rows
        if not self.pages:
            return 0
        last = self.pages[-1]
        return last.row if self.chunk.leaf.repetition else last.row + last.rows

    def of(self, begin: int, end: int) -> tuple[int, int]:
        """From which page up to which one rows from `begin` up to `end` are held."""
        first = bisect.bisect_right(self.pages, begin, key=lambda page: page.row) - 1
        # pages without rows may stand before one with the same first row
        last = bisect.bisect_left(self.pages, end, key=lambda page: page.row)
        return max(0, first), last

    def feed(self, raw: bytes, base: int) -> None:
        """Walk on through the file's bytes from `base`; stops where they end."""
        while not self.complete and not self.unknown:
            if self.values >= self.chunk.values or self.at >= self.chunk.span.end:
                self._end()
                return
            try:
                self._step(raw, base)
            except Short:
                if self.at - base + _HEADER < len(raw):
                    raise
                return

    def _step(self, raw: bytes, base: int) -> None:
        if not 0 <= self.at - base < len(raw):
            raise Short("not here yet")
        found = header(raw, self.at - base)
        end = self.at + found.size + found.body
        if end > self.chunk.span.end:
            raise Malformed("a page reaches beyond its column")
        span = Range(self.at, end)
        if found.kind == DICTIONARY:
            if self.pages or self.dictionary:
                raise Malformed("a column has two dictionaries")
            self.dictionary = span
        elif found.kind in (DATA, DATA_V2):
            self._data(found, span, raw[span.begin + found.size - base : end - base])
        self.at = end

    def _data(self, found: Header, span: Range, body: bytes) -> None:
        whole, rows = True, found.rows
        if rows is None and not self.chunk.leaf.repetition:
            rows = found.values
        elif rows is None:
            if len(body) < found.body:
                raise Short("not here yet")
            counted = levels.rows(found, body, self.chunk)
            if counted is None:
                self.unknown = True
                return
            whole, rows = counted
        row = self.pages[-1].row + self.pages[-1].rows if self.pages else 0
        if row + rows > self.rows:
            raise Malformed("its pages hold more rows than it has")
        if whole or not self.pages:
            self.pages.append(Page(span, row, rows))
        else:
            last = self.pages.pop()
            self.pages.append(Page(Range(last.span.begin, span.end), last.row, last.rows + rows))
        self.values += found.values

    def _end(self) -> None:
        held = self.pages[-1].row + self.pages[-1].rows if self.pages else 0
        if held != self.rows:
            raise Malformed("its pages hold fewer rows than it has")
        self.complete = True


def header(raw: bytes, at: int) -> Header:
    """The page header that begins here."""
    found, end = thrift.read(raw, at)
    kind, unpacked, body = (_count(found, number) for number in (1, 2, 3))
    values = encoding = repetitions = 0
    rows = None
    if kind == DATA_V2:
        more = _inner(found, 8)
        values, rows, encoding = _count(more, 1), _count(more, 3), _count(more, 4)
    elif kind == DATA:
        more = _inner(found, 5)
        values, encoding, repetitions = _count(more, 1), _count(more, 2), _count(more, 4)
    elif kind == DICTIONARY:
        values = _count(_inner(found, 7), 1)
    elif kind != INDEX:
        raise Malformed("a page is of no known kind")
    if unpacked > LARGEST:
        raise TooLarge(f"One page holds {unpacked // 1_000_000:,} MB.", "Take fewer columns.")
    return Header(kind, end - at, body, unpacked, values, encoding, rows, repetitions)


def indexed(chunk: Chunk, raw: bytes, rows: int) -> Pages:
    """The pages, as the chunk's offset index says."""
    found, _ = thrift.read(raw)
    spans: list[tuple[Range, int]] = []
    at, row = chunk.span.begin, 0
    listed = found.get(1)
    for one in listed if isinstance(listed, list) else ():
        if not isinstance(one, dict):
            raise Malformed("its index makes no sense")
        begin, size, first = (_count(one, number) for number in (1, 2, 3))
        if begin < at or first < row or begin + size > chunk.span.end or first > rows or not size:
            raise Malformed("its index does not fit the column")
        spans.append((Range(begin, begin + size), first))
        at, row = begin + size, first
    if rows and (not spans or spans[0][1] != 0):
        raise Malformed("its index does not begin with the first row")
    ends = [first for _, first in spans[1:]] + [rows]
    pages = [Page(span, first, end - first) for (span, first), end in zip(spans, ends, strict=True)]
    begin = spans[0][0].begin if spans else chunk.span.begin
    dictionary = Range(chunk.span.begin, begin) if begin > chunk.span.begin else None
    return Pages(chunk, rows, pages, dictionary, complete=True)


def _count(found: thrift.Fields, number: int) -> int:
    value = found.get(number)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Malformed("a page does not say what it holds")
    return value


def _inner(found: thrift.Fields, number: int) -> thrift.Fields:
    value = found.get(number)
    if not isinstance(value, dict):
        raise Malformed("a page does not say what it holds")
    return value
