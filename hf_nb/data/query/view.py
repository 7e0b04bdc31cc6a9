"""The rows of a source that match what is wanted, in its order.

view = View(source, Wanted(where="length(text) > 100", sort=("score", True)))
view.find(tell=print)              Found(rows=1234, of=10_000, scanned=10_000, exact=True, …)
view.read(0, 100, ["text"])        a page of it; view.positions(0, 100): the same as numbers of the source's rows

Only numbers of rows are kept: four bytes for each that was found or sorted, nothing for a table as it stands. The head
of a sorted view needs no sorting of the rest; that happens once, when somebody goes further.
"""

# ruff: noqa: S608 -- SQL is made here: names are quoted by `query.names`, conditions parsed by `query.tree`
from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hf_nb.data.query import bounds, elsewhere, engine, handing, order, scan, wanted
from hf_nb.data.query.names import quoted
from hf_nb.data.query.numbers import FEW, Numbers
from hf_nb.data.query.take import take
from hf_nb.errors import BadInput, Costly, Stopped
from hf_nb.values.summaries import VIEWER

if TYPE_CHECKING:
    import duckdb
    import numpy
    import pyarrow

    from hf_nb.data.query.wanted import Wanted
    from hf_nb.data.source import Source

HEAD = 1000  # rows of a sorted view that are found without sorting all


@dataclass(frozen=True)
class Found:
    """How many rows match: `rows` of the `scanned`, which are all where `exact`. `of`: rows of the table."""

    rows: int
    of: int | None
    scanned: int
    exact: bool
    sql: str
    seconds: float
    by: str = ""  # who looked, where it was not we


