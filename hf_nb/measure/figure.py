"""A figure from weighted rows: the one shape that resampling, leaving out and swapping have in common.

Each row of data adds a row of `parts` (right or not and 1; edits and words; …), and a figure makes one number of many
of them. Drawing rows again, leaving one out or swapping two are then weights, and equal rows can be counted together: a
hundred thousand right-or-wrong answers are two rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy

CELLS = 4_000_000  # of one step's arrays: 32 MB


class Figure(Protocol):
    """`additive`: the sums of its parts are all it needs, so that rows which belong together can be added up first."""

    @property
    def additive(self) -> bool: ...

    def weighted(self, parts: numpy.ndarray, weights: numpy.ndarray) -> numpy.ndarray:
        """One number for each line of weights; NaN where it has none."""
        ...


@dataclass(frozen=True)
class Sums:
    """A figure of sums. `of`: lines of sums -> numbers."""

    of: Callable[[numpy.ndarray], numpy.ndarray]
    additive: bool = True

    def weighted(self, parts: numpy.ndarray, weights: numpy.ndarray) -> numpy.ndarray:
        import numpy

        with numpy.errstate(
            invalid="ignore"
        ):  # one infinite surprise: no figure, but no reason to stop either
            return self.of(weights @ parts)


@dataclass(frozen=True)
class Difference:
    """The first figure less the second, each over its own columns; of their logarithms where a ratio is meant."""

    first: Figure
    second: Figure
    at: int
    ratio: bool = False

    @property
    def additive(self) -> bool:
        return self.first.additive and self.second.additive

    def weighted(self, parts: numpy.ndarray, weights: numpy.ndarray) -> numpy.ndarray:
        import numpy

        one: numpy.ndarray = self.first.weighted(parts[:, : self.at], weights)
        other: numpy.ndarray = self.second.weighted(parts[:, self.at :], weights)
        if not self.ratio:
            less: numpy.ndarray = one - other
            return less
        with numpy.errstate(divide="ignore", invalid="ignore"):
            logs: numpy.ndarray = numpy.log(one) - numpy.log(other)
        return logs


def mean(sums: numpy.ndarray) -> numpy.ndarray:
    """Of parts (what, how many): the share, the rate or the average."""
    import numpy

    total, count = sums[:, 0], sums[:, 1]
    made: numpy.ndarray = numpy.full(len(sums), numpy.nan)
    numpy.divide(total, count, out=made, where=count > 0)
    return made


MEAN = Sums(mean)


def stepwise(
    figure: Figure, parts: numpy.ndarray, lines: int, weights: Callable[[int, int], numpy.ndarray]
) -> numpy.ndarray:
    """The figure for many lines of weights, so many at a time that memory stays bounded."""
    import numpy

    step = max(1, CELLS // max(1, len(parts) + parts.shape[1]))
    done = [
        figure.weighted(parts, weights(start, min(lines, start + step))) for start in range(0, lines, step)
    ]
    return numpy.concatenate(done) if done else numpy.empty(0)


def whole(figure: Figure, parts: numpy.ndarray) -> float:
    """The figure of all rows as they are."""
    import numpy

    return float(figure.weighted(parts, numpy.ones((1, len(parts))))[0]) if len(parts) else float("nan")
