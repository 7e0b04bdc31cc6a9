"""Tests of whether two differ: a chance, when they are equal, of what was seen or more. All two-sided.

McNemar       right-or-wrong pairs, exact: no approximation that fails when few pairs disagree
permutation   any figure: if both are equal, swapping the two of a row changes nothing that matters (Noreen 1989)
Wilcoxon      ranks of differences, scipy's; rows that do not differ say nothing and are left out, as he did
Holm          several tests at once, so that the whole errs no more often than one (Holm 1979)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput
from hf_nb.measure.figure import Difference, stepwise
from hf_nb.measure.intervals import scipy_stats
from hf_nb.measure.units import units

if TYPE_CHECKING:
    import numpy

SWAPS = 9999
EXACT = 12  # units that differ, up to which every way of swapping is tried


def mcnemar(only_first: int, only_second: int) -> float:
    """From the pairs of which only one was right; 1 where there are none."""
    if only_first < 0 or only_second < 0:
        raise BadInput(
            "A count is below 0.", "Give how often only the first, and only the second, was right."
        )
    disagree = only_first + only_second
    if not disagree:
        return 1.0
    return float(scipy_stats("McNemar's test").binomtest(only_first, disagree, 0.5).pvalue)


def wilcoxon(differences: Sequence[float]) -> float:
    """From differences of pairs; 1 where none differs."""
    import numpy

    kept = numpy.array([one for one in differences if one and one == one], float)  # noqa: PLR0124  NaN
    if not len(kept):
        return 1.0
    return float(scipy_stats("Wilcoxon's test").wilcoxon(numpy.sort(kept)).pvalue)


def permutation(
    figure: Difference,
    parts: numpy.ndarray,
    *,
    clusters: Sequence[Any] | None = None,
    swaps: int = SWAPS,
    seed: int = 0,
) -> float:
    """From the parts of both, side by side. All ways of swapping where they are few, else so many drawn ones."""
    import numpy

    parts = numpy.asarray(parts, float)
    if len(parts) == 0:
        return 1.0
    drawn = units(figure, parts, clusters=clusters)
    turned = numpy.column_stack([drawn.parts[:, figure.at :], drawn.parts[:, : figure.at]])
    both = numpy.vstack([drawn.parts, turned])
    differ = numpy.zeros(len(drawn.counts), bool)
    numpy.logical_or.at(differ, drawn.owner, (drawn.parts != turned).any(axis=1))
    if not differ.any():
        return 1.0
    ways = drawn.counts[differ]
    exact = ways.sum() <= EXACT
    rng = numpy.random.default_rng(seed)
    lines = 2 ** int(ways.sum()) if exact else swaps

    def weights(start: int, end: int) -> numpy.ndarray:
        moved = numpy.zeros((end - start, len(drawn.counts)))
        if exact:  # the bits of a number say which units are swapped
            bits = (numpy.arange(start, end)[:, None] >> numpy.arange(ways.sum())[None, :]) & 1
            moved[:, differ] = numpy.add.reduceat(bits, numpy.cumsum(ways) - ways, axis=1)
        else:
            size = (end - start, len(ways))
            one_each = bool((ways == 1).all())
            moved[:, differ] = (
                rng.integers(0, 2, size, "uint8") if one_each else rng.binomial(ways, 0.5, size)
            )
        return numpy.hstack([drawn.rows(drawn.counts[None, :] - moved), drawn.rows(moved)])

    as_it_is = numpy.hstack(
        [drawn.rows(drawn.counts[None, :] + 0.0), drawn.rows(0.0 * drawn.counts[None, :])]
    )
    seen = abs(float(figure.weighted(both, as_it_is)[0]))
    if seen != seen:  # noqa: PLR0124  NaN: there is no figure, so no difference
        return 1.0
    other = numpy.abs(stepwise(figure, both, lines, weights))
    as_far = int((~(other < seen - 1e-12 * max(1.0, seen))).sum())  # one that has no figure counts against
    return as_far / lines if exact else (as_far + 1) / (lines + 1)


def holm(chances: Sequence[float]) -> list[float]:
    """Each chance as it counts among the others, in their order."""
    order = sorted(range(len(chances)), key=lambda at: chances[at])
    made, least = [1.0] * len(chances), 0.0
    for rank, at in enumerate(order):
        if not 0 <= chances[at] <= 1:
            raise BadInput(f"{chances[at]} is no chance.", "Give numbers from 0 to 1.")
        least = max(least, min(1.0, (len(chances) - rank) * chances[at]))
        made[at] = least
    return made