class View:
    """Thread-safe. A search that was stopped keeps what it found, and goes on from there when asked again."""

    def __init__(self, source: Source, asked: Wanted) -> None:
        self.source, self.wanted = source, asked
        self.sql = wanted.sql(asked, source.schema)
        self._condition = wanted.condition(asked, source.schema)
        self._called = wanted.names(source.schema)
        self._finding, self._sorting = threading.Lock(), threading.Lock()
        self._rows = Numbers()  # that match, ascending
        self._todo: list[scan.Span] | None = None
        self._scanned, self._seconds, self._done = 0, 0.0, False
        self._by = ""
        self._head: numpy.ndarray | None = None
        self._order: numpy.ndarray | None = None
        self._sorted_of = 0  # rows that were found when they were sorted

    @property
    def found(self) -> Found:
        """As far as it is known."""
        total = self.source.rows
        if self.wanted.all:
            return Found(total or 0, total, total or 0, total is not None, self.sql, self._seconds)
        return Found(len(self._rows), total, self._scanned, self._done, self.sql, self._seconds, self._by)

    @property
    def kept(self) -> int:
        """Bytes that are kept for it."""
        arrays = [one for one in (self._head, self._order) if one is not None]
        return self._rows.bytes + sum(int(one.nbytes) for one in arrays)

    @property
    def left(self) -> int:
        """Bytes that looking at all the rest would move, at most."""
        return 0 if self._done else scan.cost(self.source, self._condition.columns, self._todo)

    @property
    def looked(self) -> tuple[str, ...]:
        """The columns that it looks at."""
        sort = (self.wanted.sort[0],) if self.wanted.sort is not None else ()
        return tuple(dict.fromkeys((*self._condition.columns, *sort)))

    def find(self, tell: Callable[[Found], None] | None = None, enough: int | None = None) -> Found:
        """Look through the table. `tell` hears of every stretch; a stop leaves what was found (Stopped.partial).

        With `enough` rows it ends, unless the rest is little; and it begins without asking what the whole would take.
        """
        with self._finding:
            begun = time.monotonic()
            try:
                try:
                    if self.wanted.all:
                        self.source.count()
                    elif not self._done:
                        try:
                            self._find(tell, enough)
                        except BadInput as wrong:
                            if not self._widened():
                                raise self._meant(wrong) from wrong
                            self._find(tell, enough)
                finally:
                    self._seconds += time.monotonic() - begun
            except Stopped as stopped:
                stopped.partial = self.found
                raise
            return self.found

    def positions(self, offset: int, limit: int) -> list[int]:
        """Numbers of the source's rows; of what was found by now, where a search was begun."""
        if offset < 0 or limit < 0:
            raise BadInput("Rows are counted from 0.")
        if self.wanted.sort is not None:
            return [int(row) for row in self._sorted(offset + limit)[offset : offset + limit]]
        if self.wanted.all:
            total = self.source.rows
            return list(range(offset, offset + limit if total is None else min(offset + limit, total)))
        if not self._scanned and not self._done and not self._finding.locked():
            self.find()
        return self._rows.some(offset, limit)

    def read(self, offset: int, limit: int, columns: Sequence[str] | None = None) -> pyarrow.Table:
        """A page."""
        if self.wanted.all and self.wanted.sort is None:
            return self.source.read(offset, limit, columns)
        self.source.check(columns)
        return take(self.source, self.positions(offset, limit), columns)

    def numbers(self) -> numpy.ndarray | None:
        """Of the rows that were found, ascending; None where these are all rows."""
        if self.wanted.all:
            return None
        if not self._done and not self._scanned:
            self.find()
        return self._rows.all()

    def _find(self, tell: Callable[[Found], None] | None, enough: int | None) -> None:
        columns = self._condition.columns
        if enough is not None and scan.held(self.source):
            enough = None  # quick, and then all of them are known
        if enough is not None and len(self._rows) >= enough:
            return
        if self._todo is None and self.source.rows is not None:
            may = bounds.possible(self.source, self.wanted, columns)
            self._todo = scan.spans(self.source, columns, may, growing=enough is not None)
            assert self._todo is not None
            self._scanned = self.source.count() - sum(span.rows for span in self._todo)  # ruled out
            if self._elsewhere(enough):
                return
        if self._todo is None:
            self._rows, self._scanned = Numbers(), 0  # from the start: its end was not met
        with engine.cursor() as duck:
            spans = scan.scan(
                self.source, columns, self._todo and list(self._todo), growing=enough is not None
            )
            for span, rows in spans:
                self._rows.add(self._matching(duck, span, rows))
                self._scanned += span.rows
                if self._todo:
                    self._todo.pop(0)
                if tell is not None:
                    tell(self.found)
                if enough is not None and len(self._rows) >= enough:
                    if scan.much(self.source, columns, self._todo):
                        spans.close()
                        return
                    enough = None
        self._done = True
        self._rows.all()

    def _elsewhere(self, enough: int | None) -> bool:
        """Whether all of them were found without looking through the table."""
        asked = self._condition
        with engine.cursor() as duck:
            rows = elsewhere.rows(
                self.source, asked.sql, asked.columns, lambda *one: self._matching(duck, *one),
                self._todo or (), enough,
            )  # fmt: skip
        if rows is None:
            return False
        self._rows.add(rows)
        self._scanned, self._todo, self._done, self._by = self.source.count(), [], True, VIEWER
        self.source.remark(f"The rows that match were found by {VIEWER}; a part of them was looked at here.")
        return True

    def _meant(self, wrong: BadInput) -> BadInput:
        """What stands against a condition, with what its columns hold."""
        columns = {column.name: column for column in self.source.columns}
        held = [f"{name} holds {columns[name].type}" for name in self._condition.columns[:5]]
        return BadInput(wrong.problem, "; ".join(held) or wrong.next_step)

    def _widened(self) -> bool:
        """Whether a text holds something else further down than its first rows say: all of them are looked at."""
        before = self.source.schema
        if not any(getattr(part, "guessed", False) for part in self.source.parts):
            return False
        try:
            for _ in scan.scan(self.source, self._condition.columns, None):
                pass
        except Costly:
            return False
        self._todo, self._rows, self._scanned = None, Numbers(), 0
        return not before.equals(self.source.schema)

    def _matching(
        self, duck: duckdb.DuckDBPyConnection, span: scan.Span, rows: pyarrow.Table
    ) -> numpy.ndarray:
        import numpy

        total = self.source.rows
        ids = numpy.arange(
            span.first, span.first + span.rows, dtype=numpy.uint32 if (total or 0) < FEW else numpy.uint64
        )
        name = quoted(handing.id_name(self._called))
        duck.register("t", handing.numbered(rows, self._called, ids))
        try:
            met = duck.sql(f"SELECT {name} AS id FROM t WHERE {self._condition.sql}").fetchnumpy()["id"]
        finally:
            duck.unregister("t")
        found: numpy.ndarray = met
        if (found[1:] < found[:-1]).any():  # a long IN is a join to DuckDB, which keeps no order
            found.sort()
        return found

    def _sorted(self, end: int) -> numpy.ndarray:
        """Numbers of at least the first `end` rows, as far as there are so many."""
        with self._sorting:
            if self._sorted_of != len(self._rows):  # more was found since
                self._order = self._head = None
            if self._order is not None:
                return self._order
            if self._head is not None and (end <= len(self._head) or len(self._head) < HEAD):
                return self._head
            within = self.numbers()
            self._sorted_of = len(self._rows)
            if end <= HEAD and not scan.remote(self.source):
                self._head = order.ordered(self.source, self.wanted, within, HEAD)
                return self._head
            self._order, self._head = order.ordered(self.source, self.wanted, within), None
            return self._order
