"""One Parquet file as rows: any of them, for the bytes of their pages."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from hf_nb.data.files import meter
from hf_nb.data.files.file import File
from hf_nb.data.parquet import ends, facts, plan
from hf_nb.data.parquet import footer as footers
from hf_nb.data.parquet.decode import decoded, part_of
from hf_nb.data.parquet.fetch import Fetch
from hf_nb.data.parquet.footer import Footer
from hf_nb.data.parts import Block, Facts
from hf_nb.errors import BadInput, Broken

if TYPE_CHECKING:
    import pyarrow


class Parquet:
    """A file's rows. Its footer is read when something is asked, once. Thread-safe."""

    def __init__(self, file: File, guess: int = footers.GUESS) -> None:
        self.file, self._guess = file, guess
        self._footer: Footer | None = None
        self._fetch: Fetch | None = None
        self._facts: dict[str, Facts] | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The file's path."""
        return self.file.name

    @property
    def bytes(self) -> int | None:
        """The whole of it; None while nobody knows."""
        if self._footer is not None:
            return self._footer.size
        return getattr(self.file, "known_size", None) if self.file.remote else self.file.size

    @property
    def schema(self) -> pyarrow.Schema:
        """Its columns."""
        return self.footer.schema

    @property
    def rows(self) -> int | None:
        """None before its footer was read."""
        return None if self._footer is None else self._footer.rows

    @property
    def footer(self) -> Footer:
        """What its end says; read when first asked for."""
        found = self._footer
        if found is None:
            with self._waiting():
                found = self._footer
                if found is None:
                    with self._anew():
                        found = footers.read(self.file, self._guess)
                    self._footer = found
        return found

    @property
    def fetch(self) -> Fetch:
        """What is known of its pages."""
        footer = self.footer
        with self._lock:
            if self._fetch is None or self._fetch.footer is not footer:
                self._fetch = Fetch(self.file, footer)
            return self._fetch

    def count(self) -> int:
        """How many rows: its footer says so."""
        return self.footer.rows

    def read(self, start: int, count: int, columns: Sequence[str] | None = None) -> pyarrow.Table:
        """Rows from `start`: `count` of them, or fewer at the end."""
        import pyarrow

        footer, fields = self.footer, self._fields(columns)
        end = min(start + count, footer.rows)
        if start < 0 or count < 0:
            raise BadInput("Rows are counted from 0.")
        if not fields:  # a table can have rows and no columns
            return pyarrow.table({"rows": pyarrow.nulls(max(0, end - start))}).select([])
        wanted = plan.wants(footer, start, end - start, fields) if end > start else []
        what = f"Reading rows {start:,} to {end:,} of {self.name}"
        with self._anew():
            pieces = self.fetch.pieces(wanted, what)
            tables = [
                decoded(footer, fields, pieces, group, begin, stop)
                for group, begin, stop in plan.spans(footer, start, end - start)
            ]
        return pyarrow.concat_tables(tables) if tables else part_of(footer, fields).empty_table()

    def cost(self, start: int, count: int, columns: Sequence[str] | None = None) -> int:
        """Bytes that reading them would move now."""
        return self.price([(start, count)], columns)

    def price(self, spans: Sequence[tuple[int, int]], columns: Sequence[str] | None = None) -> int:
        """Bytes that reading several runs of rows would move: what they share is counted once."""
        footer, fields = self.footer, self._fields(columns)
        wanted = [
            want
            for start, count in spans
            for want in plan.wants(footer, max(0, start), min(count, footer.rows - start), fields)
        ]
        return self.fetch.cost(wanted)

    def blocks(self, columns: Sequence[str] | None = None) -> list[Block]:
        """Its rows in runs that begin where a page of the largest column does; without an index, in row groups."""
        footer, fields = self.footer, self._fields(columns)
        wanted = plan.wants(footer, 0, footer.rows, fields)
        known = self.fetch.index(wanted)
        return [
            block
            for group, first in enumerate(footer.starts[:-1])
            for block in plan.blocks(footer, group, first, fields, known)
        ]

    def facts(self) -> Mapping[str, Facts]:
        """What the statistics of its row groups say, exactly."""
        found = self._facts
        if found is None:
            found = self._facts = facts.facts(self.footer)
        return found

    def ends(
        self, blocks: Sequence[Block], columns: Sequence[str], may: Callable[[Mapping[str, Facts], int], bool]
    ) -> list[Mapping[str, Facts]]:
        """What is known of each block: by its row group's statistics and, where these let it pass, by its pages'."""
        leaves = ends.leaves(self.footer, columns)
        with self._anew():
            return ends.of_blocks(self.fetch, blocks, leaves, may)

    def _fields(self, columns: Sequence[str] | None) -> list[int]:
        """Numbers of columns; of two with one name the first is meant."""
        names = self.footer.schema.names
        if columns is None:
            return list(range(len(names)))
        first = {name: at for at, name in reversed([*enumerate(names)])}
        for name in columns:
            if name not in first:
                raise BadInput(f"There is no column {name!r}.", f"Columns: {', '.join(names[:20])}")
        return [first[name] for name in columns]

    @contextlib.contextmanager
    def _anew(self) -> Iterator[None]:
        """What came broken is not kept: it may have been somebody's page in the place of the file."""
        try:
            yield
        except Broken:
            self._footer = self._fetch = self._facts = None
            forget = getattr(self.file, "forget", None)
            if forget is not None:
                forget()
            raise

    @contextlib.contextmanager
    def _waiting(self) -> Iterator[None]:
        """For another thread that reads the footer; whoever waits can be stopped."""
        while not self._lock.acquire(timeout=0.05):
            meter.look()
        try:
            yield
        finally:
            self._lock.release()
