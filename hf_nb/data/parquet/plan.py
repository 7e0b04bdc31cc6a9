"""Which bytes hold the wanted rows of the wanted columns.

a chunk that is small, or wanted whole      all of it
with an offset index                        the pages that hold the rows
without                                     its pages from the first one on, until the rows have come
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hf_nb.data.files.file import Range
from hf_nb.data.parquet.footer import Chunk, Footer, Leaf
from hf_nb.data.parquet.pages import Page, Pages
from hf_nb.data.parts import Block

# A chunk of so few bytes is fetched whole: to ask for its index first would cost more.
SMALL = 64 * 1024
# Writers end a page after so many rows (parquet-mr, parquet-rs, Arrow since 22), or after a megabyte.
PAGE_ROWS = 20_480
PAGE_BYTES = 1024 * 1024
# A dictionary of so few bytes is fetched with the pages, whether they need it or not.
ALONG = 32 * 1024
# What a value takes at most that is the number of a dictionary's entry, and its levels.
CODE = 2.7
_OLD_ARROW = re.compile(rb"parquet-cpp(?:-arrow)? version (?:1?\d|2[01])\.")


@dataclass(frozen=True)
class Want:
    """Rows from `begin` up to `end` of a row group, of one of its leaves."""

    group: int
    leaf: Leaf
    begin: int
    end: int

    @property
    def key(self) -> tuple[int, int]:
        """The chunk it is about."""
        return self.group, self.leaf.number


@dataclass(frozen=True)
class Pick:
    """What is fetched for a want. Without pages: the whole chunk. `later`: the dictionary, should a page need it."""

    want: Want
    chunk: Chunk
    pages: tuple[Page, ...] | None
    dictionary: Range | None
    later: Range | None = None

    @property
    def ranges(self) -> list[Range]:
        """The bytes."""
        if self.pages is None:
            return [self.chunk.span]
        return [*([self.dictionary] if self.dictionary else ()), *(page.span for page in self.pages)]


def wants(footer: Footer, start: int, count: int, fields: Iterable[int]) -> list[Want]:
    """The chunks that hold these rows."""
    leaves = [leaf for field in fields for leaf in footer.fields[field]]
    return [
        Want(group, leaf, begin, stop)
        for group, begin, stop in spans(footer, start, count)
        for leaf in leaves
    ]


def is_whole(footer: Footer, want: Want) -> bool:
    """Whether the chunk is fetched whole: it is all wanted, or not worth a question about its pages."""
    if want.end - want.begin >= footer.counts[want.group]:
        return True
    chunks = footer.chunks(want.group)
    return all(len(chunks[leaf.number].span) <= SMALL for leaf in footer.fields[want.leaf.field])


def pick(want: Want, pages: Pages) -> Pick:
    """The pages of a want, whose rows are covered."""
    first, last = pages.of(want.begin, want.end)
    dictionary, later, coded = pages.dictionary, None, pages.chunk.coded
    needed = first == 0 if coded is None else first < coded
    if dictionary and not needed and (coded is not None or len(dictionary) > ALONG):
        dictionary, later = None, dictionary
    return Pick(want, pages.chunk, tuple(pages.pages[first:last]), dictionary, later)


def aligned(leaves: Sequence[Pages | None], begin: int, end: int) -> tuple[int, int] | None:
    """The rows around these at which a page of every leaf begins and ends; None where that is not known.

    Leaves of one list must agree on how long it is in every row that is decoded, so no row may be made up for one.
    """
    while True:
        low, high = begin, end
        for pages in leaves:
            if pages is None or pages.unknown or pages.covered < high:
                return None
            first, last = pages.of(begin, end)
            held = pages.pages[first:last]
            low, high = min(low, held[0].row), max(high, held[-1].row + held[-1].rows)
        if (low, high) == (begin, end):
            return low, high
        begin, end = low, high


def ahead(footer: Footer, want: Want, pages: Pages) -> Range:
    """What to fetch next of a chunk that is walked through."""
    chunk, known = pages.chunk, pages.covered
    if pages.unknown:
        return chunk.span
    dictionary = max(0, chunk.begins - pages.at) if not pages.pages else 0
    left = max(1, len(chunk.span) - (pages.at - chunk.span.begin) - dictionary)
    rows = max(1, footer.counts[want.group] - known)
    a_row = left / rows
    page = min(PAGE_BYTES, a_row * PAGE_ROWS)
    if not pages.pages and chunk.coded:
        page = min(page, CODE * PAGE_ROWS * chunk.values / rows)
    if _OLD_ARROW.match(footer.made_by or b""):
        page = PAGE_BYTES * min(1.0, len(chunk.span) / max(1, chunk.raw))
    if pages.pages:
        page = max(page, len(pages.pages[-1].span))
    # rows are seldom spread evenly; a page too little is a question more
    behind = want.end - known - (min(want.end - known, PAGE_ROWS))
    size = dictionary + 1.1 * (page + behind * a_row) + 512
    if chunk.leaf.repetition:
        size += 1.1 * page  # where a page's last row ends, the next one says
    return Range(pages.at, min(chunk.span.end, pages.at + int(size)))


def expected(footer: Footer, want: Want, chunk: Chunk, pages: Pages | None) -> list[Range]:
    """About where it will be read of a chunk whose pages are not known yet, beside its index."""
    if chunk.index is None:
        return [ahead(footer, want, pages or Pages(chunk, footer.counts[want.group]))]
    dictionary = max(0, chunk.begins - chunk.span.begin)
    a_row = (len(chunk.span) - dictionary) / max(1, footer.counts[want.group])
    rows = min(footer.counts[want.group], want.end - want.begin + PAGE_ROWS)
    coded = PAGE_ROWS if chunk.coded is None else chunk.coded * PAGE_ROWS
    begins = chunk.span.begin + dictionary
    begin = min(begins + int(a_row * want.begin), max(begins, chunk.span.end - int(a_row * rows)))
    found = [Range(begin, min(chunk.span.end, begin + int(a_row * rows)))]
    return [Range(chunk.span.begin, begins), *found] if want.begin < coded else found


def spans(footer: Footer, start: int, count: int) -> list[tuple[int, int, int]]:
    """(row group, from its row, up to its row) that hold these rows."""
    found, end = [], start + count
    first = max(0, bisect.bisect_right(footer.starts, start) - 1)
    for group in range(first, len(footer.counts)):
        if footer.starts[group] >= end:
            break
        begin, stop = (
            max(0, start - footer.starts[group]),
            min(footer.counts[group], end - footer.starts[group]),
        )
        if begin < stop:
            found.append((group, begin, stop))
    return found


def blocks(
    footer: Footer, group: int, first: int, fields: Sequence[int], known: Mapping[tuple[int, int], Pages]
) -> list[Block]:
    """A row group in runs that can be read by themselves: cut at the pages of its largest column."""
    rows = footer.counts[group]
    if not rows:
        return []
    chunks = [footer.chunks(group)[leaf.number] for field in fields for leaf in footer.fields[field]]
    largest = max(chunks, key=lambda chunk: len(chunk.span), default=None)
    pages = known.get((group, largest.leaf.number)) if largest is not None else None
    starts = [0] if pages is None else sorted({page.row for page in pages.pages if page.rows})
    ends = [*starts[1:], rows]
    return [
        Block(first + begin, end - begin, sum(_bytes(group, chunk, known, begin, end) for chunk in chunks))
        for begin, end in zip(starts, ends, strict=True)
    ]


def _bytes(group: int, chunk: Chunk, known: Mapping[tuple[int, int], Pages], begin: int, end: int) -> int:
    pages = known.get((group, chunk.leaf.number))
    if pages is None:
        return len(chunk.span)
    want = Want(group, chunk.leaf, begin, end)
    return sum(map(len, pick(want, pages).ranges))
