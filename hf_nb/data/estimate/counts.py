"""Each block's share of every total, group by group, counted by DuckDB."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hf_nb.data.estimate.asked import Asked, No
from hf_nb.data.estimate.tails import Ends
from hf_nb.data.estimate.terms import Term
from hf_nb.data.query import engine, handing
from hf_nb.data.query.names import quoted
from hf_nb.data.query.wanted import names
from hf_nb.errors import BadInput, TooLarge

if TYPE_CHECKING:
    import pyarrow

    from hf_nb.data.source import Source

Key = tuple[str | None, ...]
GROUPS = 1_000
ENTRIES = 1_000_000  # shares of blocks in groups that are held in memory
LETTERS = 10_000_000  # of the names of all groups
KEPT = 4_096  # of the largest values of a line, on each side
EXTREMES = 64  # of a block's largest values
_NUMBERS = (
    "TINYINT SMALLINT INTEGER BIGINT HUGEINT UTINYINT USMALLINT UINTEGER UBIGINT UHUGEINT FLOAT DOUBLE"
).split()


@dataclass
class Line:
    """One group: by block, its share of each total; of each total, its largest and smallest values and their blocks."""

    shares: dict[int, list[Any]] = field(default_factory=dict)
    high: dict[int, Ends] = field(default_factory=dict)
    low: dict[int, Ends] = field(default_factory=dict)

    def sums(self, terms: int) -> list[Any]:
        """The totals of all blocks read: exact for whole numbers."""
        import math

        columns = list(zip(*self.shares.values(), strict=True)) or [()] * terms
        return [sum(one) if all(isinstance(x, int) for x in one) else math.fsum(one) for one in columns]


class Counter:
    """What a query counts. Not thread-safe: one asks, in the order in which blocks came."""

    def __init__(self, asked: Asked, source: Source) -> None:
        self.asked, self.called = asked, names(source.schema)
        self.lines: dict[Key, Line] = {} if asked.keys else {(): Line()}
        self._sql = self._query()
        self._entries = self._letters = 0

    def check(self, source: Source) -> None:
        """`No` where its values cannot be added up as numbers."""
        try:
            _, kinds = self._run(source.schema.empty_table().select(list(self.asked.columns)), [])
        except BadInput as wrong:
            raise No(wrong.problem) from wrong
        for term, kind in zip(self.asked.terms, kinds, strict=True):
            if not term.counts and not (kind in _NUMBERS or kind.startswith("DECIMAL")):
                raise No(f"{term.sql[:60]} is no number.")

    def add(self, table: pyarrow.Table, blocks: Sequence[tuple[int, int]]) -> None:
        """Rows of some blocks: the number of each, and how many rows are its."""
        for row in sorted(
            self._run(table, blocks)[0], key=lambda row: row[0]
        ):  # DuckDB has no order of its own
            self._note(row)

    def _note(self, row: Sequence[Any]) -> None:
        block, rest = row[0], row[1:]
        key: Key = tuple(rest[: len(self.asked.keys)])
        rest = rest[len(self.asked.keys) :]
        if key not in self.lines:
            self._letters += sum(len(part) for part in key if part)
        line = self.lines.setdefault(key, Line())
        self._entries += 1
        if len(self.lines) > GROUPS or self._entries > ENTRIES or self._letters > LETTERS:
            raise TooLarge(
                f"The query has too many groups: {len(self.lines):,} were met, and there may be more.",
                "Run it exactly, or group by something coarser.",
            )
        shares = []
        for at, term in enumerate(self.asked.terms):
            shares.append(rest[0] or 0)
            if term.counts:
                rest = rest[1:]
                continue
            most = KEPT // 8 if self.asked.keys else KEPT
            line.high[at] = line.high.get(at, Ends.none()).met(rest[1] or (), block, most)
            line.low[at] = line.low.get(at, Ends.none()).met([-one for one in rest[2] or ()], block, most)
            rest = rest[3:]
        line.shares[block] = shares

    def _query(self) -> str:
        keys = [f"CAST({key} AS VARCHAR)" for key in self.asked.keys]
        values = [
            one for term in self.asked.terms for one in _values(term, EXTREMES // 4 if keys else EXTREMES)
        ]
        where = f" WHERE {self.asked.where}" if self.asked.where else ""
        by = ", ".join(str(at + 1) for at in range(1 + len(keys)))
        listed = ", ".join([quoted(handing.id_name(self.called)), *keys, *values])
        return f"SELECT {listed} FROM t AS {quoted(self.asked.called)}{where} GROUP BY {by}"  # noqa: S608 -- written by DuckDB from its own tree

    def _run(
        self, table: pyarrow.Table, blocks: Sequence[tuple[int, int]]
    ) -> tuple[list[tuple[Any, ...]], list[str]]:
        """The lines of each block, and the type of each total."""
        import numpy

        ids = numpy.repeat(
            numpy.array([number for number, _ in blocks], numpy.int64),
            [rows for _, rows in blocks] if blocks else 0,
        )
        with engine.cursor() as duck:
            duck.register("t", handing.numbered(table, self.called, ids[: table.num_rows]))
            try:
                said = duck.execute(self._sql)
                kinds = [str(one[1]) for one in said.description[1 + len(self.asked.keys) :]]
                rows = said.fetchall()
            finally:
                duck.unregister("t")
        return rows, _of_terms(kinds, self.asked.terms)


def _values(term: Term, most: int) -> list[str]:
    met = f" FILTER (WHERE {term.met})" if term.met else ""
    if term.counts:
        return [f"count({term.sql or '*'}){met}"]
    value = f"CAST({term.sql} AS DOUBLE)"
    return [f"sum({term.sql}){met}", f"max({value}, {most}){met}", f"min({value}, {most}){met}"]


def _of_terms(kinds: Sequence[str], terms: Sequence[Term]) -> list[str]:
    found, at = [], 0
    for term in terms:
        found.append(kinds[at])
        at += 1 if term.counts else 3
    return found


def counted_by(terms: Sequence[Term]) -> list[int | None]:
    """For each total the one that counts its rows."""
    at: Mapping[tuple[str, str], int] = {(one.sql, one.met): at for at, one in enumerate(terms) if one.counts}
    return [
        number if term.counts else at.get((term.sql, term.met), at.get(("", term.met)))
        for number, term in enumerate(terms)
    ]
