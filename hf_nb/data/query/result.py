"""What a query answered, as a source: an Arrow table, in memory or mapped from a file of this process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from hf_nb.data.parts import Block, Facts
from hf_nb.data.source import Source
from hf_nb.values.data import Origin

if TYPE_CHECKING:
    import pyarrow


class Result:
    """One Arrow table as a part. Nothing is copied."""

    def __init__(self, table: pyarrow.Table, name: str) -> None:
        self.name, self._table = name, table

    @property
    def bytes(self) -> int | None:
        return int(self._table.nbytes)

    @property
    def schema(self) -> pyarrow.Schema:
        return self._table.schema

    @property
    def rows(self) -> int | None:
        return int(self._table.num_rows)

    def count(self) -> int:
        return int(self._table.num_rows)

    def read(self, start: int, count: int, columns: Sequence[str] | None = None) -> pyarrow.Table:
        rows = self._table.slice(start, count)
        return rows if columns is None else rows.select(list(columns))

    def take(self, rows: Sequence[int], columns: Sequence[str] | None = None) -> pyarrow.Table:
        """Rows from anywhere."""
        import pyarrow

        return (self._table if columns is None else self._table.select(list(columns))).take(
            pyarrow.array(rows)
        )

    def cost(self, start: int, count: int, columns: Sequence[str] | None = None) -> int:
        return 0

    def blocks(self, columns: Sequence[str] | None = None) -> Sequence[Block]:
        return [Block(0, self.count(), 0)] if self.count() else []

    def facts(self) -> Mapping[str, Facts]:
        return {}


def source(table: pyarrow.Table, name: str, form: str = "query") -> Source:
    """A table as a source."""
    return Source(Origin(place="query", name=name, form=form), [Result(table, name)])
