"""Names and values as SQL. DuckDB takes `A` and `a` for one name; a table may have both, and one without a name."""

from __future__ import annotations

import datetime
import difflib
import math
from collections.abc import Iterable, Sequence
from typing import Any


def quoted(name: str) -> str:
    """A name as SQL says it, whatever is in it."""
    return '"' + name.replace('"', '""').replace("\0", "�") + '"'


def text(value: str) -> str:
    """A text as SQL says it."""
    return "'" + value.replace("'", "''").replace("\0", "�") + "'"


def told_apart(names: Sequence[str]) -> list[str]:
    """Names for SQL, in the same order: as they are where that is possible, else with a number behind."""
    taken: set[str] = set()
    apart = []
    for at, name in enumerate(names):
        clean = name.replace("\0", "�") or f"column{at}"
        made, count = clean, 1
        while made.lower() in taken:
            count += 1
            made = f"{clean}_{count}"
        taken.add(made.lower())
        apart.append(made)
    return apart


def nearest(name: str, names: Iterable[str]) -> list[str]:
    """What may have been meant."""
    by = {one.lower(): one for one in names}
    return [by[one] for one in difflib.get_close_matches(name.lower(), by, 3, 0.6)]


def number(value: float) -> str:
    """A number as SQL says it, exactly."""
    if isinstance(value, int):
        return str(value)
    if math.isnan(value):
        return "'NaN'::DOUBLE"
    if math.isinf(value):
        return f"'{'-' if value < 0 else ''}Infinity'::DOUBLE"
    return f"{value!r}::DOUBLE"


def moment(value: Any) -> str:
    """A time: milliseconds since 1970, or as ISO writes it."""
    if isinstance(value, str):
        return f"{text(value)}::TIMESTAMP"
    try:
        when = datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=value)  # noqa: DTZ001 - SQL has no zone here
    except (OverflowError, ValueError):
        return f"make_timestamp({int(value * 1000)})"
    return f"TIMESTAMP '{when.isoformat(' ')}'"
