"""Numbers, moments and stretches of them, as short as they can be said."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from itertools import pairwise

from hf_nb.data.stats.edges import DAY, EPOCH


def number(value: object) -> str:
    """Whole numbers in full, others with six digits."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, int):
        return str(value)
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.6g}"


def moment(milliseconds: float, step: float = 1) -> str:
    """A time, as exactly as steps of this width need."""
    try:
        when = EPOCH + datetime.timedelta(milliseconds=milliseconds)
    except (OverflowError, ValueError):
        return f"{milliseconds / DAY / 365.2425 + 1970:.0f}"  # a year no calendar has
    if step >= 300 * DAY:
        return f"{when:%Y}"
    if step >= 28 * DAY:
        return f"{when:%Y-%m}"
    if step >= DAY:
        return f"{when:%Y-%m-%d}"
    if step >= 60_000:
        return f"{when:%Y-%m-%d %H:%M}"
    return f"{when:%Y-%m-%d %H:%M:%S}" + (
        f".{when.microsecond // 1000:03d}" if step < 1000 and when.microsecond else ""
    )


def stretch(milliseconds: float) -> str:
    """A length of time."""
    if abs(milliseconds) >= 2 * DAY:
        return f"{number(round(milliseconds / DAY, 2))} days"
    if abs(milliseconds) >= 120_000:
        sign, minutes = "-" if milliseconds < 0 else "", abs(milliseconds) / 60_000
        return f"{sign}{int(minutes // 60)}:{int(minutes % 60):02d}:{abs(milliseconds) / 1000 % 60:02.0f}"
    return f"{number(milliseconds / 1000)} s"


def size(count: float) -> str:
    """Bytes."""
    if count < 1000:
        return f"{number(round(count, 1))} B"
    for unit in ("kB", "MB", "GB"):
        count /= 1000
        if count < 1000 or unit == "GB":
            return f"{count:,.1f} {unit}"
    raise AssertionError


def whole_ranges(edges: Sequence[float]) -> list[str]:
    """Of whole numbers: "5", "10 to 19"."""
    pairs = pairwise(edges)
    return [_whole(low) if high - low == 1 else f"{_whole(low)} to {_whole(high - 1)}" for low, high in pairs]


def _whole(value: float) -> str:
    return f"{value:.3g}" if abs(value) >= 1e9 else number(value)


def ranges(edges: Sequence[float]) -> list[str]:
    """Of other numbers: "0.5 to 1"."""
    return [f"{number(low)} to {number(high)}" for low, high in pairwise(edges)]


def moments(edges: Sequence[float]) -> list[str]:
    """Of times: where each bar begins."""
    steps = [high - low for low, high in pairwise(edges)]
    return [moment(edge, min(steps)) for edge in edges[:-1]]


def stretches(edges: Sequence[float]) -> list[str]:
    """Of lengths of time."""
    return [f"{stretch(low)} to {stretch(high)}" for low, high in pairwise(edges)]
