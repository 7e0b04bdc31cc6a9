"""Looking at more and more of a table, each time with an answer and its bounds, until it is exact or enough.

for estimate in run("select avg(length(text)) from t", source):
    if enough(estimate): break
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TYPE_CHECKING

from hf_nb.data.estimate.answer import Answers, Row
from hf_nb.data.estimate.counts import Counter
from hf_nb.data.estimate.interval import OUTSIDE
from hf_nb.data.estimate.quote import FIRST, ROWS, Look, Plan, Read, plan
from hf_nb.data.estimate.sample import Stretch
from hf_nb.data.files import meter
from hf_nb.errors import BadInput
from hf_nb.values.estimates import Estimate

if TYPE_CHECKING:
    import pyarrow

    from hf_nb.data.source import Source

HELD = 64_000_000  # bytes in memory that are counted together
AT_ONCE = 8  # reads that are under way at the same time


def run(
    query: str, source: Source, *, share: float | None = None, together: bool = False
) -> Iterator[Estimate]:
    """Estimates, tightening; the last one is exact, unless a `share` of the table is enough.

    Each interval holds the true value with 95 %, looked at by itself. With `together` they are wider, and all of them
    hold it together with 95 %: for whoever stops as soon as an answer pleases.

    The same table gives the same estimates again. Bytes are counted and bounded by `files.meter`: a bound that the next
    look would break raises `Costly`, and what was yielded before stands.
    """
    if share is not None and not 0 < share <= 1:
        raise BadInput("A share lies between 0 and 1.", "share=0.02 stops after about 2 % of the table")
    made = plan(query, source, FIRST if share is None else min(FIRST, share))
    if made.asked.why:
        raise BadInput(
            f"A part of the table cannot answer this. {made.asked.why}", "Run it exactly, with SQL."
        )
    return _Run(made, source).estimates(share, together=together)


class _Run:
    """One query at work."""

    def __init__(self, made: Plan, source: Source) -> None:
        self.plan, self.source = made, source
        self.counter = Counter(made.asked, source)
        self.answers = Answers(made.asked, source, self.counter)
        self.moved, self.of = 0, made.bytes

    def estimates(self, share: float | None, *, together: bool) -> Iterator[Estimate]:
        blocks, looks = self.plan.blocks, self.plan.looks
        all_rows = sum(block.rows for block in blocks)
        outside = OUTSIDE / len(looks) if together else OUTSIDE
        for look in looks:
            self._fetch(look)
            if len(look.stretches) == len(blocks):
                break
            rows = [blocks[one.drawn].rows for one in look.stretches]
            found = self.answers.bounded(look.stretches, rows, all_rows, outside)
            estimate = self._said(found, self._share(look.stretches), exact=False)
            yield estimate
            if share is not None and estimate.share >= share:
                return
        yield self._said(self.answers.exact(), 1.0, exact=True)

    def _fetch(self, look: Look) -> None:
        """Read and count what is new in a look."""
        with meter.counting() as spent:
            try:
                meter.may(sum(read.bytes for read in look.reads), "The next look")
                self._count(self._tables(look.reads))
            finally:
                self.moved += spent.bytes

    def _count(self, tables: Iterator[tuple[Read, pyarrow.Table]]) -> None:
        """Many small reads are counted by one query."""
        import pyarrow

        held: list[pyarrow.Table] = []
        blocks: list[tuple[int, int]] = []
        for read, table in tables:
            held.append(table)
            blocks += [(at, self.plan.blocks[at].rows) for at in read.blocks]
            if sum(one.num_rows for one in held) >= ROWS or sum(one.nbytes for one in held) >= HELD:
                self.counter.add(pyarrow.concat_tables(held, promote_options="permissive"), blocks)
                held, blocks = [], []
        if held:
            self.counter.add(pyarrow.concat_tables(held, promote_options="permissive"), blocks)

    def _tables(self, reads: Sequence[Read]) -> Iterator[tuple[Read, pyarrow.Table]]:
        """What is remote comes side by side."""

        def table(read: Read) -> pyarrow.Table:
            meter.look()
            return self.source.read(*read.span, self.plan.asked.columns)

        if not any(read.bytes for read in reads):
            yield from ((read, table(read)) for read in reads)
            return
        pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="hf-nb-estimate")
        try:
            for at in range(0, len(reads), AT_ONCE):
                now = reads[at : at + AT_ONCE]
                coming = [pool.submit(copy_context().run, table, read) for read in now]
                yield from ((read, one.result()) for read, one in zip(now, coming, strict=True))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _share(self, stretches: Sequence[Stretch]) -> float:
        """Of the bytes as stored; of the rows, where they have none."""
        blocks = self.plan.blocks
        sizes = [block.bytes for block in blocks]
        if not any(sizes):
            sizes = [block.rows for block in blocks]
        return sum(sizes[one.drawn] for one in stretches) / sum(sizes)

    def _said(self, rows: list[Row], share: float, *, exact: bool) -> Estimate:
        asked = self.plan.asked
        columns = (*asked.key_names, *asked.names)
        note = "" if exact else self.answers.note(rows)
        return Estimate(columns, self.answers.groups(rows), share, self.moved, self.of, exact, note)
