"""A source from its first row to its last, a stretch at a time, and only the columns that are looked at.

for first, rows in scan(source, ["score"], spans): …

What is remote is fetched ahead, several stretches at a time; what lies here is read as it is needed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hf_nb.data.files import meter

if TYPE_CHECKING:
    import pyarrow

    from hf_nb.data.parts import Block, Part
    from hf_nb.data.source import Source

ROWS = 1_000_000  # of one stretch in memory
READ = 262_144  # of one stretch in files
BYTES = 4_000_000  # of one stretch, as stored
STEP = 250_000  # bytes of the first stretch of a search that may end soon
LITTLE, LITTLE_HERE = (
    4_000_000,
    64_000_000,
)  # bytes that such a search reads on to its end, remote and on this disk
AHEAD = 4  # stretches that are fetched at the same time
FEW = 50_000  # rows, where nobody knows how many there are


@dataclass(frozen=True)
class Span:
    """Rows that are read together."""

    first: int
    rows: int


def remote(source: Source) -> bool:
    """Whether reading it moves bytes."""
    return source.origin.place in {"hub", "url"}


def held(source: Source) -> bool:
    """Whether it lies in memory."""
    return source.origin.place in {"memory", "query"}


def spans(
    source: Source,
    columns: Sequence[str],
    wanted: Callable[[int, Block], bool] | None = None,
    *,
    growing: bool = False,
) -> list[Span] | None:
    """The stretches to read; None where the end is not known before it is met.

    `wanted` says of a block, by its place among all, whether some row of it may be needed. `growing`: each is twice as
    long as the one before, since the first ones may be enough.
    """
    if source.rows is None:
        return None
    if held(source) or not columns:
        total = source.count()
        return [Span(at, min(ROWS, total - at)) for at in range(0, total, ROWS)]
    merged: list[Span] = []
    bytes, most = 0, STEP if growing else BYTES  # noqa: A001 - of the stretch that grows
    for at, block in enumerate(source.blocks(columns)):
        if not block.rows or (wanted is not None and not wanted(at, block)):
            continue
        last = merged[-1] if merged else None
        if (
            last is not None
            and last.first + last.rows == block.first
            and last.rows + block.rows <= READ
            and bytes + block.bytes <= most
        ):
            merged[-1], bytes = Span(last.first, last.rows + block.rows), bytes + block.bytes  # noqa: A001
        else:
            most = min(BYTES, most * 2) if merged else most
            merged.append(Span(block.first, block.rows))
            bytes = block.bytes  # noqa: A001
    return merged


def cost(source: Source, columns: Sequence[str], over: Sequence[Span] | None) -> int:
    """Bytes that a scan moves."""
    if not remote(source) or not columns:
        return 0
    if over is None:
        return source.bytes or 0
    return sum(_price(part, runs, columns) for part, runs in _by_part(source, over))


def much(source: Source, columns: Sequence[str], over: Sequence[Span] | None) -> bool:
    """Whether these stretches are more than one would read only to know how many rows there are."""
    if remote(source):
        return cost(source, columns, over) > LITTLE
    if over is None:
        return (source.bytes or 0) > LITTLE_HERE
    left = sum(span.rows for span in over) / max(1, source.count())
    return left * (source.bytes or 0) > LITTLE_HERE


def _by_part(source: Source, over: Sequence[Span]) -> Iterator[tuple[Part, list[tuple[int, int]]]]:
    """Which rows of which parts."""
    start, at = 0, 0
    for part in source.parts:
        end, runs = start + part.count(), []
        while at < len(over) and over[at].first < end:
            first, last = max(over[at].first, start), min(over[at].first + over[at].rows, end)
            runs.append((first - start, last - first))
            if over[at].first + over[at].rows > end:
                break
            at += 1
        if runs:
            yield part, runs
        start = end


def _price(part: Part, runs: list[tuple[int, int]], columns: Sequence[str]) -> int:
    """What the runs share, like a dictionary, is moved once."""
    have = [name for name in columns if name in part.schema.names]
    price = getattr(part, "price", None)
    if price is not None:
        return int(price(runs, have))
    return sum(part.cost(first, rows, have) for first, rows in runs)


def scan(
    source: Source,
    columns: Sequence[str],
    over: Sequence[Span] | None,
    what: str = "Looking through the table",
    *,
    growing: bool = False,
) -> Generator[tuple[Span, pyarrow.Table]]:
    """Each stretch with its rows, in order. Refused before it begins where it would move too much.

    `growing`: not refused before, since it may end soon; and little is fetched ahead at first.
    """
    if not growing:
        meter.may(cost(source, columns, over), what)
    if not columns and over is not None:
        import pyarrow

        yield from ((span, pyarrow.table({})) for span in over)
    elif over is None:
        yield from _to_the_end(source, columns)
    elif remote(source):
        yield from _ahead(source, columns, over, growing=growing)
    else:
        for span in over:
            meter.look()
            yield span, source.read(span.first, span.rows, columns)


def _to_the_end(source: Source, columns: Sequence[str]) -> Iterator[tuple[Span, pyarrow.Table]]:
    at = 0
    while True:
        meter.look()
        rows = source.read(at, FEW, columns or source.schema.names[:1])
        if rows.num_rows:
            yield Span(at, rows.num_rows), rows.select(list(columns))
        at += rows.num_rows
        if rows.num_rows < FEW:
            return


def _ahead(
    source: Source, columns: Sequence[str], over: Sequence[Span], *, growing: bool
) -> Iterator[tuple[Span, pyarrow.Table]]:
    done = 0
    waiting: deque[tuple[Span, Future[pyarrow.Table]]] = deque()
    todo = iter(over)
    pool = ThreadPoolExecutor(AHEAD, thread_name_prefix="hf-nb-scan")
    try:
        while True:
            for span in todo:
                waiting.append(
                    (span, pool.submit(copy_context().run, source.read, span.first, span.rows, columns))
                )
                if len(waiting) >= (min(AHEAD, 1 + done // 2) if growing else AHEAD):
                    break
            if not waiting:
                return
            span, coming = waiting.popleft()
            meter.look()
            yield span, coming.result()
            done += 1
    finally:
        pool.shutdown(wait=growing, cancel_futures=True)  # so that what was moved is known
