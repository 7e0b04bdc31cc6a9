"""The bytes that the wanted rows need, asked for together; what they taught of the pages is remembered."""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from hf_nb.data.files import meter
from hf_nb.data.files.file import File, Range
from hf_nb.data.parquet import pages as paged
from hf_nb.data.parquet.footer import Footer, broken
from hf_nb.data.parquet.heads import Head, eligible, may_be_large
from hf_nb.data.parquet.leaves import can_join
from hf_nb.data.parquet.pages import Pages
from hf_nb.data.parquet.plan import Pick, Want, ahead, aligned, expected, is_whole, pick
from hf_nb.data.parquet.thrift import Malformed, Short
from hf_nb.data.parquet.wrapped import Piece

# Chunks whose pages are remembered.
MOST_KNOWN = 20_000
# Rounds of walking; each fetches at least what is missing by the estimate, so this ends a file that lies.
ROUNDS = 60


class Fetch:
    """One file's pages, as far as they are known, and how to get at them. Thread-safe."""

    def __init__(self, file: File, footer: Footer) -> None:
        self.file, self.footer = file, footer
        self._known: OrderedDict[tuple[int, int], Pages] = OrderedDict()
        self._heads: dict[tuple[int, int, int], tuple[int, int, int]] = {}
        self._no_heads: set[tuple[int, int, int]] = set()
        self._lock = threading.Lock()  # of what is remembered
        self._walks = threading.Lock()  # walkers change what they find, and two would fetch the same

    def pieces(self, wanted: Sequence[Want], what: str) -> dict[tuple[int, int], Piece]:
        """The pages of each want, by row group and leaf."""
        self._allowed(wanted, what)
        came: dict[Range, bytes] = {}
        found = self._begun_pages(wanted, came)
        wanted = [want for want in wanted if want.key not in found]
        self._learn(wanted, came)
        picks = [self._pick(want) for want in wanted]
        self._get(picks, came)
        with self._mended():
            later = [one.later for one in picks if one.later and self._is_needed(one, came)]
            self._bring(later, came)
            self._prefer(picks, later)
            return found | {one.want.key: self._piece(one, came) for one in picks}

    def cost(self, wanted: Sequence[Want]) -> int:
        """Bytes that would move."""
        spans: list[Range] = []
        for want in wanted:
            chunk = self.footer.chunks(want.group)[want.leaf.number]
            pages = self._pages(want)
            head = self._head(want)
            if head is not None:
                spans += head.ranges
            elif is_whole(self.footer, want) or (pages is not None and pages.covered >= want.end):
                spans += self._pick(want).ranges
            else:
                if chunk.index is not None and pages is None:
                    spans.append(chunk.index)
                spans += expected(self.footer, want, chunk, pages)
        return self.file.cost(spans)

    def index(self, wanted: Sequence[Want]) -> dict[tuple[int, int], Pages]:
        """All pages of those that have an index, or were walked through; by row group and leaf."""
        with self._walking():
            self._indexes(wanted)
        found = {want.key: self._pages(want) for want in wanted}
        return {key: pages for key, pages in found.items() if pages is not None and pages.complete}

    def _allowed(self, wanted: Sequence[Want], what: str) -> None:
        if self.file.remote:
            meter.may(self.cost(wanted), what)

    def _head(self, want: Want) -> Head | None:
        """Where a part of a page will do. As much of it is asked for as was needed before."""
        found = eligible(self.footer, want, self._pages(want)) if self.file.remote else None
        if found is None or found.key in self._no_heads:
            return None
        rows, page, dictionary = self._heads.get(found.key, (0, 0, 0))
        if rows >= found.rows:
            found.page_size, found.dictionary_size = page, dictionary
        return found

    def _begun_pages(self, wanted: Sequence[Want], came: dict[Range, bytes]) -> dict[tuple[int, int], Piece]:
        """Of large pages what the rows need; with the first question what is wanted whole of other columns."""
        large = [want for want in wanted if self.file.remote and may_be_large(self.footer, want)]
        if not large:
            return {}
        with self._walking(), self._mended():
            self._indexes(large)
        heads = [head for want in large if (head := self._head(want)) is not None]
        whole = [
            self.footer.chunks(want.group)[want.leaf.number].span
            for want in wanted
            if heads and is_whole(self.footer, want)
        ]
        self._bring(whole + [span for head in heads for span in head.ranges], came)
        for head in heads:
            self._follow(head, came)
        return {head.want.key: head.piece for head in heads if head.piece is not None}

    def _follow(self, head: Head, came: dict[Range, bytes]) -> None:
        """Fetch more of it until its rows are here, or it is known that they have to be had otherwise."""
        while head.piece is None and not head.failed:
            self._bring(head.ranges, came)
            head.take([came[span] for span in head.ranges])
        with self._lock:
            if head.failed:
                self._no_heads.add(head.key)
            elif self._heads.get(head.key, (0, 0, 0))[0] <= head.rows:
                self._heads[head.key] = head.rows, head.page_size, head.dictionary_size

    def _pick(self, want: Want) -> Pick:
        chunk = self.footer.chunks(want.group)[want.leaf.number]
        pages = self._pages(want)
        if is_whole(self.footer, want) or pages is None or pages.unknown:
            return Pick(want, chunk, None, None)
        siblings = self.footer.fields[want.leaf.field]
        alone = can_join(self.footer.schema.field(want.leaf.field).type)
        if len(siblings) > 1 and any(leaf.repetition for leaf in siblings) and not alone:
            run = aligned([self._pages(replace(want, leaf=leaf)) for leaf in siblings], want.begin, want.end)
            if run is None or run[1] - run[0] >= self.footer.counts[want.group]:
                return Pick(want, chunk, None, None)
            want = replace(want, begin=run[0], end=run[1])
        return pick(want, pages)

    def _pages(self, want: Want) -> Pages | None:
        with self._lock:
            return self._known.get(want.key)

    def _learn(self, wanted: Sequence[Want], came: dict[Range, bytes]) -> None:
        """Know where the pages of each want lie, which may bring some of them."""
        todo = [want for want in wanted if not is_whole(self.footer, want) and not self._covers(want)]
        if not todo:
            return
        with self._walking(), self._mended():
            self._indexes(todo)
            self._walk([want for want in todo if not self._covers(want)], came)

    def _covers(self, want: Want) -> bool:
        pages = self._pages(want)
        return pages is not None and (pages.unknown or pages.covered >= want.end)

    def _indexes(self, wanted: Sequence[Want]) -> None:
        with_index = []
        for want in wanted:
            index = self.footer.chunks(want.group)[want.leaf.number].index
            if index is not None and self._pages(want) is None:
                with_index.append((want, index))
        raws = self.file.read([index for _, index in with_index])
        for (want, index), raw in zip(with_index, raws, strict=True):
            if len(raw) < len(index):
                raise broken(self.file.name, "it is cut off")
            chunk = self.footer.chunks(want.group)[want.leaf.number]
            # an index that makes no sense is done without
            with contextlib.suppress(Malformed):
                self._remember(want, paged.indexed(chunk, raw, self.footer.counts[want.group]))

    def _walk(self, wanted: Sequence[Want], came: dict[Range, bytes]) -> None:
        """From header to header, all columns at once."""
        walks = {want.key: _Walk(want, self._begun(want)) for want in wanted}
        for _ in range(ROUNDS):
            going = [walk for walk in walks.values() if not walk.done]
            if not going:
                break
            spans = [walk.next(self.footer) for walk in going]
            for walk, span, raw in zip(going, spans, self.file.read(spans), strict=True):
                if len(raw) < len(span):
                    raise broken(self.file.name, "it is cut off")
                walk.take(raw)
        else:
            raise broken(self.file.name, "its pages have no end")
        for walk in walks.values():
            self._remember(walk.want, walk.pages)
        for walk in walks.values():
            if not walk.pages.unknown:
                chosen = self._pick(walk.want)
                for span in [*chosen.ranges, *([chosen.later] if chosen.later else ())]:
                    here = walk.cut(span)
                    if here is not None:
                        came[span] = here
                        _keep(self.file, span, here)

    def _begun(self, want: Want) -> Pages:
        chunk = self.footer.chunks(want.group)[want.leaf.number]
        return self._pages(want) or Pages(chunk, self.footer.counts[want.group])

    def _remember(self, want: Want, pages: Pages) -> None:
        with self._lock:
            self._known[want.key] = pages
            while len(self._known) > MOST_KNOWN:
                self._known.popitem(last=False)

    def _get(self, picks: Sequence[Pick], came: dict[Range, bytes]) -> None:
        self._bring([span for one in picks for span in one.ranges], came)

    def _bring(self, spans: Sequence[Range], came: dict[Range, bytes]) -> None:
        missing = [span for span in dict.fromkeys(spans) if span not in came]
        for span, raw in zip(missing, self.file.read(missing) if missing else (), strict=True):
            if len(raw) < len(span):
                raise broken(self.file.name, "it is cut off")
            came[span] = raw

    def _prefer(self, picks: Sequence[Pick], later: Sequence[Range]) -> None:
        prefer = getattr(self.file, "prefer", None)
        if prefer is not None:
            prefer([*later, *(one.dictionary for one in picks if one.dictionary)])

    def _is_needed(self, one: Pick, came: dict[Range, bytes]) -> bool:
        return any(
            paged.header(came[page.span], 0).needs_dictionary for page in one.pages or () if len(page.span)
        )

    def _piece(self, one: Pick, came: dict[Range, bytes]) -> Piece:
        rows = self.footer.counts[one.want.group]
        if one.pages is None:
            return Piece(one.chunk, b"", came[one.chunk.span], one.chunk.values, 0, rows)
        raw = [came[page.span] for page in one.pages]
        values = sum(_values(each) for each in raw)
        dictionary = one.dictionary or (one.later if one.later in came else None)
        begin, end = one.pages[0].row, one.pages[-1].row + one.pages[-1].rows
        if not one.chunk.leaf.repetition and values != end - begin:
            raise Malformed("its pages hold other rows than it says")
        return Piece(one.chunk, came[dictionary] if dictionary else b"", b"".join(raw), values, begin, end)

    @contextlib.contextmanager
    def _walking(self) -> Iterator[None]:
        """One thread at a time, and whoever waits can be stopped."""
        while not self._walks.acquire(timeout=0.05):
            meter.look()
        try:
            yield
        finally:
            self._walks.release()

    @contextlib.contextmanager
    def _mended(self) -> Iterator[None]:
        try:
            yield
        except Malformed as wrong:
            raise broken(self.file.name, str(wrong).rstrip(".")) from None


