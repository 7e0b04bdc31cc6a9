"""Which stretches of a source cannot hold a wanted row, by what its files say of themselves: exact, and free."""

from __future__ import annotations

import bisect
import datetime
import decimal
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
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
    told = [
        facts for part in source.parts for facts in of_blocks(part, columns, {one.column for one in filters})
    ]
    if not any(told):
        return None

    def may(at: int, block: Block) -> bool:
        return at >= len(told) or all(
            matches(one, told[at].get(one.column, NONE), block.rows) for one in filters
        )

    return may


def of_blocks(part: Part, columns: Sequence[str], about: set[str]) -> Iterator[Mapping[str, Facts]]:
    """What is known of each block of a part: of its row group where it has such, else of the whole part."""
    blocks = part.blocks(columns)
    footer = getattr(part, "footer", None)
    metadata = getattr(footer, "metadata", None)
    if metadata is None:
        whole = part.facts()
        yield from (whole for _ in blocks)
        return
    starts = [0]
    for group in range(metadata.num_row_groups):
        starts.append(starts[-1] + metadata.row_group(group).num_rows)
    known: dict[int, Mapping[str, Facts]] = {}
    for block in blocks:
        first = bisect.bisect_right(starts, block.first) - 1
        if block.first + block.rows > starts[min(first + 1, len(starts) - 1)]:
            yield {}  # it goes over the end of a group
            continue
        if first not in known:
            known[first] = dict(_of_group(metadata.row_group(first), about))
        yield known[first]


def _of_group(group: Any, about: set[str]) -> Iterator[tuple[str, Facts]]:
    for at in range(group.num_columns):
        column = group.column(at)
        if column.path_in_schema not in about or not column.is_stats_set:
            continue
        stats = column.statistics
        try:
            low, high = (stats.min, stats.max) if stats.has_min_max else (None, None)
        except (ValueError, OverflowError, ArithmeticError, NotImplementedError):
            low = high = None  # a time that Python cannot say
        yield column.path_in_schema, Facts(stats.null_count if stats.has_null_count else None, low, high)


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
