"""A text whose rows are found by reading it: CSV, JSON, plain lines.

Its first rows come from its first bytes. What its columns hold is said by those, and widened when a later row says
otherwise; `notes` tells of it.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from hf_nb.data.formats import widening
from hf_nb.data.formats.lines import Lines
from hf_nb.data.formats.texts import opened
from hf_nb.data.parts import Block, Facts

if TYPE_CHECKING:
    import pyarrow

    from hf_nb.data.files.file import File
    from hf_nb.data.formats.texts import Text

Raw = bytes  # `bytes` is a property of the class below

BLOCK = 4_000_000  # bytes of a block
MOST_NOTES = 8


class Lined:
    """What all such files share; each says how it is cut into rows (`begin`) and how rows are read (`parsed`)."""

    streams = True  # its rows are found by reading on
    guessed = True  # its types are what the rows look like

    def __init__(self, file: File) -> None:
        self.file, self.name = file, file.name
        self._lock = threading.RLock()
        self._found: Lines | None = None
        self._schema: pyarrow.Schema | None = None
        self._notes: list[str] = []

    def begin(self, text: Text) -> Lines:
        """Looks at the first bytes: where rows begin, and how they end."""
        raise NotImplementedError

    def parsed(self, rows: Raw, schema: pyarrow.Schema | None) -> pyarrow.Table:
        """Whole rows as a table: with these types, or with those that fit. Raises ArrowInvalid where they do not."""
        raise NotImplementedError

    @property
    def bytes(self) -> int | None:
        """As stored, packed or not."""
        return self.file.size

    @property
    def notes(self) -> tuple[str, ...]:
        """What was met that a reader should know."""
        return tuple(self._notes)

    @property
    def lines(self) -> Lines:
        """Its rows as bytes."""
        with self._lock:
            if self._found is None:
                self._found = self.begin(opened(self.file))
            return self._found

    @property
    def schema(self) -> pyarrow.Schema:
        """As far as it was read."""
        lines = self.lines
        with self._lock:
            if self._schema is None:
                rows = lines.first()
                self._schema = self.parsed(rows, None).schema
            return self._schema

    @property
    def rows(self) -> int | None:
        """None until the end was seen."""
        return self._found.total if self._found is not None else None

    def count(self) -> int:
        """Reads on to the end."""
        return self.lines.count()

    def read(self, start: int, count: int, columns: Sequence[str] | None = None) -> pyarrow.Table:
        """Rows from `start`."""
        import pyarrow

        schema = self.schema
        pieces = list(self.lines.take(start, count))
        while True:
            read = [self._table(piece, start) for piece in pieces]
            if self._schema is schema or self._schema is None:
                break
            schema = (
                self._schema
            )  # widened half-way: what was read before is read as what it is known to be now
        table = pyarrow.concat_tables(read) if read else schema.empty_table()
        return table if columns is None else table.select(list(columns))

    def cost(self, start: int, count: int, columns: Sequence[str] | None = None) -> int:
        """All columns lie together."""
        return self.lines.cost(start, count)

    def blocks(self, columns: Sequence[str] | None = None) -> list[Block]:
        """Runs of a few megabytes."""
        total, lines = self.count(), self.lines
        places = [*lines.places(), (total, lines.text.size or 0)]
        found: list[Block] = []
        first, begin = places[0]
        for row, offset in places[1:]:
            if row > first and (offset - begin >= BLOCK or row == total):
                found.append(Block(first, row - first, lines.text.cost(begin, offset - begin)))
                first, begin = row, offset
        return found

    def facts(self) -> Mapping[str, Facts]:
        """A text says nothing of its columns."""
        return {}

    def note(self, said: str) -> None:
        """Tell the reader, once."""
        with self._lock:
            if said not in self._notes and len(self._notes) < MOST_NOTES:
                self._notes.append(said)

    def _table(self, rows: Raw, start: int) -> pyarrow.Table:
        """With the types known so far, or with wider ones."""
        import pyarrow

        known = self.schema
        try:
            table = self.parsed(rows, known)
        except pyarrow.ArrowInvalid:
            table = None
        if table is not None and table.schema.equals(known):
            return table
        self._widen((table if table is not None else self.parsed(rows, None)).schema, start)
        try:
            return self.parsed(rows, self.schema)
        except pyarrow.ArrowInvalid:  # what holds anything
            self._widen(pyarrow.schema([(name, pyarrow.string()) for name in self.schema.names]), start)
            return self.parsed(rows, self.schema)

    def _widen(self, met: pyarrow.Schema, start: int) -> None:
        import pyarrow

        with self._lock:
            before = self.schema
            after = widening.merged(before, met, last=pyarrow.string())
            for said in widening.changed(before, after, start):
                self.note(said)
            if not after.equals(before):
                self._schema = after
