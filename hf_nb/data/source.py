"""A table: parts one after another, as one.

source = data.open("owner/name", split="train")
source.read(2_500_000, 100, ["text"])     a pyarrow.Table; only what these rows need is fetched
source.cost(2_500_000, 100, ["text"])     the bytes that would move
source.rows                               None until somebody knows; count() finds out
source.notes                              what a reader should know of it
"""

from __future__ import annotations

import bisect
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

from hf_nb.data.files import meter
from hf_nb.data.parts import Block, Facts, Part
from hf_nb.errors import BadInput, HfNbError, NotFound

if TYPE_CHECKING:
    import pyarrow

    from hf_nb.data.finding.viewer import Viewer
    from hf_nb.values.data import Column, Origin

# Bytes that may be moved where nobody said how many.
CAP = meter.CAP
FOOTERS = 16  # asked for at the same time
READERS = 8  # parts read at the same time
LOOKED = 4  # cells that say what a column of bytes holds, where nothing else does


class Source:
    """Rows of any number of parts. Thread-safe.

    Parts may differ: a column that one lacks is empty there, and numbers are made wide enough for all.
    """

    def __init__(
        self,
        origin: Origin,
        parts: Sequence[Part],
        *,
        features: Mapping[str, Any] | None = None,
        rows: int | None = None,
        notes: Sequence[str] = (),
        viewer: Viewer | None = None,
    ) -> None:
        if not parts:
            raise NotFound(f"{origin.name} holds no rows.", "Another split or configuration may.")
        self.origin, self.parts, self.features = origin, tuple(parts), features or {}
        self._said = rows  # by its card or the viewer, before the files were asked
        self.viewer = viewer  # the Hub's, where it may know this very table
        self._own_notes = list(notes)
        self._lock = threading.RLock()
        self._starts: list[int] = [0]  # of the parts whose predecessors are counted
        self._schema: pyarrow.Schema | None = None
        self._looked: dict[str, str] | None = None

    @property
    def schema(self) -> pyarrow.Schema:
        """Its columns: the first part's, widened by what was met in others."""
        with self._lock:
            if self._schema is None:
                self._schema = self.parts[0].schema
            return self._schema

    @property
    def columns(self) -> tuple[Column, ...]:
        """Its columns, as people see them."""
        from hf_nb.data.columns import described

        return described(self.schema, self.features, self._media())

    @property
    def bytes(self) -> int | None:
        """The whole, as stored."""
        sizes = [part.bytes for part in self.parts]
        return None if None in sizes else sum(size or 0 for size in sizes)

    @property
    def rows(self) -> int | None:
        """How many; None while nobody knows."""
        counts = [part.rows for part in self.parts]
        return self._said if None in counts else sum(count or 0 for count in counts)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was met that a reader should know."""
        found = [*self._own_notes]
        for part in self.parts:
            found += getattr(part, "notes", ())
        if self.viewer is not None and self.viewer.note:
            found.append(self.viewer.note)
        known = [part.rows for part in self.parts]
        if self._said is not None and None not in known and sum(count or 0 for count in known) != self._said:
            found.append(f"Its card says {self._said:,} rows; the files hold {sum(n or 0 for n in known):,}.")
        return tuple(dict.fromkeys(found))

    def count(self) -> int:
        """How many rows, whatever it takes."""
        self._learn(len(self.parts))
        return self._starts[-1]

    def read(self, offset: int, limit: int, columns: Sequence[str] | None = None) -> pyarrow.Table:
        """Rows from `offset`: `limit` of them, or fewer at the end."""
        self.check(columns)
        if offset < 0 or limit < 0:
            raise BadInput("Rows are counted from 0.")
        wanted = list(columns) if columns is not None else self.schema.names
        pieces: list[tuple[Part, pyarrow.Table]] = []
        done = 0
        while done < limit:
            spans = self._known_spans(offset + done, limit - done)
            if spans:
                pieces += self._together(spans, wanted)
                done += sum(count for _, _, count in spans)
                continue
            found = self._where(offset + done)
            if found is None:
                break
            number, start = found
            part = self.parts[number]
            piece = self._piece(part, start, limit - done, wanted)
            pieces.append((part, piece))
            done += piece.num_rows
            if done < limit:  # its end was met
                self._learn(number + 1)
                if number + 1 == len(self.parts):
                    break
        return self._as_one(pieces, wanted, every=columns is None)

    def cost(self, offset: int, limit: int, columns: Sequence[str] | None = None) -> int:
        """Bytes that reading them would move now, as well as that is known."""
        spans = self._known_spans(offset, limit)
        done = sum(count for _, _, count in spans)
        if done < limit and (found := self._where(offset + done)) is not None:
            spans.append((found[0], found[1], limit - done))
        return sum(self.parts[part].cost(start, count, columns) for part, start, count in spans)

    def blocks(self, columns: Sequence[str] | None = None) -> list[Block]:
        """All rows in the smallest runs that can be read by themselves, numbered through."""
        self.count()
        return [
            Block(start + block.first, block.rows, block.bytes)
            for start, part in zip(self._starts, self.parts, strict=False)
            for block in part.blocks(columns)
        ]

    def facts(self) -> list[Mapping[str, Facts]]:
        """What each part says about its columns."""
        if len(self.parts) == 1:
            return [self.parts[0].facts()]
        with ThreadPoolExecutor(FOOTERS) as pool:
            asked = [pool.submit(copy_context().run, part.facts) for part in self.parts]
            return [one.result() for one in asked]

    def remark(self, said: str) -> None:
        """Something that a reader should know of it."""
        self._note(said)

    def check(self, columns: Sequence[str] | None) -> None:
        """Refuses a column that is not there."""
        known = set(self.schema.names) if columns else set()
        missing = [name for name in columns or () if name not in known]
        if missing:
            raise BadInput(
                f"There is no column {missing[0]!r}.", f"Columns: {', '.join(self.schema.names[:20])}"
            )

    # Where rows are.

    def _known_spans(self, offset: int, limit: int) -> list[tuple[int, int, int]]:
        """Rows of parts whose beginnings and ends are known: part, first row in it, how many."""
        spans = []
        starts = self._starts
        number, at = bisect.bisect_right(starts, offset) - 1, offset
        while number < len(starts) - 1 and at < offset + limit:
            count = min(offset + limit, starts[number + 1]) - at
            if count > 0:
                spans.append((number, at - starts[number], count))
                at += count
            number += 1
        return spans

    def _where(self, row: int) -> tuple[int, int] | None:
        """The part that holds this row, or is read to find out, and the row in it; None behind the end."""
        ahead = 1
        while True:
            starts = self._starts
            if row < starts[-1]:
                number = bisect.bisect_right(starts, row) - 1
                return number, row - starts[number]
            number = len(starts) - 1
            if number == len(self.parts):
                return None
            part = self.parts[number]
            if row == starts[-1] and part.rows is None:
                return number, 0
            # A text is read on to where the row would be; others say how many rows they have.
            if part.rows is None and (number + 1 == len(self.parts) or getattr(part, "streams", False)):
                return number, row - starts[-1]
            if part.rows is not None:
                self._learn(number + 1)
                continue
            ahead *= 2
            self._learn(min(len(self.parts), number + ahead))

    def _learn(self, parts: int) -> None:
        """Count the first `parts` parts: many footers at the same time."""
        with self._lock:
            todo = range(len(self._starts) - 1, parts)
            unknown = [at for at in todo if self.parts[at].rows is None]
            if len(unknown) > 1:
                with ThreadPoolExecutor(FOOTERS) as pool:
                    asked = [pool.submit(copy_context().run, self.parts[at].count) for at in unknown]
                    for one in asked:
                        one.result()
            starts = list(self._starts)
            for at in todo:
                known = self.parts[at].rows
                starts.append(starts[-1] + (self.parts[at].count() if known is None else known))
            self._starts = starts  # replaced, not changed: others may be looking into the old one

    # Rows of several parts as one table.

    def _together(
        self, spans: Sequence[tuple[int, int, int]], wanted: Sequence[str]
    ) -> list[tuple[Part, pyarrow.Table]]:
        if len(spans) == 1:
            ((number, start, count),) = spans
            return [(self.parts[number], self._piece(self.parts[number], start, count, wanted))]
        with ThreadPoolExecutor(READERS) as pool:
            asked = [
                pool.submit(copy_context().run, self._piece, self.parts[number], start, count, wanted)
                for number, start, count in spans
            ]
            return [(self.parts[span[0]], one.result()) for span, one in zip(spans, asked, strict=True)]

    def _piece(self, part: Part, start: int, count: int, wanted: Sequence[str]) -> pyarrow.Table:
        meter.look()
        if part is self.parts[0] and part.schema.names == list(wanted):
            return part.read(start, count)
        there = part.schema.names
        if part is not self.parts[0] and (more := [name for name in there if name not in self.schema.names]):
            self._note(f"Columns that the first file lacks are left out: {', '.join(more[:5])}.")
        return part.read(start, count, [name for name in wanted if name in there])

    def _as_one(
        self, pieces: Sequence[tuple[Part, pyarrow.Table]], wanted: Sequence[str], *, every: bool
    ) -> pyarrow.Table:
        import pyarrow

        for part, piece in pieces:
            self._widen(part, piece.schema)
        known = self.schema
        schema = known if every else pyarrow.schema([known.field(known.get_field_index(n)) for n in wanted])
        tables = [_cast(part, piece, schema) for part, piece in pieces]
        return pyarrow.concat_tables(tables) if tables else schema.empty_table()

    def _widen(self, part: Part, met: pyarrow.Schema) -> None:
        """Make the columns wide enough for what a part holds."""
        import pyarrow

        from hf_nb.data.formats.widening import wider

        with self._lock:
            known = self.schema
            for field in met:
                at = known.get_field_index(field.name)
                if at < 0 or known.field(at).type.equals(field.type):
                    continue
                both = wider(known.field(at).type, field.type)
                if both is None and (
                    getattr(part, "guessed", False) or getattr(self.parts[0], "guessed", False)
                ):
                    both = pyarrow.string()
                    if part is not self.parts[0]:  # which says so itself
                        self._note(f"Column {field.name!r} is text in some places: it is read as text.")
                if both is None:
                    raise BadInput(
                        f"{part.name} holds {field.name!r} as {field.type}, the files before it as "
                        f"{known.field(at).type}.",
                        "They are different tables: open one of them by its path.",
                    )
                known = known.set(at, known.field(at).with_type(both))
            self._schema = known

    def _note(self, said: str) -> None:
        with self._lock:
            if said not in self._own_notes:
                self._own_notes.append(said)

    def _media(self) -> Mapping[str, str]:
        """What columns of bytes hold of which nobody said it: their first cells are looked at, once."""
        from hf_nb.data.columns import looked_at, unsaid

        names = unsaid(self.schema, self.features)
        if names and self._looked is None:
            try:
                self._looked = looked_at(self.parts[0].read(0, LOOKED, names))
            except HfNbError:
                self._looked = {}
        return self._looked or {}


def _cast(part: Part, piece: pyarrow.Table, schema: pyarrow.Schema) -> pyarrow.Table:
    """With these columns and types."""
    import pyarrow

    if piece.schema.equals(schema):
        return piece.replace_schema_metadata(schema.metadata)
    columns = []
    for field in schema:
        at = piece.schema.get_field_index(field.name)
        if at < 0:
            columns.append(pyarrow.nulls(piece.num_rows, field.type))
            continue
        try:
            columns.append(piece.column(at).cast(field.type))
        except pyarrow.ArrowException as wrong:
            raise BadInput(
                f"{part.name} holds {field.name!r} as {piece.schema.field(at).type}, which cannot be read as "
                f"{field.type}.",
                "They are different tables: open one of them by its path.",
            ) from wrong
    return pyarrow.table(columns, schema=schema)
