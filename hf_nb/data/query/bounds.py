"""Which stretches of a source cannot hold a wanted row, by what its files say of themselves: exact, and free."""

from __future__ import annotations

import datetime
import decimal
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from hf_nb.data.parts import Facts
from hf_nb.data.query import tree, wanted
from hf_nb.data.query.wanted import Filter

if TYPE_CHECKING:
    import pyarrow

    from hf_nb.data.parts import Block, Part
    from hf_nb.data.query.wanted import Wanted
    from hf_nb.data.source import Source

NONE = Facts()
EPOCH = datetime.datetime(1970, 1, 1)  # noqa: DTZ001 - compared with times that have no zone
_SIDES = {
    "COMPARE_EQUAL": "=",
    "COMPARE_GREATERTHAN": ">",
    "COMPARE_GREATERTHANOREQUALTO": ">",
    "COMPARE_LESSTHAN": "<",
    "COMPARE_LESSTHANOREQUALTO": "<",
}


def possible(source: Source, asked: Wanted, columns: Sequence[str]) -> Callable[[int, Block], bool] | None:
    """Says of a block whether some row of it may be wanted; None where nothing can be ruled out."""
    schema = source.schema
    filters = [one for one in (*asked.filters, *implied(asked.where, schema)) if one.column in schema.names]
    if not filters:
        return None
    told = [facts for part in source.parts for facts in of_blocks(part, columns, filters)]
    if not any(told):
        return None
    return lambda at, block: at >= len(told) or _may(filters, told[at], block.rows)


def of_blocks(part: Part, columns: Sequence[str], filters: Sequence[Filter]) -> Sequence[Mapping[str, Facts]]:
    """What is known of each block of a part: of its pages or its row group, where it has none of the whole part."""
    blocks = part.blocks(columns)
    ends = getattr(part, "ends", None)
    if ends is None:
        whole, rows = part.facts(), sum(block.rows for block in blocks)
        return [{name: one.of_some(block.rows, rows) for name, one in whole.items()} for block in blocks]
    there = set(part.schema.names)
    about = list(dict.fromkeys(one.column for one in filters if one.column in there))
    found: Sequence[Mapping[str, Facts]] = ends(blocks, about, partial(_may, filters))
    return found


def _may(filters: Sequence[Filter], told: Mapping[str, Facts], rows: int) -> bool:
    return all(matches(one, told.get(one.column, NONE), rows) for one in filters)


def matches(asked: Filter, facts: Facts, rows: int) -> bool:
    """Whether a stretch of so many rows, of which this is known, may hold a row that is wanted."""
    if asked.test == "null":
        return facts.nulls != 0
    if facts.nulls == rows:
        return asked.test == "in" and None in asked.values
    if asked.test == "in":
        return (None in asked.values and facts.nulls != 0) or any(
            _within(value, value, True, facts) for value in asked.values if value is not None
        )
    if asked.test == "between" and len(asked.values) == 2:
        return _within(asked.values[0], asked.values[1], asked.closed, facts)
    return True


def _within(low: Any, high: Any, closed: bool, facts: Facts) -> bool:  # noqa: FBT001 - a filter's own
    """Whether a range and what is known have something in common. Unsure: yes."""
    if facts.low is None or facts.high is None:
        return True
    try:
        least, most = _number(facts.low, -1), _number(facts.high, 1)
        if low is not None and most < _number(low, 0):
            return False
        if high is None:
            return True
        end = _number(high, 0)
        return bool(least <= end if closed else least < end)
    except TypeError:
        return True


def _number(value: Any, slack: int) -> Any:
    """Something that compares: times in milliseconds (`slack`: a millisecond outward, for what they leave out)."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime.datetime):
        return (
            value.replace(tzinfo=None) - (value.utcoffset() or datetime.timedelta()) - EPOCH
        ) / datetime.timedelta(milliseconds=1) + slack
    if isinstance(value, datetime.date):
        return (value - EPOCH.date()) / datetime.timedelta(milliseconds=1) + slack
    if isinstance(value, float) and math.isnan(value):
        raise TypeError
    if isinstance(value, (int, float, decimal.Decimal, str)):
        return value
    raise TypeError


def implied(where: str, schema: pyarrow.Schema) -> list[Filter]:
    """Ranges that a condition's rows must lie in, as far as it says so plainly: `a > 3 AND b = 'x' AND …`."""
    if not where.strip():
        return []
    called = {sql.lower(): name for name, sql in wanted.names(schema).items()}
    found = []
    for part in _both(tree.condition(where)):
        side = _SIDES.get(str(part.get("type")))
        if side is None:
            continue
        left, right = part.get("left", {}), part.get("right", {})
        if right.get("class") == "COLUMN_REF":
            left, right, side = right, left, {"<": ">", ">": "<"}.get(side, side)
        value, names = _constant(right), left.get("column_names", [])
        name = (
            called.get(names[-1].lower()) if left.get("class") == "COLUMN_REF" and len(names) == 1 else None
        )
        if name is not None and value is not None and _plain(schema.field(name).type, value, side):
            ends = (None if side == "<" else value, None if side == ">" else value)
            found.append(Filter(name, "between", ends, closed=True))
    return found


def _both(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if part.get("type") != "CONJUNCTION_AND":
        yield part
        return
    for one in part.get("children", []):
        yield from _both(one)


def _constant(part: dict[str, Any]) -> Any:
    said = part.get("literal")
    if part.get("class") != "CONSTANT" or not isinstance(said, dict):
        return None
    try:
        match said.get("kind"):
            case "INTEGER":
                return int(said["text"])
            case "DECIMAL" | "FLOAT" | "DOUBLE" | "NUMERIC":
                return float(said["text"])
            case "STRING":
                return str(said["text"])
    except (KeyError, ValueError):
        return None
    return None


def _plain(kind: pyarrow.DataType, value: Any, side: str) -> bool:
    """Whether a column and a value compare the way these bounds do.

    For DuckDB NaN is larger than every number, and files do not say that it is there: so `x > 3` rules nothing out.
    """
    from pyarrow import types

    if isinstance(value, str):
        return bool(types.is_string(kind) or types.is_large_string(kind))
    return bool(types.is_integer(kind) or (types.is_float64(kind) and side != ">"))
