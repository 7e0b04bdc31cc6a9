"""How far the drawn blocks may miss what all hold: one block is drawn out of each stretch, so its neighbours must tell.

by neighbours   A block is held against the straight line between its neighbours, at the place where it lies: what is
                left is noise, however steep the table rises. How steep it rises, over the length of a stretch, is what
                the draw adds. Right for shuffled tables; a jump or a bend looks like two or three times its noise.
by distance     How much two blocks differ, squared, is made of three parts: noise, the same at any distance; jumps and
                wandering, which grow as the distance; slope, which grows as its square. Blocks one, two and three
                stretches apart tell them apart, and each adds to a stretch its own share: all of the noise, a sixth of
                what wanders over the stretch's length, a twelfth of the slope's square. So a sorted column gets what
                its order leaves, no more.

The second takes three differences where the first takes one, so it is used where there is something to tell apart:
where blocks two stretches apart differ by more than one apart, and by more than noise alone would make of it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy

    from hf_nb.data.estimate.sample import Stretch

APART = (1, 2, 3)
FEWEST = 8  # stretches, to tell the parts of a difference apart
SURE = 1.645  # standard errors beyond which noise alone would not go, with 95 % (one side)
_SHARES = (1.0, 1 / 6, 1 / 12)  # of noise, wandering and slope within a stretch


def variance(rest: numpy.ndarray, sizes: numpy.ndarray, stretches: Sequence[Stretch]) -> float:
    """Of the sum of what each drawn block adds times its stretch's size."""
    import numpy

    if len(rest) < 3:
        return float("inf")
    place = numpy.array([stretch.drawn for stretch in stretches], float)
    found = _by_distance(rest, sizes, place) if len(rest) >= FEWEST else None
    return _by_neighbours(rest, sizes, place) if found is None else found


def _by_neighbours(rest: numpy.ndarray, sizes: numpy.ndarray, place: numpy.ndarray) -> float:
    import numpy

    apart = place[2:] - place[:-2]
    along = (place[1:-1] - place[:-2]) / apart
    off = rest[1:-1] - (rest[:-2] * (1 - along) + rest[2:] * along)
    noise = off**2 / (1 + along**2 + (1 - along) ** 2)
    window = numpy.ones(3)
    around = numpy.convolve(noise, window) / numpy.convolve(numpy.ones(len(noise)), window)
    # A slope measured between two noisy blocks is steeper than the true one; what noise adds is taken off.
    steep = numpy.maximum(0.0, ((rest[2:] - rest[:-2]) / apart) ** 2 - 2 * around[1:-1] / apart**2)
    steep = numpy.concatenate([steep[:1], steep, steep[-1:]])
    return float((_drawn_from(sizes) * (around + steep * sizes * (sizes + 1) / 12)).sum())


def _by_distance(rest: numpy.ndarray, sizes: numpy.ndarray, place: numpy.ndarray) -> float | None:
    """None where differences do not grow with the distance."""
    import numpy

    weights = _drawn_from(sizes)
    rows = [_differing(rest, sizes, place, weights, lag) for lag in APART]
    differs, near, far = (numpy.array(column) for column in zip(*rows, strict=True))
    if differs[0] <= 0 or differs[1] / differs[0] - 1 < SURE * math.sqrt(2 / len(rest)):
        return None
    parts = _parted(differs, numpy.column_stack([numpy.full(len(APART), 2.0), near, far]))
    ends = float(
        (weights * (1 + 1 / sizes)).sum() / weights.sum()
    )  # a stretch is made of blocks, not of points
    shares = numpy.array(_SHARES) * (1, ends, ends)
    return float(parts @ shares)


def _differing(
    rest: numpy.ndarray, sizes: numpy.ndarray, place: numpy.ndarray, weights: numpy.ndarray, lag: int
) -> tuple[float, float, float]:
    """Squared differences around each stretch, added up; and the mean distance and its square, in stretches."""
    import numpy

    count = len(rest)
    squares, apart = (rest[lag:] - rest[:-lag]) ** 2, place[lag:] - place[:-lag]
    middle = numpy.arange(count - lag)[:, None] + numpy.array(sorted({lag // 2, (lag + 1) // 2}))
    pairs = numpy.zeros((4, count))
    for at in middle.T:
        for row, values in zip(pairs, (numpy.ones(len(at)), squares, apart, apart**2), strict=True):
            row[at] += values
    held = numpy.maximum(pairs[0], 1)
    here = weights * (pairs[0] > 0)
    whole = here.sum()
    return (
        float((here * pairs[1] / held).sum() * weights.sum() / whole),
        float((here * pairs[2] / held / sizes).sum() / whole),
        float((here * pairs[3] / held / sizes**2).sum() / whole),
    )


def _parted(differs: numpy.ndarray, grows: numpy.ndarray) -> numpy.ndarray:
    """Noise, wandering and slope that add up to these differences; none of them is below nothing."""
    import numpy

    parts, best = numpy.zeros(3), math.inf
    for count in (3, 2, 1):
        for columns in map(list, itertools.combinations(range(3), count)):
            some = numpy.linalg.lstsq(grows[:, columns], differs, rcond=None)[0]
            missed = float((((grows[:, columns] @ some - differs) / differs) ** 2).sum())
            if (some >= 0).all() and missed < best:
                parts, best = numpy.zeros(3), missed
                parts[columns] = some
        if math.isfinite(best) and count == len(APART):
            break  # all three fit as they are
    return parts


def _drawn_from(sizes: numpy.ndarray) -> numpy.ndarray:
    weights: numpy.ndarray = sizes**2 * (1 - 1 / sizes)
    return weights
