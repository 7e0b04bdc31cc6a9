"""Tables that are read while DuckDB takes them, on a thread of its own but counted where they were asked for."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from contextvars import copy_context
from typing import TYPE_CHECKING, TypeVar

from hf_nb.errors import BadInput

if TYPE_CHECKING:
    import pyarrow

    from hf_nb.data.source import Source

T = TypeVar("T")


def settled(sources: Sequence[Source], work: Callable[[], T]) -> T:
    """`work`, done again where a column turned out wider than it was said to be when the work began.

    A text says what its columns hold by its first rows. Types only get wider, so this ends.
    """
    while True:
        before = [source.schema for source in sources]
        try:
            return work()
        except BadInput:
            if all(was.equals(one.schema) for was, one in zip(before, sources, strict=True)):
                raise


class Coming:
    """A stream of tables. What goes wrong while they are read is raised as it was, not as DuckDB repeats it."""

    def __init__(self, tables: Iterator[pyarrow.Table], empty: pyarrow.Table) -> None:
        first = next(tables, empty)
        self.schema = first.schema
        self._first, self._rest = first, tables
        self._context = copy_context()
        self._error: BaseException | None = None

    def reader(self) -> pyarrow.RecordBatchReader:
        """For one scan, from the first table to the last."""
        import pyarrow

        return pyarrow.RecordBatchReader.from_batches(self.schema, self._batches())

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """Around the query."""
        try:
            yield
        except Exception as error:
            if self._error is not None:
                raise self._error from error
            raise

    def _batches(self) -> Iterator[pyarrow.RecordBatch]:
        table: pyarrow.Table | None = self._first
        while table is not None:
            yield from (table if table.schema == self.schema else table.cast(self.schema)).to_batches()
            try:
                table = self._context.run(next, self._rest, None)
            except BaseException as error:
                self._error = error
                raise
