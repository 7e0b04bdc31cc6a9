"""A few rows of a page that is too large to be fetched for them, as of pictures and sounds.

Writers look at a page's size after a thousand rows: that is one page of all pictures of a row group, or one dictionary
of them. A page is unpacked from its beginning, so the beginning of the packed bytes is fetched, as far as the rows
need it; a dictionary as far as its last entry that these rows name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hf_nb.data.files.file import Range
from hf_nb.data.parquet import levels, thrift, unpacked
from hf_nb.data.parquet.footer import Footer
from hf_nb.data.parquet.pages import DATA, DICTIONARY, Pages, header
from hf_nb.data.parquet.plan import CODE, Want, is_whole
from hf_nb.data.parquet.thrift import I32, STRUCT, Malformed, Short, struct_of
from hf_nb.data.parquet.wrapped import Piece
from hf_nb.errors import TooLarge

# Pages of fewer bytes are fetched whole, for those who read on.
BIG = 1_500_000
# Rows after which writers look at a page's size.
BATCH = 1024
# Beside what is estimated.
MORE = 16 * 1024
ROUNDS = 8
UNPACKED = 64_000_000
TEXT, PLAIN, RLE = 6, 0, 3


class Head:
    """The rows up to `want.end` of one page. `piece` when they are here; `failed`: the page is to be had whole."""

    def __init__(self, footer: Footer, want: Want, page: Range, row: int, dictionary: Range | None) -> None:
        self.want, self.page, self.row, self.dictionary = want, page, row, dictionary
        self.chunk = footer.chunks(want.group)[want.leaf.number]
        self.rows = want.end - row
        self.piece: Piece | None = None
        self.failed = False
        self._rounds = 0
        of, share = footer.counts[want.group], self.rows / max(1, footer.counts[want.group] - row)
        self.page_size = int(CODE * self.rows if dictionary else 1.25 * share * len(page)) + MORE
        self.dictionary_size = int(1.25 * len(dictionary) * want.end / of) + MORE if dictionary else 0

    @property
    def key(self) -> tuple[int, int, int]:
        """Which page it is about."""
        return (*self.want.key, self.page.begin)

    @property
    def ranges(self) -> list[Range]:
        """What to fetch."""
        found = [_first(self.page, self.page_size)]
        return [*found, _first(self.dictionary, self.dictionary_size)] if self.dictionary else found

    def take(self, raws: Sequence[bytes]) -> None:
        """What came of these. Where it is not enough, the sizes have grown."""
        self._rounds += 1
        self.failed = self._rounds > ROUNDS
        try:
            found = _page(raws[0], self.want.leaf.definition, self.rows, self.chunk.codec)
        except Short:
            self.failed = self.failed or len(raws[0]) >= len(self.page)
            self.page_size *= 2
            return
        except (Malformed, TooLarge):
            self.failed = True
            return
        try:
            dictionary = self._entries(raws[1], found.entries) if self.dictionary and found.entries else b""
        except Short:
            self.failed = self.failed or len(raws[1]) >= len(self.dictionary or ())
        except (Malformed, TooLarge):
            self.failed = True
        else:
            self.failed = bool(found.entries) and not dictionary
            chunk = replace(self.chunk, codec=unpacked.NONE)
            if not self.failed:
                self.piece = Piece(chunk, dictionary, found.raw, self.rows, self.row, self.want.end)

    def _entries(self, raw: bytes, wanted: int) -> bytes:
        """The dictionary's first entries, as a page; when they are not here, as much as they may take is next."""
        found = header(raw, 0)
        if found.kind != DICTIONARY or found.encoding not in (PLAIN, 2) or wanted > found.values:
            raise Malformed("it is written another way")
        here = unpacked.head(
            raw[found.size : found.size + found.body], self.chunk.codec, min(found.unpacked, UNPACKED)
        )
        try:
            end = _end_of(here, wanted)
        except Short:
            about = found.size + int(1.2 * found.body * wanted / found.values) + MORE
            self.dictionary_size = max(about, 2 * self.dictionary_size)
            raise
        more = struct_of((1, I32, wanted), (2, I32, PLAIN))
        return _as_page(DICTIONARY, 7, more, here[:end])


