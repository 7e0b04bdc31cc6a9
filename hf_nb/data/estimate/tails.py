"""Rare, huge values: what the largest ones that were read say of those that were not.

A sample without the few values that make up a sum looks harmless, and its bounds are too narrow just then. So the
largest values are not taken as they are: a power law is fitted to them (Hill), cut where the file's own statistics say
its largest value is, or where a table of this many rows would have it. What this law adds to the spread widens the
bounds. How far it would skew them decides whether bounds are given at all.

So of sums and averages of such values (log-normal, Pareto) a part gets no bounds, until enough was read. That is so on
purpose: a mean whose spread a few unread rows decide has no interval that holds in 95 of 100 tables and is of use. What
holds for sure (Bernstein's or Hoeffding's, with the file's largest value) spans from nothing to many times the answer.
Counts and shares of the same tables have no tails, and get theirs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy

TOP = 64  # values the law is fitted to
FEWEST = 24
HEAVY = 0.6  # an exponent beyond which the spread itself has no bound worth the name


@dataclass(frozen=True)
class Tail:
    """Of one total's values, in the units of the total.

    `square`: what its variance lacks; `cube`: its third moment; `beyond`: how far beyond all that was read a value lies
    that the file is known to hold.
    """

    square: float = 0.0
    cube: float = 0.0
    beyond: float = 0.0


@dataclass
class Ends:
    """The largest values that were read, or the smallest with their signs turned, and the block each lies in."""

    values: numpy.ndarray
    blocks: numpy.ndarray

    @classmethod
    def none(cls) -> Ends:
        """Nothing was read."""
        import numpy

        return cls(numpy.empty(0), numpy.empty(0, int))

    def met(self, values: Sequence[float], block: int, most: int) -> Ends:
        """Those of one more block; no more than `most` are kept."""
        import numpy

        held = numpy.concatenate([self.values, numpy.array(values, float)])
        blocks = numpy.concatenate([self.blocks, numpy.full(len(values), block)])
        if len(held) > 2 * most:
            keep = numpy.argpartition(held, len(held) - most)[-most:]
            held, blocks = held[keep], blocks[keep]
        return Ends(held, blocks)


def tail(
    high: Ends,
    low: Ends,
    middle: float,
    stands_for: Mapping[int, int],
    known: tuple[float | None, float | None] = (None, None),
) -> Tail:
    """What both sides add.

    `stands_for`: how many blocks each drawn one stands for; `known`: the smallest and largest value of the table, where
    its files tell them.
    """
    least, most = known
    up = _side(high, middle, stands_for, None if most is None else most - middle)
    down = _side(low, -middle, stands_for, None if least is None else middle - least)
    return Tail(up.square + down.square, abs(up.cube - down.cube), max(up.beyond, down.beyond))


def _side(ends: Ends, middle: float, stands_for: Mapping[int, int], most: float | None) -> Tail:
    import numpy

    above = ends.values - middle
    largest = float(above.max(initial=0.0))
    beyond = max(0.0, most - largest) if most is not None and math.isfinite(most) else 0.0
    weights = numpy.array([stands_for.get(block, 1) for block in ends.blocks.tolist()], float)
    free = (above > 0) & (weights > 1)
    order = numpy.argsort(above[free])[::-1][: TOP + 1]
    top, weights = above[free][order], weights[free][order]
    if not len(top):
        return Tail(beyond=beyond)
    weight = float(weights.mean())
    left = weight * (weight - 1)  # errors come from what is not read
    plain = Tail(0.0, float((top**3).sum()) * left * weight, beyond)
    count, edge = len(top) - 1, float(top[-1])
    if count < FEWEST:
        return plain
    exponent = float(numpy.log(top[:count] / edge).mean())
    end = (count * weight) ** exponent  # the largest of all, by the law
    if most is not None:
        end = min(end, max(most, largest) / edge)
    if end <= 1 + 1e-9:
        return plain
    square = count * _moment(exponent, end, 2) * edge**2 - float((top[:count] ** 2).sum())
    cube = count * _moment(exponent, end, 3) * edge**3
    if exponent > HEAVY and end >= (count * weight) ** exponent:
        cube = math.inf  # nothing bounds it
    return Tail(max(0.0, square) * left, cube * left * weight, beyond)


def _moment(exponent: float, end: float, power: int) -> float:
    """The mean of a power of a value of at least 1 that follows the law, cut at `end`."""
    index = 1 / exponent
    whole = -math.expm1(-index * math.log(end))
    if abs(power - index) < 1e-9:
        return index * math.log(end) / whole
    return index / (power - index) * math.expm1((power - index) * math.log(end)) / whole
