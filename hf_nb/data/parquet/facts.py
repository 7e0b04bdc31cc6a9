"""What the statistics of the row groups say of a column: only where all of them say it, and exactly."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from hf_nb.data.parts import Facts

if TYPE_CHECKING:
    from hf_nb.data.parquet.footer import Footer

# Writers that shorten the bounds of long texts do so at this length or beyond, and older ones do not say that they did.
SHORTENED = 64


def facts(footer: Footer) -> dict[str, Facts]:
    """By column. Columns of several leaves have none."""
    found: dict[str, Facts] = {}
    for number, leaves in enumerate(footer.fields):
        name = footer.schema.names[number]
        if len(leaves) == 1 and not leaves[0].repetition and name not in found:
            said = _of(footer, leaves[0].number)
            if said != Facts():
                found[name] = said
    return found


def _of(footer: Footer, leaf: int) -> Facts:
    nulls: int | None = 0
    distinct = None
    lows: list[Any] | None = []
    highs: list[Any] | None = []
    groups = [at for at, rows in enumerate(footer.counts) if rows]
    for group in groups:
        chunk = footer.metadata.row_group(group).column(leaf)
        said = chunk.statistics if chunk.is_stats_set else None
        if said is None:
            return Facts()
        nulls = nulls + said.null_count if nulls is not None and said.has_null_count else None
        if said.has_distinct_count and len(groups) == 1:
            distinct = said.distinct_count
        empty = said.has_null_count and said.null_count == footer.counts[group]
        low, high = (None, None) if empty else _bounds(said)
        lows = None if lows is None or (low is None and not empty) else [*lows, *([] if empty else [low])]
        highs = (
            None if highs is None or (high is None and not empty) else [*highs, *([] if empty else [high])]
        )
    return Facts(nulls, _least(lows, min), _least(highs, max), distinct)


def _bounds(said: Any) -> tuple[Any, Any]:
    if not said.has_min_max:
        return None, None
    try:
        low, high = said.min, said.max
    except (NotImplementedError, ValueError, OverflowError, TypeError):
        return None, None
    return tuple(None if _shortened(one) else one for one in (low, high))  # type: ignore[return-value]


def _shortened(value: Any) -> bool:
    """A text this long may be only the beginning of one; and what is no number bounds nothing."""
    return (isinstance(value, (str, bytes)) and len(value) >= SHORTENED) or (
        isinstance(value, float) and math.isnan(value)
    )


def _least(values: list[Any] | None, which: Any) -> Any:
    if not values:
        return None
    try:
        return which(values)
    except TypeError:
        return None