@dataclass(frozen=True)
class _Page:
    """A page of the first rows. `entries`: so many of the dictionary's are named."""

    raw: bytes
    entries: int


def may_be_large(footer: Footer, want: Want) -> bool:
    """Texts or bytes, one for a row, of a chunk large enough to hold such a page."""
    chunk = footer.chunks(want.group)[want.leaf.number]
    return (
        want.leaf.stored == TEXT
        and len(chunk.span) > BIG
        and chunk.codec in unpacked.CODECS
        and not any(leaf.repetition for leaf in footer.fields[want.leaf.field])
        and not is_whole(footer, want)
    )


def eligible(footer: Footer, want: Want, pages: Pages | None) -> Head | None:
    """Where the rows lie near enough to the beginning of one large page, or name the first of a large dictionary."""
    if not may_be_large(footer, want):
        return None
    chunk, of = footer.chunks(want.group)[want.leaf.number], footer.counts[want.group]
    if pages is not None and pages.covered >= want.end:
        first, last = pages.of(want.begin, want.end)
        if last - first != 1:
            return None
        page = pages.pages[first]
        coded = chunk.coded is None or first < chunk.coded  # later pages name nothing of the dictionary
        dictionary = pages.dictionary if coded else None
        found = Head(footer, want, page.span, page.row, dictionary)
        whole = len(page.span) + len(dictionary or ())
    else:
        begins = max(chunk.span.begin, min(chunk.begins, chunk.span.end))
        dictionary = Range(chunk.span.begin, begins) if begins > chunk.span.begin else None
        found = Head(footer, want, Range(begins, chunk.span.end), 0, dictionary)
        rest = (chunk.span.end - begins) * min(of, BATCH) // max(1, of)
        whole = len(dictionary or ()) + (0 if dictionary else rest)
    return found if whole > BIG and sum(map(len, found.ranges)) < whole // 2 else None


def _page(raw: bytes, depth: int, rows: int, codec: int) -> _Page:
    """The first rows of a page, out of its beginning."""
    found = header(raw, 0)
    more = thrift.read(raw)[0].get(5)
    if (
        found.kind != DATA
        or not isinstance(more, dict)
        or found.values < rows
        or (depth and more.get(3) != RLE)
    ):
        raise Malformed("it is written another way")
    body = unpacked.head(raw[found.size : found.size + found.body], codec, min(found.unpacked, UNPACKED))
    at, values = 0, rows
    if depth:
        at = 4 + int.from_bytes(body[:4], "little")
        if len(body) < max(4, at):
            raise Short("not here yet")
        values = int((levels.numbers(body[4:at], depth.bit_length(), rows) == depth).sum())
    content, entries, encoding = b"", 0, PLAIN
    if values and found.needs_dictionary:
        content, encoding = body[at:], found.encoding
        if not content:
            raise Short("not here yet")
        if content[0] > 32:
            raise Malformed("its numbers are too wide")
        entries = int(levels.numbers(content[1:], content[0], values).max()) + 1
    elif values and found.encoding == PLAIN:
        content = body[at : at + _end_of(body[at:], values)]
    elif values:
        raise Malformed("it is written another way")
    said = struct_of((1, I32, rows), (2, I32, encoding), (3, I32, RLE), (4, I32, RLE))
    return _Page(_as_page(DATA, 5, said, body[:at] + content), entries)


def _as_page(kind: int, number: int, more: bytes, body: bytes) -> bytes:
    """A page that is not packed."""
    size = len(body)
    return struct_of((1, I32, kind), (2, I32, size), (3, I32, size), (number, STRUCT, more)) + body


def _end_of(raw: bytes, count: int) -> int:
    """Where so many texts end, each behind its length."""
    at = 0
    for _ in range(count):
        at += 4 + int.from_bytes(raw[at : at + 4], "little")
        if at > len(raw):
            raise Short("not here yet")
    return at


def _first(one: Range, size: int) -> Range:
    return Range(one.begin, min(one.end, one.begin + size))
