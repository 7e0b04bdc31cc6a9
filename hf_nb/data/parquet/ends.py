"""Between which values the rows of a stretch lie: by the statistics of its row group, and of the pages that hold it.

A page's are in the file's column index. It is asked for only where the row group may hold what is looked for, where it
is small beside the pages that it may save, and all of it at once. One that makes no sense says nothing.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hf_nb.data.files import meter
from hf_nb.data.parquet import facts, thrift
from hf_nb.data.parquet.plan import SMALL, Want
from hf_nb.data.parts import Block, Facts

if TYPE_CHECKING:
    from hf_nb.data.parquet.fetch import Fetch
    from hf_nb.data.parquet.footer import Footer, Leaf
    from hf_nb.data.parquet.pages import Page, Pages

# An index that is larger than this part of its column saves too little.
SHARE = 8

May = Callable[[Mapping[str, Facts], int], bool]
Told = Mapping[str, Facts]
Of = tuple["Page", Facts]


def leaves(footer: Footer, columns: Sequence[str]) -> dict[str, Leaf]:
    """Those of the columns that are stored as they are seen: no list, and nothing within something else."""
    names = footer.schema.names
    return {
        name: held[0]
        for name in columns
        if names.count(name) == 1
        and len(held := footer.fields[names.index(name)]) == 1
        and not held[0].repetition
        and len(held[0].path) == 1
    }


def of_blocks(fetch: Fetch, blocks: Sequence[Block], about: Mapping[str, Leaf], may: May) -> list[Told]:
    """By the block; nothing of one that goes over the end of its row group."""
    footer = fetch.footer
    groups = [
        {name: facts.of_group(footer, group, leaf) for name, leaf in about.items()} if rows else {}
        for group, rows in enumerate(footer.counts)
    ]
    open_ = [group for group, rows in enumerate(footer.counts) if rows and may(groups[group], rows)]
    pages = _of_pages(fetch, open_, about)
    found: list[Told] = []
    for block in blocks:
        group = bisect.bisect_right(footer.starts, block.first) - 1
        if group >= len(groups) or block.first + block.rows > footer.starts[group + 1]:
            found.append({})
            continue
        begin = block.first - footer.starts[group]
        rows = footer.counts[group]
        known = {name: said.of_some(block.rows, rows) for name, said in groups[group].items()}
        for name in about:
            if (group, name) in pages:
                known[name] = _between(pages[group, name], begin, begin + block.rows)
        found.append(known)
    return found


def _of_pages(
    fetch: Fetch, groups: Sequence[int], about: Mapping[str, Leaf]
) -> dict[tuple[int, str], list[Of]]:
    """For each page where it begins and what is said of it; by row group and column."""
    footer = fetch.footer
    asked = [(group, name, leaf) for group in groups for name, leaf in about.items()]
    asked = [one for one in asked if _helps(footer, one[0], one[2])]
    spans = [footer.chunks(group)[leaf.number].ends for group, _, leaf in asked]
    there = [span for span in spans if span is not None]
    if not there or not meter.fits(fetch.file.cost(there) if fetch.file.remote else 0):
        return {}
    known = fetch.index([Want(group, leaf, 0, footer.counts[group]) for group, _, leaf in asked])
    found = {}
    for (group, name, leaf), raw in zip(asked, fetch.file.read(there), strict=True):
        pages = known.get((group, leaf.number))
        said = _said(raw, pages, facts.reader(leaf, footer.schema.field(leaf.field).type)) if pages else None
        if said is not None:
            found[group, name] = said
    return found


def _helps(footer: Footer, group: int, leaf: Leaf) -> bool:
    chunk = footer.chunks(group)[leaf.number]
    if chunk.ends is None or chunk.index is None or len(chunk.span) <= SMALL:
        return False
    return len(chunk.ends) * SHARE <= len(chunk.span)


def _said(raw: bytes, pages: Pages, read: Callable[[bytes], Any] | None) -> list[Of] | None:
    """A column index, as far as it fits the pages there are."""
    try:
        index, _ = thrift.read(raw)
    except thrift.Malformed:
        return None
    empty, lows, highs, nulls = (index.get(number) for number in (1, 2, 3, 5))
    count = len(pages.pages)
    if not all(isinstance(one, list) and len(one) == count for one in (empty, lows, highs)):
        return None
    if not isinstance(nulls, list) or len(nulls) != count:
        nulls = [None] * count
    each = zip(pages.pages, empty or (), lows or (), highs or (), nulls, strict=True)
    return [
        (page, Facts(page.rows) if none is True else facts.stretch(held, low, high, page.rows, read))
        for page, none, low, high, held in each
    ]


def _between(pages: Sequence[Of], begin: int, end: int) -> Facts:
    """Of the rows from `begin` up to `end`: what their pages have in common."""
    first = max(0, bisect.bisect_right(pages, begin, key=lambda one: one[0].row) - 1)
    last = bisect.bisect_left(pages, end, key=lambda one: one[0].row)
    held = [(page.rows, said) for page, said in pages[first:last] if page.rows]
    filled = [said for rows, said in held if said.nulls != rows]
    if not filled:
        return Facts(end - begin)
    nulls = 0 if all(said.nulls == 0 for _, said in held) else None
    lows, highs = [said.low for said in filled], [said.high for said in filled]
    return Facts(
        nulls,
        None if None in lows else min(lows),
        None if None in highs else max(highs),
    )
