"""Tables that are in memory already: looked at where they lie, and turned into Arrow a page at a time.

A DataFrame of ten million rows is never copied: the rows and columns that are shown are.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from hf_nb.data.files import meter
from hf_nb.data.formats import widening
from hf_nb.data.parts import Block, Facts

if TYPE_CHECKING:
    import pyarrow

PAGE = 65_536  # rows of a block
GUESSED = 500  # rows at the start, in the middle and at the end that say what a column of objects holds
ROWS = "value"  # the column of things that have none


class Holder(Protocol):
    """Something with rows that can be had by number."""

    names: list[str]

    def __len__(self) -> int: ...

    def page(self, start: int, stop: int, columns: Sequence[int], types: Sequence[Any]) -> list[Any]:
        """Columns of these rows as Arrow arrays; a type that does not fit may be answered with another."""


class Memory:
    """Rows of a holder."""

    guessed = True  # of objects the types are what some of them look like

    def __init__(self, held: Holder, name: str, *, metadata: Mapping[bytes, bytes] | None = None) -> None:
        self.held, self.name, self.bytes = held, name, None
        self._metadata = metadata
        self._names = widening.distinct(held.names)
        self._schema: pyarrow.Schema | None = None
        self._notes: list[str] = []
        self._lock = threading.RLock()

    @property
    def notes(self) -> tuple[str, ...]:
        """What was met that a reader should know."""
        return tuple(self._notes)

    @property
    def schema(self) -> pyarrow.Schema:
        """Its columns; those of objects by what some rows hold."""
        import pyarrow

        with self._lock:
            if self._schema is None:
                rows, known = len(self.held), pyarrow.schema([])
                known = self._page(0, min(rows, GUESSED), None).schema
                for start in (rows // 2, rows - GUESSED):
                    if start >= GUESSED:
                        met = self._page(start, start + GUESSED, None).schema
                        known = widening.merged(known, met, last=pyarrow.string())
                self._schema = pyarrow.schema(known, metadata=self._metadata)
            return self._schema

    @property
    def rows(self) -> int:
        """Known."""
        return len(self.held)

    def count(self) -> int:
        """Known."""
        return len(self.held)

    def read(self, start: int, count: int, columns: Sequence[str] | None = None) -> pyarrow.Table:
        """Rows from `start`."""
        import pyarrow

        meter.look()
        stop = min(start + max(0, count), len(self.held))
        wanted = list(columns) if columns is not None else self.schema.names
        schema = pyarrow.schema([self.schema.field(name) for name in wanted], metadata=self._metadata)
        if stop <= start:
            return schema.empty_table()
        table = self._page(start, stop, schema)
        if table.schema.equals(schema):
            return table.replace_schema_metadata(self._metadata)
        self._widen(table.schema, start)
        schema = pyarrow.schema([self.schema.field(name) for name in wanted], metadata=self._metadata)
        return self._page(start, stop, schema).replace_schema_metadata(self._metadata)

    def take(self, rows: Sequence[int], columns: Sequence[str] | None = None) -> pyarrow.Table | None:
        """Rows from anywhere at once; None where the holder has no quicker way than one after another."""
        import pyarrow

        some = getattr(self.held, "some", None)
        if some is None:
            return None
        wanted = list(columns) if columns is not None else self.schema.names
        schema = pyarrow.schema([self.schema.field(name) for name in wanted], metadata=self._metadata)
        at = {name: number for number, name in enumerate(self._names)}
        arrays = some(rows, [at[name] for name in wanted], schema.types)
        table = pyarrow.table(arrays, names=wanted)
        return table.replace_schema_metadata(self._metadata) if table.schema.equals(schema) else None

    def cost(self, start: int, count: int, columns: Sequence[str] | None = None) -> int:
        """Nothing is moved."""
        return 0

    def blocks(self, columns: Sequence[str] | None = None) -> list[Block]:
        """Any rows can be had by themselves."""
        rows = len(self.held)
        return [Block(first, min(PAGE, rows - first), 0) for first in range(0, rows, PAGE)]

    def facts(self) -> Mapping[str, Facts]:
        """Nothing is noted."""
        return {}

    def _page(self, start: int, stop: int, schema: pyarrow.Schema | None) -> pyarrow.Table:
        import pyarrow

        names = self._names if schema is None else schema.names
        at = {name: number for number, name in enumerate(self._names)}
        types = [None if schema is None else schema.field(name).type for name in names]
        arrays = self.held.page(start, stop, [at[name] for name in names], types)
        return pyarrow.table(arrays, names=list(names))

    def _widen(self, met: pyarrow.Schema, start: int) -> None:
        import pyarrow

        with self._lock:
            before = self.schema
            after = widening.merged(before, met, last=pyarrow.string())
            self._notes += [
                said for said in widening.changed(before, after, start) if said not in self._notes
            ]
            self._schema = after


def array(cells: Any, type_: Any) -> pyarrow.Array:
    """Objects as Arrow: with this type, with one that fits them, or as their text."""
    import pyarrow

    if type_ is not None and pyarrow.types.is_string(type_):
        found = _tried(lambda: pyarrow.array(cells, type_, from_pandas=True))
        return found if found is not None else _as_text(cells)
    for wanted in dict.fromkeys((type_, None)):
        found = _tried(lambda wanted=wanted: pyarrow.array(cells, wanted, from_pandas=True))  # type: ignore[misc]
        if found is not None:
            return found if not isinstance(found, pyarrow.ChunkedArray) else found.combine_chunks()
    return _as_text(cells)


def _tried(how: Callable[[], Any]) -> Any:
    import pyarrow

    try:
        return how()
    except (pyarrow.ArrowException, TypeError, ValueError, OverflowError, AttributeError):
        return None


def _as_text(cells: Any) -> pyarrow.Array:
    import pyarrow

    said = [None if cell is None or cell != cell else _said(cell) for cell in cells]  # noqa: PLR0124 -- not a number
    return pyarrow.array(said, pyarrow.string())


def _said(cell: Any) -> str:
    try:
        return str(cell)
    except Exception:  # noqa: BLE001 -- a stranger's object
        return f"<{type(cell).__name__}>"
