"""Two contenders on the same rows: how far apart, how surely, and how many more rows would tell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput
from hf_nb.measure.figure import Difference
from hf_nb.measure.intervals import DRAWS, LEVEL, Interval, bootstrap, few, quantile
from hf_nb.measure.scores import Scale, Score, chosen
from hf_nb.measure.significance import mcnemar, permutation

if TYPE_CHECKING:
    import numpy

POWER = 0.8
REACH = 100  # times as many rows: beyond that no number is worth saying


@dataclass(frozen=True)
class Paired:
    """First less second. For a ratio, `difference` is of logarithms and `times` is the interval as it is said.

    `won`, `lost`, `even`   rows on which the first is better, worse, the same (of metrics with values of their own)
    `p`                     of `test`, for this comparison alone: among several, see `significance.holm`
    """

    metric: str
    difference: Interval
    p: float
    test: str
    won: int
    lost: int
    even: int
    higher: bool
    scale: Scale

    @property
    def ahead(self) -> int:
        """Who is better: 1 the first, -1 the second, 0 neither is shown to be. Test and interval must agree."""
        made = self.difference
        if not self.p <= 1 - made.level + 1e-12:
            return 0
        # Where all rows differ by the same, the test alone says which way.
        side = made.sign if made.low is not None else (made.value > 0) - (made.value < 0)
        return side if self.higher else -side

    @property
    def times(self) -> Interval:
        """How many times as much the first takes."""
        made = self.difference
        low, high = (None if one is None else math.exp(one) for one in (made.low, made.high))
        return replace(made, value=math.exp(made.value), low=low, high=high)

    @property
    def more(self) -> int | None:
        """More rows that would show a difference of the size seen, four times in five; 0: shown, None: out of reach."""
        if self.ahead:
            return 0
        wanted = needed(self.difference)
        return None if wanted is None else max(1, wanted - self.difference.n)

    @property
    def detectable(self) -> float | None:
        """The least difference that so many rows would show, four times in five."""
        error = self.difference.error
        return None if not error else _far(self.difference.level) * error

    def turned(self) -> Paired:
        """Second less first."""
        return replace(self, difference=self.difference.turned(), won=self.lost, lost=self.won)


def needed(difference: Interval, power: float = POWER) -> int | None:
    """Rows in all that would show a difference of the size seen, in `power` of the cases. None: out of reach."""
    if not difference.error or not difference.value or math.isnan(difference.value):
        return None
    rows = difference.n * (_far(difference.level, power) * difference.error / abs(difference.value)) ** 2
    return math.ceil(rows) if rows <= REACH * difference.n else None


def _far(level: float, power: float = POWER) -> float:
    return quantile(0.5 + level / 2) + quantile(power)


def paired(
    first: Score,
    second: Score,
    *,
    clusters: Sequence[Any] | None = None,
    strata: Sequence[Any] | None = None,
    level: float = LEVEL,
    seed: int = 0,
) -> Paired:
    """`first` beside `second` on the rows that both have."""
    side = _side(first, second)
    interval = _difference(side, clusters, strata, level, seed, DRAWS)
    if interval.how == "paired shares":
        p, test = mcnemar(*side.apart()), "McNemar, exact"
    else:
        groups = chosen(clusters, side.kept)
        p, test = permutation(side.figure(), side.both(), clusters=groups, seed=seed), "permutation"
    won, lost, even = _rows(side.first, side.second, side.kept)
    made = Paired(first.metric, interval, p, test, won, lost, even, side.first.higher, first.scale)
    return made.turned() if side.turned else made


def difference(
    first: Score,
    second: Score,
    *,
    clusters: Sequence[Any] | None = None,
    strata: Sequence[Any] | None = None,
    level: float = LEVEL,
    seed: int = 0,
    draws: int = DRAWS,
) -> Interval:
    """First less second, and its interval, without a test."""
    side = _side(first, second)
    made = _difference(side, clusters, strata, level, seed, draws)
    return made.turned() if side.turned else made


@dataclass(frozen=True)
class _Side:
    """The side that two are looked at from, their parts on the rows that both have, and which those are."""

    first: Score
    second: Score
    one: numpy.ndarray
    other: numpy.ndarray
    kept: numpy.ndarray
    turned: bool

    def apart(self) -> tuple[int, int]:
        """Rows on which the one is above the other, and below it."""
        one, other = self.one[:, 0], self.other[:, 0]
        return int((one > other).sum()), int((one < other).sum())

    def both(self) -> numpy.ndarray:
        import numpy

        return numpy.column_stack([self.one, self.other])

    def figure(self) -> Difference:
        first, second = self.first, self.second
        return Difference(first.figure, second.figure, first.parts.shape[1], first.scale == "ratio")


def _side(first: Score, second: Score) -> _Side:
    """The same whoever is named first, so that draws are, too: opposite answers to the last digit."""
    one, other, kept = _both(first, second)
    if _later(one, other):
        return _Side(second, first, other, one, kept, turned=True)
    return _Side(first, second, one, other, kept, turned=False)


def _difference(
    side: _Side,
    clusters: Sequence[Any] | None,
    strata: Sequence[Any] | None,
    level: float,
    seed: int,
    draws: int,
) -> Interval:
    groups, layers = chosen(clusters, side.kept), chosen(strata, side.kept)
    shared = side.first.right() is not None and side.second.right() is not None
    if shared and groups is None and layers is None:
        return shares(*side.apart(), len(side.one), level)
    return bootstrap(
        side.figure(), side.both(), strata=layers, clusters=groups, level=level, seed=seed, draws=draws
    )


def _both(first: Score, second: Score) -> tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray]:
    """The parts of both on the rows that both have, and which those are."""
    if first.metric != second.metric or first.scale != second.scale:
        raise BadInput(f"{first.metric} and {second.metric} are no pair.", "Compare one metric with itself.")
    if len(first) != len(second):
        raise BadInput(
            f"{first.metric} has {len(first)} rows and {len(second)}.",
            "Compare the same rows, in the same order.",
        )
    kept = first.counted & second.counted
    return first.parts[kept], second.parts[kept], kept


def shares(only_first: int, only_second: int, n: int, level: float = LEVEL) -> Interval:
    """The difference of two shares of the same rows (Bonett and Price 2012): holds with few that disagree, too."""
    if n == 0:
        return Interval(math.nan, None, None, 0, "none", level, note="no rows")
    z, value = quantile(0.5 + level / 2), (only_first - only_second) / n
    up, down = (only_first + 1) / (n + 2), (only_second + 1) / (n + 2)
    error = math.sqrt((up + down - (up - down) ** 2) / (n + 2))
    low, high = up - down - z * error, up - down + z * error
    plain = math.sqrt(max(0.0, (only_first + only_second) / n - value**2) / n)
    return Interval(value, max(-1.0, low), min(1.0, high), n, "paired shares", level, plain or error, few(n))


def _later(one: numpy.ndarray, other: numpy.ndarray) -> bool:
    """Which of the two is looked at from: told by what they hold, not by who was named first or how rows stand."""
    import numpy

    if one.shape != other.shape or not len(one):
        return one.shape > other.shape
    here = numpy.unique(numpy.column_stack([one, other]), axis=0, return_counts=True)
    there = numpy.unique(numpy.column_stack([other, one]), axis=0, return_counts=True)
    return (here[0].tolist(), here[1].tolist()) > (there[0].tolist(), there[1].tolist())


def _rows(first: Score, second: Score, kept: numpy.ndarray) -> tuple[int, int, int]:
    apart = [
        (one > other) - (one < other)
        for one, other, keep in zip(first.values, second.values, kept, strict=True)
        if keep and one is not None and other is not None
    ]
    up, down = apart.count(1), apart.count(-1)
    won, lost = (up, down) if first.higher else (down, up)
    return won, lost, len(apart) - up - down
