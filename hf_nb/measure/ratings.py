"""Ratings from votes: how strongly each is preferred, on one scale (Bradley and Terry 1952).

The chance that i is preferred to j is 1 / (1 + exp(r_j - r_i)) of the decided votes.

Ties       Davidson's (1970): a tie is the likelier, the closer two are, and how likely is learned from the votes.
           Counting a tie as half a win each (`ties="half"`, to compare with) draws all ratings together, so that the
           same two look closer the more often raters cannot tell, and says nothing of how often that is.
Sides      with `side=True` what standing on the left is worth is learned along, and taken out of the ratings.
Separation one who won every vote would be rated infinite, and groups that never met have no common scale. Each rating
           is held back as by a weak belief that it lies within ±`HOLD` of the middle two times in three; `groups` says
           who met.
Intervals  from the curvature at the best ratings, of each against the average.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from hf_nb.errors import BadInput
from hf_nb.measure.intervals import LEVEL, Interval, few, quantile
from hf_nb.plumbing.extras import require

if TYPE_CHECKING:
    import numpy

    from hf_nb.measure.votes import Vote

HOLD = 3.0  # 95 % to 5 % is 2.9: beyond that a rating needs votes to stand on
TIES = 1e-4  # how firmly the tie parameter is held: only so that votes without ties have an answer


@dataclass(frozen=True)
class Ratings:
    """Ratings in natural logarithms of odds, the average 0. `groups`: who met whom, directly or by others.

    `side`: what the left is worth; `tying`: the share of ties between equals.
    """

    names: tuple[str, ...]
    ratings: tuple[Interval, ...]
    votes: int
    groups: tuple[tuple[str, ...], ...]
    covariance: numpy.ndarray
    side: Interval | None = None
    tying: float = 0.0

    def __getitem__(self, name: str) -> Interval:
        return self.ratings[self._at(name)]

    def between(self, first: str, second: str, level: float = LEVEL) -> Interval:
        """How much better the first is rated. No interval where the two never met, not even by others."""
        i, j = self._at(first), self._at(second)
        value = self.ratings[i].value - self.ratings[j].value
        if not any(first in group and second in group for group in self.groups):
            return Interval(value, None, None, self.votes, "none", level, note="no votes connect them")
        spread = self.covariance[i, i] + self.covariance[j, j] - 2 * self.covariance[i, j]
        return _interval(value, float(spread), self.votes, level)

    def order(self) -> list[str]:
        """The best rated first."""
        return [
            name for _, name in sorted(zip([-one.value for one in self.ratings], self.names, strict=True))
        ]

    def _at(self, name: str) -> int:
        if name not in self.names:
            raise BadInput(f"No vote is about {str(name)[:60]}.", f"Rated: {', '.join(self.names)}")
        return self.names.index(name)


def ratings(
    votes: Sequence[Vote],
    *,
    ties: Literal["davidson", "half"] = "davidson",
    side: bool = False,
    hold: float | None = HOLD,
    level: float = LEVEL,
) -> Ratings:
    """The ratings of all who were voted on. `hold=None`: nothing holds them back (the plain maximum likelihood)."""
    require("scipy.optimize", "measure", "Rating")
    import numpy

    names = sorted({name for one in votes for name in (one.left, one.right)})
    if not names:
        raise BadInput("There are no votes.", "Vote first; ratings are made of votes.")
    places = {name: at for at, name in enumerate(names)}
    seen = Counter((places[one.left], places[one.right], one.outcome) for one in votes)
    davidson = ties == "davidson" and any(outcome == "tie" for _, _, outcome in seen)
    cases = _cases(seen, davidson=davidson)
    best, curve = _fit(len(names), cases, side=side, davidson=davidson, hold=hold)
    centred = numpy.eye(len(best))
    centred[: len(names), : len(names)] -= 1 / len(names)
    # The level of all ratings together is nobody's: a little firmness there leaves the rest as it is.
    level_of_all = numpy.zeros(len(best))
    level_of_all[: len(names)] = 1.0
    covariance = (
        centred
        @ numpy.linalg.pinv(curve + numpy.outer(level_of_all, level_of_all), hermitian=True)
        @ centred.T
    )
    rated = (centred @ best)[: len(names)]
    at_side = len(names)
    tying = float(numpy.exp(best[-1])) if davidson else 0.0
    return Ratings(
        tuple(names),
        tuple(
            _interval(float(value), float(covariance[at, at]), len(votes), level)
            for at, value in enumerate(rated)
        ),
        len(votes),
        _groups(names, [(left, right) for left, right, _ in seen]),
        covariance[: len(names), : len(names)],
        _interval(float(best[at_side]), float(covariance[at_side, at_side]), len(votes), level)
        if side
        else None,
        tying / (2 + tying),
    )


def _interval(value: float, variance: float, votes: int, level: float) -> Interval:
    error = max(0.0, variance) ** 0.5
    half = quantile(0.5 + level / 2) * error
    return Interval(value, value - half, value + half, votes, "wald", level, error, few(votes, "votes"))


def _cases(seen: Counter[Any], *, davidson: bool) -> list[tuple[int, int, tuple[float, float, float]]]:
    """(left, right, votes for left, right, neither); a tie as two halves where ties are not a case of their own."""
    made: dict[tuple[int, int], list[float]] = {}
    for (left, right, outcome), times in sorted(seen.items()):
        row = made.setdefault((left, right), [0.0, 0.0, 0.0])
        if outcome == "tie" and not davidson:
            row[0] += times / 2
            row[1] += times / 2
        else:
            row[("left", "right", "tie").index(outcome)] += times
    return [(left, right, (row[0], row[1], row[2])) for (left, right), row in made.items()]


def _fit(
    contenders: int, cases: list[Any], *, side: bool, davidson: bool, hold: float | None
) -> tuple[numpy.ndarray, numpy.ndarray]:
    """The likeliest parameters (ratings, side, ln of tying) and the curvature there. Convex: there is one answer."""
    import numpy

    size = contenders + side + davidson
    optimize = require("scipy.optimize", "measure", "Ratings")
    held = numpy.zeros(size)
    held[: contenders + side] = 0.0 if hold is None else 1 / hold**2
    if davidson:
        held[-1] = TIES
    # Each outcome's chance is exp(direction @ parameters), scaled to 1: a line of directions for each.
    directions, times = [], []
    for left, right, counts in cases:
        rows = numpy.zeros((3 if davidson else 2, size))
        rows[0, left], rows[1, right] = 1, 1
        if side:
            rows[0, contenders] = 1
        if davidson:
            rows[2] = (rows[0] + rows[1]) / 2
            rows[2, -1] = 1
        directions.append(rows)
        times.append(counts[: len(rows)])
    each, many = numpy.array(directions), numpy.array(times)

    def chances(at: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
        raw = each @ at
        top = raw.max(axis=1, keepdims=True)
        total = numpy.log(numpy.exp(raw - top).sum(axis=1, keepdims=True)) + top
        return raw - total, numpy.exp(raw - total)

    def target(at: numpy.ndarray) -> tuple[float, numpy.ndarray]:
        logs, share = chances(at)
        slope = ((many.sum(axis=1, keepdims=True) * share - many)[:, :, None] * each).sum(axis=(0, 1))
        return float(-(many * logs).sum() + (held * at**2).sum() / 2), slope + held * at

    def curvature(at: numpy.ndarray) -> numpy.ndarray:
        _, share = chances(at)
        middle = (share[:, :, None] * each).sum(axis=1)
        weights = many.sum(axis=1)
        outer = numpy.einsum("cor,coi,coj->cij", share[:, :, None], each, each)
        made: numpy.ndarray = numpy.einsum(
            "c,cij->ij", weights, outer - middle[:, :, None] * middle[:, None, :]
        ) + numpy.diag(held)
        return made

    done = optimize.minimize(
        target, numpy.zeros(size), jac=True, hess=curvature, method="trust-exact", options={"gtol": 1e-8}
    )
    return done.x, curvature(done.x)


def _groups(names: list[str], met: list[tuple[int, int]]) -> tuple[tuple[str, ...], ...]:
    """Who is connected, directly or by others."""
    group = list(range(len(names)))
    for _ in names:
        for one, other in met:
            group[one] = group[other] = min(group[one], group[other])
    return tuple(
        tuple(name for at, name in enumerate(names) if group[at] == one) for one in sorted(set(group))
    )
