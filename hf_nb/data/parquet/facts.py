"""What the statistics of the row groups say of a column: for its summary only where all say it, and exactly.

Read here and not by pyarrow, which a changed bit in a statistic makes end the whole process (26.0.1).
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hf_nb.data.parquet.thrift import Fields
from hf_nb.data.parts import Facts

if TYPE_CHECKING:
    import pyarrow

    from hf_nb.data.parquet.footer import Footer, Leaf

# Writers that shorten the bounds of long texts do so at this length or beyond, and older ones do not say that they did.
SHORTENED = 64
# Physical types: fixed texts among them, and numbers with their format.
_TEXTS = (6, 7)
_NUMBERS = {1: "<i", 2: "<q", 4: "<f", 5: "<d"}
_UNSIGNED = {1: "<I", 2: "<Q"}
_UNITS = {1: "ms", 2: "us", 3: "ns"}

Said = tuple[int | None, Any, Any, int | None]


def facts(footer: Footer) -> dict[str, Facts]:
    """By column. Columns of several leaves have none."""
    found: dict[str, Facts] = {}
    for number, leaves in enumerate(footer.fields):
        name = footer.schema.names[number]
        if len(leaves) == 1 and not leaves[0].repetition and name not in found:
            groups = [at for at, rows in enumerate(footer.counts) if rows]
            said = _together([_of(footer, group, leaves[0]) for group in groups])
            if said != Facts():
                found[name] = said
    return found


def of_group(footer: Footer, group: int, leaf: Leaf) -> Facts:
    """Of one chunk. Its ends may lie beyond its values, as a writer's do that shortens long texts."""
    stats, rows = footer.chunks(group)[leaf.number].stats, footer.counts[group]
    read = reader(leaf, footer.schema.field(leaf.field).type)
    return stretch(stats.get(3), stats.get(6), stats.get(5), rows, read)


def stretch(nulls: Any, low: Any, high: Any, rows: int, read: Callable[[bytes], Any] | None) -> Facts:
    """Of so many rows, with their ends as they are written; what makes no sense is left out."""
    counted = nulls if isinstance(nulls, int) and 0 <= nulls <= rows else None
    return Facts(counted, _read(low, read), _read(high, read))


def _of(footer: Footer, group: int, leaf: Leaf) -> Said | None:
    """(nulls, lowest, highest, different ones) of one chunk; None where it holds no value."""
    stats = footer.chunks(group)[leaf.number].stats
    nulls = stats.get(3)
    nulls = nulls if isinstance(nulls, int) and 0 <= nulls <= footer.counts[group] else None
    if nulls == footer.counts[group]:
        return None
    distinct = stats.get(4)
    read = reader(leaf, footer.schema.field(leaf.field).type)
    low, high = (_bound(stats, number, exact, read) for number, exact in ((6, 8), (5, 7)))
    return nulls, low, high, distinct if isinstance(distinct, int) and distinct > 0 else None


def _together(groups: list[Said | None]) -> Facts:
    said = [one for one in groups if one is not None]
    if not said:
        return Facts()
    nulls = None
    if all(one[0] is not None for one in said) and len(said) == len(groups):
        nulls = sum(one[0] or 0 for one in said)
    lows, highs = [one[1] for one in said], [one[2] for one in said]
    return Facts(
        nulls,
        None if None in lows else min(lows),
        None if None in highs else max(highs),
        said[0][3] if len(groups) == 1 else None,
    )


def _bound(stats: Fields, number: int, exact: int, read: Callable[[bytes], Any] | None) -> Any:
    raw = stats.get(number)
    if not isinstance(raw, bytes) or stats.get(exact) is False:
        return None
    if len(raw) >= SHORTENED and not stats.get(exact):
        return None
    return _read(raw, read)


def _read(raw: Any, read: Callable[[bytes], Any] | None) -> Any:
    if read is None or not isinstance(raw, bytes):
        return None
    try:
        value = read(raw)
    except (struct.error, ValueError, OverflowError, ArithmeticError):
        return None
    return None if isinstance(value, float) and math.isnan(value) else value


def reader(leaf: Leaf, kind: pyarrow.DataType) -> Callable[[bytes], Any] | None:
    """How a bound is read; None for those that bound nothing anybody looks at."""
    import pyarrow
    from pyarrow import types

    if types.is_dictionary(kind):
        kind = kind.value_type
    if types.is_decimal(kind):
        scale, big = kind.scale, leaf.stored in _TEXTS
        return lambda raw: Decimal(int.from_bytes(raw, "big" if big else "little", signed=True)).scaleb(
            -scale
        )
    if types.is_boolean(kind) and leaf.stored == 0:
        return lambda raw: bool(raw[:1] == b"\1")
    if leaf.stored in _TEXTS:
        if types.is_string(kind) or types.is_large_string(kind):
            return lambda raw: raw.decode()
        return bytes if types.is_binary(kind) or types.is_large_binary(kind) else None
    form = (_UNSIGNED if types.is_unsigned_integer(kind) else _NUMBERS).get(leaf.stored)
    if form is None:
        return None
    if types.is_integer(kind) or types.is_floating(kind):
        return lambda raw: struct.unpack(form, raw)[0]
    if types.is_date32(kind):
        return lambda raw: pyarrow.scalar(struct.unpack(form, raw)[0], kind).as_py()
    unit = _unit(leaf)
    if types.is_timestamp(kind) and unit is not None:
        stored = pyarrow.timestamp(unit, kind.tz)
        return lambda raw: pyarrow.scalar(struct.unpack(form, raw)[0], stored).as_py()
    return None


def _unit(leaf: Leaf) -> str | None:
    """In which a timestamp is counted."""
    logical = leaf.element.get(10)
    stamp = logical.get(8) if isinstance(logical, dict) else None
    unit = stamp.get(2) if isinstance(stamp, dict) else None
    if isinstance(unit, dict) and unit:
        return _UNITS.get(next(iter(unit)))
    return {9: "ms", 10: "us"}.get(leaf.element.get(6, -1))
