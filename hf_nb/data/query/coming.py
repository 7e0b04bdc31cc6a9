"""Tables that are read while DuckDB takes them, on a thread of its own but counted where they were asked for."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import copy_context
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow


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
