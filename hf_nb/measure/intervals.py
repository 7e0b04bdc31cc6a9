"""How far a figure can be trusted: its interval.

share       Wilson's interval: right for 0 of 10 and 10 of 10 too, where resampling sees no spread at all
figure      the rows drawn again 4,000 times (of each stratum apart, or whole clusters), BCa: corrected for bias and for
            skew (Efron 1987). Plain percentiles where the correction itself cannot be had. None where the rows do not
            differ: then they do not say how others would.
The seed is fixed: the same data give the same interval.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from hf_nb.errors import BadInput
from hf_nb.measure.figure import stepwise
from hf_nb.measure.units import Units, units
from hf_nb.plumbing.extras import require

if TYPE_CHECKING:
    import numpy

    from hf_nb.measure.figure import Figure

LEVEL = 0.95
DRAWS = 4000
FEW = 30  # rows, below which bounds from resampling are known to be too narrow
LEFT_OUT = 2000  # at most so many leave-one-outs; beyond that the rows are left out in groups

How = Literal["wilson", "paired shares", "bca", "percentile", "anytime", "wald", "none"]


@dataclass(frozen=True)
class Interval:
    """A value, and where it may lie. `low` and `high` are None where the data do not say; `note` is why, or a caution.

    `error`: its standard error; `n`: rows, or clusters where those were drawn.
    """

    value: float
    low: float | None
    high: float | None
    n: int
    how: How
    level: float = LEVEL
    error: float | None = None
    note: str = ""

    @property
    def sign(self) -> int:
        """1 or -1 where all of it lies on one side of 0; else 0."""
        if self.low is None or self.high is None:
            return 0
        return 1 if self.low > 0 else -1 if self.high < 0 else 0

    def holds(self, value: float) -> bool:
        """Whether the value may be so: all may where the data do not say."""
        return (self.low is None or self.low <= value) and (self.high is None or value <= self.high)

    def turned(self) -> Interval:
        """The same seen from the other side."""
        low, high = (None if one is None else -one for one in (self.high, self.low))
        return replace(self, value=-self.value, low=low, high=high)


def wilson(right: int, n: int, level: float = LEVEL) -> Interval:
    """The interval of a share (Wilson 1927)."""
    _level(level)
    if not 0 <= right <= n:
        raise BadInput(f"{right} of {n} is no share.", "Give counts with 0 <= right <= n.")
    if n == 0:
        return Interval(math.nan, None, None, 0, "none", level, note="no rows")
    z, p = quantile(0.5 + level / 2), right / n
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    below = 0.0 if right == 0 else (middle - half) / (1 + z * z / n)
    above = 1.0 if right == n else (middle + half) / (1 + z * z / n)
    return Interval(p, below, above, n, "wilson", level, math.sqrt(p * (1 - p) / n), few(n))


def bootstrap(
    figure: Figure,
    parts: numpy.ndarray,
    *,
    strata: Sequence[Any] | None = None,
    clusters: Sequence[Any] | None = None,
    level: float = LEVEL,
    draws: int = DRAWS,
    seed: int = 0,
) -> Interval:
    """The figure of these rows, and its interval."""
    import numpy

    _level(level)
    if len(parts) == 0:
        return Interval(math.nan, None, None, 0, "none", level, note="no rows")
    drawn = units(figure, numpy.asarray(parts, float), strata=strata, clusters=clusters)
    kind = "clusters" if clusters is not None else "rows"
    value = float(figure.weighted(drawn.parts, drawn.rows(drawn.counts[None, :].astype(float)))[0])
    seen = stepwise(figure, drawn.parts, draws, _again(drawn, numpy.random.default_rng(seed)))
    seen = seen[numpy.isfinite(seen)]
    if len(seen) < draws / 2 or not math.isfinite(value):
        return Interval(value, None, None, drawn.total, "none", level, note=f"too few {kind} to tell")
    error = float(seen.std())
    if drawn.total < 2 or error <= 1e-12 * max(1.0, abs(value)):
        only = f"one of the {kind} says" if drawn.total < 2 else f"the {kind} do not differ, and say"
        return Interval(value, None, None, drawn.total, "none", level, note=f"{only} nothing about others")
    ends = _bca(figure, drawn, seen, value, level)
    how: How = "bca" if ends else "percentile"
    low, high = numpy.quantile(seen, ends or (0.5 - level / 2, 0.5 + level / 2))
    return Interval(value, float(low), float(high), drawn.total, how, level, error, few(drawn.total, kind))


def few(n: int, kind: str = "rows") -> str:
    """What to say of so few."""
    return f"only {n} {kind}: the bounds are rough" if n < FEW else ""


def quantile(share: float) -> float:
    """Of the normal distribution."""
    from statistics import NormalDist

    return NormalDist().inv_cdf(share)


def _level(level: float) -> None:
    if not 0 < level < 1:
        raise BadInput(f"A level of {level} is none.", "Give a level between 0 and 1, such as 0.95.")


def _again(drawn: Units, rng: numpy.random.Generator) -> Any:
    """Weights of as many units as there are, drawn with replacement, in each stratum apart."""
    import numpy

    apart = [drawn.stratum == one for one in numpy.unique(drawn.stratum)]

    def weights(start: int, end: int) -> numpy.ndarray:
        made = numpy.zeros((end - start, len(drawn.counts)))
        for here in apart:
            made[:, here] = _drawn(drawn.counts[here], end - start, rng)
        return drawn.rows(made)

    return weights


def _drawn(counts: numpy.ndarray, lines: int, rng: numpy.random.Generator) -> numpy.ndarray:
    """How often each kind comes when as many as there are in all are drawn."""
    import numpy

    kinds, total = len(counts), int(counts.sum())
    if total > 4 * kinds:
        return rng.multinomial(total, counts / total, size=lines)
    # Nearly all differ: drawing them one by one is several times as quick as a binomial for each kind.
    picked = numpy.repeat(numpy.arange(kinds), counts)[rng.integers(0, total, (lines, total))]
    picked += kinds * numpy.arange(lines)[:, None]
    return numpy.bincount(picked.reshape(-1), minlength=kinds * lines).reshape(lines, kinds)


def _bca(
    figure: Figure, drawn: Units, seen: numpy.ndarray, value: float, level: float
) -> tuple[float, float] | None:
    """The shares of the draws to cut at; None where the draws or the leave-one-outs do not say."""
    below = (float((seen < value).mean()) + float((seen <= value).mean())) / 2  # ties count half
    skew = _acceleration(figure, drawn)
    if skew is None or not 0 < below < 1:
        return None
    shift = quantile(below)
    ends = []
    for tail in (0.5 - level / 2, 0.5 + level / 2):
        moved = shift + quantile(tail)
        if 1 - skew * moved <= 0:
            return None
        ends.append(_normal(shift + moved / (1 - skew * moved)))
    least = 2 / len(seen)  # a cut among the last draws would be luck
    return (ends[0], ends[1]) if least < ends[0] < ends[1] < 1 - least else None


def _acceleration(figure: Figure, drawn: Units) -> float | None:
    """How skewed the figure is in its rows, by leaving each out once (equal ones together)."""
    import numpy

    kinds = len(drawn.counts)
    single = kinds <= LEFT_OUT
    lines = kinds if single else LEFT_OUT
    # Every so-many-th: the kinds stand in order of size, and each group has some of each.
    groups = [] if single else [numpy.arange(at, kinds, LEFT_OUT) for at in range(LEFT_OUT)]

    def weights(start: int, end: int) -> numpy.ndarray:
        made = numpy.repeat(drawn.counts[None, :].astype(float), end - start, axis=0)
        for line, at in enumerate(range(start, end)):
            if single:
                made[line, at] -= 1
            else:
                made[line, groups[at]] -= 1
        return drawn.rows(made)

    without = stepwise(figure, drawn.parts, lines, weights)
    if not numpy.isfinite(without).all():
        return None
    squares = cubes = 0.0
    for one in numpy.unique(drawn.stratum):
        if single:
            here = drawn.stratum == one
            times = drawn.counts[here].astype(float)
            left = without[here]
        else:  # in groups, strata are taken together: the correction is small there
            times, left = numpy.ones(lines), without
        n = times.sum()
        if n < 2:
            continue
        pull = (n - 1) * ((times @ left) / n - left)
        squares += float(times @ pull**2) / n**2
        cubes += float(times @ pull**3) / n**3
        if not single:
            break
    return cubes / (6 * squares**1.5) if squares > 1e-300 else None


def _normal(z: float) -> float:
    from statistics import NormalDist

    return NormalDist().cdf(z)


def scipy_stats(why: str) -> Any:
    """The tests of scipy, or how to get it."""
    return require("scipy.stats", "measure", why)
