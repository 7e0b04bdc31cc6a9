"""What was counted by now, as an answer: each line with its bounds, in the order asked for."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hf_nb.data.estimate.counts import Counter, Key, Line, counted_by
from hf_nb.data.estimate.interval import Drawn, bound
from hf_nb.data.estimate.tails import Tail, tail
from hf_nb.data.query import bounds
from hf_nb.data.query.names import quoted
from hf_nb.data.query.wanted import names
from hf_nb.values.estimates import Bound, Group

if TYPE_CHECKING:
    from hf_nb.data.estimate.asked import Asked
    from hf_nb.data.estimate.sample import Stretch
    from hf_nb.data.source import Source

SHOWN = 200  # characters of a group's name
Row = tuple[Key, list[Bound]]
Ends = tuple[float | None, float | None]


class Answers:
    """Of one query, from what its counter holds."""

    def __init__(self, asked: Asked, source: Source, counter: Counter) -> None:
        self.asked, self.source, self.counter = asked, source, counter
        self.counts = counted_by(asked.terms)

    @functools.cached_property
    def _ends(self) -> list[Ends]:
        return [_ends(self.source, term.sql, self.asked.where) for term in self.asked.terms]

    def exact(self) -> list[Row]:
        """When every block was read."""
        rows = []
        for key, line in self.counter.lines.items():
            sums = line.sums(len(self.asked.terms))
            values = [_plain(formula(sums)) for formula in self.asked.formulas]
            rows.append((key, [Bound(value, value, value) for value in values]))
        return rows

    def bounded(
        self, stretches: Sequence[Stretch], rows: Sequence[int], all_rows: int, outside: float
    ) -> list[Row]:
        """From the drawn blocks, of which `rows` tells how many rows each has."""
        import numpy

        place = {one.drawn: at for at, one in enumerate(stretches)}
        stands_for = {one.drawn: len(one) for one in stretches}
        answers: list[Row] = []
        for key, line in self.counter.lines.items():
            totals = numpy.zeros((len(stretches), len(self.asked.terms)))
            for block, shares in line.shares.items():
                totals[place[block]] = shares
            drawn = Drawn(stretches, numpy.array(rows, float), totals, all_rows)
            tails = self._tails(line, totals.sum(0), stands_for)
            values = [
                bound(formula, drawn, counts=self.counts, tails=tails, outside=outside)
                for formula in self.asked.formulas
            ]
            answers.append((key, [_finite(one) for one in values]))
        return answers

    def _tails(self, line: Line, sums: Any, stands_for: Mapping[int, int]) -> list[Tail | None]:
        found: list[Tail | None] = []
        for at, term in enumerate(self.asked.terms):
            counted = self.counts[at]
            if term.counts or at not in line.high or counted is None:
                found.append(None)
                continue
            middle = float(sums[at] / sums[counted]) if sums[counted] else 0.0
            found.append(
                tail(line.high[at], line.low[at], middle, stands_for, self._ends[at])
                if math.isfinite(middle)
                else None
            )
        return found

    def groups(self, rows: list[Row]) -> tuple[Group, ...]:
        """Sorted and cut as asked; by their keys where nothing was said."""
        keys = len(self.asked.keys)
        for order in reversed(self.asked.order):
            by = functools.partial(_sorting, at=order.at, keys=keys)
            rows.sort(key=by, reverse=order.descending)
            rows.sort(key=lambda row: by(row)[0])
        if not self.asked.order:
            rows.sort(key=lambda row: [_sorting(row, at, keys) for at in range(keys)])
        return tuple(
            Group(tuple("null" if part is None else part[:SHOWN] for part in key), tuple(values))
            for key, values in rows[: self.asked.limit]
        )

    def note(self, rows: Sequence[Row]) -> str:
        """What the numbers do not say."""
        said = []
        if any(one.low is None for _, values in rows for one in values):
            said.append("No bounds where too few rows were met, or a few large values make up the answer.")
        if self.asked.keys:
            said.append("Groups that were not met yet are missing.")
        if self.asked.limit is not None or self.asked.order:
            said.append("The order may still change.")
        return " ".join(said)


def _ends(source: Source, sql: str, where: str) -> Ends:
    """The smallest and largest value of a column that is added up as it is, where its files tell them."""
    name = next((name for name, said in names(source.schema).items() if sql in {said, quoted(said)}), None)
    told = [facts.get(name) for facts in source.facts()] if name is not None else []
    if not told or not all(one and _number(one.low) and _number(one.high) for one in told):
        return None, None
    low, high = min(float(one.low) for one in told if one), max(float(one.high) for one in told if one)
    for one in bounds.implied(where, source.schema):
        if one.column == name:
            least, most = one.values
            low = max(low, float(least)) if _number(least) else low
            high = min(high, float(most)) if _number(most) else high
    return low, high


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _sorting(row: Row, at: int, keys: int) -> tuple[bool, Any, Any]:
    """What is missing, then numbers by their size, then texts."""
    value = row[0][at] if at < keys else row[1][at - keys].value
    if isinstance(value, str):
        try:
            number = float(value)
        except ValueError:
            return False, math.inf, value
        return False, math.inf if math.isnan(number) else number, value
    return value is None, 0 if value is None else value, ""


def _plain(value: Any) -> Any:
    """A number as JSON has it."""
    if value is None or isinstance(value, int):
        return value
    value = float(value)
    return value if math.isfinite(value) else None


def _finite(one: Bound) -> Bound:
    value, low, high = (_plain(each) for each in (one.value, one.low, one.high))
    return Bound(value, low, high) if low is not None and high is not None else Bound(value)
