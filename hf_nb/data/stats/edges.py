"""Where the bars of a histogram begin and end: at numbers and moments that a person would choose."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

MOST = 20  # bars
DAY = 86_400_000
EPOCH = datetime.datetime(1970, 1, 1)  # noqa: DTZ001 - milliseconds since then, without a zone
_CLOCK = [  # milliseconds
    *(1, 2, 5, 10, 20, 50, 100, 200, 500),
    *(n * 1000 for n in (1, 2, 5, 10, 15, 30)),
    *(n * 60_000 for n in (1, 2, 5, 10, 15, 30)),
    *(n * 3_600_000 for n in (1, 2, 3, 6, 12)),
    *(n * DAY for n in (1, 2, 7, 14)),
]
_MONTHS = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12_000]


def whole(low: int, high: int, most: int = MOST) -> list[int]:
    """For whole numbers: every bar covers as many of them, the last ends behind the highest."""
    step = _round_up(Fraction(high - low + 1, most), at_least=1)
    while high // step - low // step + 1 > most:
        step = _round_up(Fraction(step) * Fraction(11, 10), at_least=1)
    return [at * int(step) for at in range(low // int(step), high // int(step) + 2)]


def real(low: float, high: float, most: int = MOST) -> list[float]:
    """For numbers with fractions. Finite ends."""
    first, last = Fraction(low), Fraction(high)
    if first == last:
        after = _float(first + max(abs(first), Fraction(1)) / 2)
        return [low, after] if after > low else [math.nextafter(low, 0), low]
    step = _round_up((last - first) / most)
    while math.ceil(last / step) - math.floor(first / step) > most:
        step = _round_up(step * Fraction(11, 10))
    ends = [_float(at * step) for at in range(math.floor(first / step), math.ceil(last / step) + 1)]
    return ends if len(set(ends)) == len(ends) else sorted({low, *(e for e in ends if low < e < high), high})


def times(low: int, high: int) -> list[int]:
    """For moments, in milliseconds since 1970: at full minutes, days, weeks, months, years."""
    for step in _CLOCK:
        start = low // step * step
        if step % (7 * DAY) == 0:
            start = (
                low - 4 * DAY
            ) // step * step + 4 * DAY  # weeks begin on a Monday; 1970 began on a Thursday
        if (high - start) // step + 1 <= MOST:
            return [start + at * step for at in range((high - start) // step + 2)]
    for months in _MONTHS:
        ends = list(_by_months(low, high, months))
        if 1 < len(ends) <= MOST + 1 and ends[-1] > high:
            return ends
    return whole(low, high)  # beyond the years a calendar has


def spread(low: int, high: int) -> list[int]:
    """For stretches of time, in milliseconds."""
    for step in _CLOCK:
        if high // step - low // step + 1 <= MOST:
            return [at * step for at in range(low // step, high // step + 2)]
    return [at * DAY for at in whole(low // DAY, high // DAY)]


def _by_months(low: int, high: int, months: int) -> Iterator[int]:
    try:
        first = EPOCH + datetime.timedelta(milliseconds=low)
    except OverflowError:
        return
    at = (first.year * 12 + first.month - 1) // months * months
    for _ in range(MOST + 2):
        moment = _month(at)
        yield moment
        if moment > high:
            return
        at += months


def _month(at: int) -> int:
    """When the month with this number begins; the calendar's own ends where it goes no further."""
    step = datetime.timedelta(milliseconds=1)
    if at // 12 > datetime.MAXYEAR:
        return (datetime.datetime.max - EPOCH) // step + 1  # noqa: DTZ901 -- as EPOCH
    begin = datetime.datetime(max(1, at // 12), at % 12 + 1 if at >= 12 else 1, 1)  # noqa: DTZ001
    return (begin - EPOCH) // step


def _round_up(step: Fraction, at_least: int = 0) -> Fraction:
    """1, 2 or 5 times a power of ten, no smaller than this."""
    if at_least and step <= at_least:
        return Fraction(at_least)
    power = Fraction(10) ** (len(str(step.numerator)) - len(str(step.denominator)) - 1)
    while True:
        for times_ in (1, 2, 5):
            if power * times_ >= step:
                return power * times_
        power *= 10


def _float(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.copysign(1.7976931348623157e308, 1 if value > 0 else -1)


def outliers(low: float, high: float, inner: Sequence[float]) -> bool:
    """Whether a few far values would leave one bar for all others: `inner` holds nearly all of them."""
    width = inner[1] - inner[0]
    return width > 0 and (high - low) > 8 * width
