"""What files say of their columns by themselves: nothing is read for it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hf_nb.data.parts import Facts
from hf_nb.data.stats.edges import EPOCH
from hf_nb.data.stats.measure import worded
from hf_nb.data.stats.way import Way, way
from hf_nb.values.summaries import Summary

if TYPE_CHECKING:
    from hf_nb.data.source import Source


def summaries(source: Source, names: Sequence[str]) -> Iterator[Summary]:
    """Of the columns that every file says something about; none where a file was not looked at yet."""
    if any(part.rows is None for part in source.parts):
        return
    told, total = source.facts(), source.count()
    columns = {column.name: column for column in source.columns}
    for name in names:
        facts = [one.get(name, Facts()) for one, part in zip(told, source.parts, strict=True) if part.rows]
        nulls = _all([one.nulls for one in facts])
        measured = way(source.schema.field(name), columns[name])
        low, high = _ends(measured, facts)
        if nulls is not None or low is not None:
            distinct = facts[0].distinct if len(facts) == 1 else None
            yield Summary(
                name, "footer", total, total, sum(nulls) if nulls is not None else None, distinct,
                worded(measured, low), worded(measured, high),
            )  # fmt: skip


def _ends(measured: Way, facts: Sequence[Facts]) -> tuple[Any, Any]:
    if measured.sort not in {"whole", "real", "moment"}:
        return None, None  # of a text a file knows the first and last, not the shortest and longest
    lows = _all([number(one.low) for one in facts])
    highs = _all([number(one.high) for one in facts])
    return (min(lows), max(highs)) if lows and highs else (None, None)


def _all(values: Sequence[Any]) -> list[Any] | None:
    return None if not values or None in values else list(values)


def number(value: Any) -> Any:
    """As it is measured: times in microseconds."""
    if isinstance(value, datetime.datetime):
        since = value.replace(tzinfo=None) - (value.utcoffset() or datetime.timedelta()) - EPOCH
        return since // datetime.timedelta(microseconds=1)
    if isinstance(value, datetime.date):
        return (value - EPOCH.date()) // datetime.timedelta(microseconds=1)
    if value is None or isinstance(value, (str, bytes, Mapping)):
        return None
    return value if isinstance(value, int) else float(value)