class _Walk:
    """One chunk, walked through from where it is known."""

    def __init__(self, want: Want, pages: Pages) -> None:
        self.want, self.pages = want, pages
        self.base, self.raw = pages.at, bytearray()

    @property
    def done(self) -> bool:
        return self.pages.unknown or self.pages.covered >= self.want.end

    def next(self, footer: Footer) -> Range:
        """What to fetch now: behind what is here already."""
        span = ahead(footer, self.want, self.pages)
        here = self.base + len(self.raw)
        if here >= self.pages.chunk.span.end:
            raise Malformed("a page reaches beyond its column")
        # when a page is larger than thought, its header says how large
        end = max(span.end, _end_of_page(self.pages.at, self.raw, self.base))
        least = here + max(4096, (end - here) if end > here else len(self.raw) // 2)
        return Range(here, min(self.pages.chunk.span.end, max(end, least)))

    def take(self, raw: bytes) -> None:
        self.raw += raw
        self.pages.feed(bytes(self.raw), self.base)

    def cut(self, span: Range) -> bytes | None:
        if span.begin < self.base or span.end > self.base + len(self.raw):
            return None
        return bytes(self.raw[span.begin - self.base : span.end - self.base])


def _end_of_page(at: int, raw: bytes | bytearray, base: int) -> int:
    """Where the page ends that begins at `at`; 0 where its header is not here."""
    if not base <= at < base + len(raw):
        return 0
    try:
        found = paged.header(bytes(raw[at - base :]), 0)
    except Short:
        return 0
    return at + found.size + found.body + 64  # and the beginning of the next one's header


def _values(raw: bytes) -> int:
    """Values of the pages that stand here one after another."""
    at = values = 0
    while at < len(raw):
        found = paged.header(raw, at)
        if found.kind in (paged.DATA, paged.DATA_V2):
            values += found.values
        at += found.size + found.body
    return values


def _keep(file: File, span: Range, raw: bytes) -> None:
    keep = getattr(file, "keep", None)
    if keep is not None:
        keep(span, raw)
