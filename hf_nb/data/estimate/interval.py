"""From what some blocks hold to what all hold, with bounds.

What the bounds promise: of the intervals given at one look, 95 % hold the true value. Whoever looks again and again and
stops when it pleases can ask for bounds that hold at all looks together (`outside` divided by their number).

value     each total is the drawn blocks' shares times the blocks they stand for, scaled so that the rows come out right
          (their number is known); an answer made of totals takes them as they are.
variance  one block is drawn out of each stretch, so nothing within a stretch says how it varies; its neighbours do. See
          `spread`. In a shuffled table this agrees with the textbook's cluster sample; a sorted or drifting one gets
          bounds as narrow as its order allows, and a file that jumps in one place gets them as wide as the jump.
freedom   neighbouring contrasts share blocks: about half as many degrees of freedom as blocks.
tails     rare, huge values are worse than they look as long as none was drawn. See `tails`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hf_nb.data.estimate.spread import variance as spread
from hf_nb.data.estimate.student import student
from hf_nb.values.estimates import Bound

if TYPE_CHECKING:
    import numpy

    from hf_nb.data.estimate.sample import Stretch
    from hf_nb.data.estimate.tails import Tail
    from hf_nb.data.estimate.terms import Formula

OUTSIDE = 0.05
FREEDOM = 0.514  # degrees per block: contrasts that share blocks are correlated by -2/3 and 1/6
BLOCKS = 4  # fewer that hold anything of a line say nothing about how they differ
ROWS = 12  # rarer than this among the rows read, a count is more luck than measure
SKEW = 0.5  # of the answer's error, beyond which its bounds would not hold


@dataclass(frozen=True)
class Drawn:
    """One look. `rows`: of each drawn block; `totals`: its share of each total, a column each."""

    stretches: Sequence[Stretch]
    rows: numpy.ndarray
    totals: numpy.ndarray
    all_rows: int

    @property
    def exact(self) -> bool:
        """Whether every block was read."""
        return all(len(stretch) == 1 for stretch in self.stretches)


def bound(
    formula: Formula,
    drawn: Drawn,
    *,
    counts: Sequence[int | None],
    tails: Sequence[Tail | None],
    outside: float = OUTSIDE,
) -> Bound:
    """The answer and its bounds; without bounds where none would hold.

    `counts`: for each total the one that counts its rows (itself, where it is a count), None if there is none;
    `tails`: its largest values.
    """
    import numpy

    if not formula.of:
        value = formula(())
        return Bound(value, value, value)
    sizes = numpy.array([len(stretch) for stretch in drawn.stretches], float)
    scale = drawn.all_rows / float(sizes @ drawn.rows)
    sums = sizes @ drawn.totals * scale
    value = formula(sums)
    if value is None or not math.isfinite(value):
        return Bound(None)
    slopes = _slopes(formula, sums)
    # What a block adds to the answer beyond what its rows would lead one to expect.
    rest = (drawn.totals - numpy.outer(drawn.rows, sums / drawn.all_rows)) @ slopes * scale
    met, blocks = _met(formula, drawn, counts)
    if met < ROWS or blocks < min(BLOCKS, len(drawn.stretches)):
        return Bound(value)
    variance = spread(rest, sizes, drawn.stretches)
    if formula.average is not None and blocks < len(drawn.stretches):
        variance *= blocks / (blocks - 1)  # the average was taken from so many blocks itself
    widened = _with_tails(variance, slopes, scale, tails, formula)
    if widened is None or math.sqrt(widened) <= 1e-12 * float(numpy.abs(sums * slopes).sum()):
        return Bound(value)  # too skewed, or what was read does not differ: the rest may
    freedom = FREEDOM * min(blocks + 2, len(drawn.stretches))
    half = student(outside, freedom) * math.sqrt(widened)
    return _within(Bound(value, value - half, value + half), formula, drawn, counts)


def _slopes(formula: Formula, sums: numpy.ndarray) -> numpy.ndarray:
    """How the answer moves with each total."""
    import numpy

    slopes = numpy.zeros(len(sums))
    for at in set(formula.of):
        step = (abs(sums[at]) or 1.0) * 1e-5
        up, down = sums.copy(), sums.copy()
        up[at] += step
        down[at] -= step
        above, below = formula(up), formula(down)
        if above is not None and below is not None:
            slopes[at] = (above - below) / (2 * step)
    return slopes


def _with_tails(
    variance: float, slopes: numpy.ndarray, scale: float, tails: Sequence[Tail | None], formula: Formula
) -> float | None:
    """The variance with the values that were not met; None where they would skew the answer too much."""
    skew = 0.0
    for at in set(formula.of):
        tail = tails[at]
        if tail is not None and slopes[at]:
            weight = float(slopes[at]) * scale
            variance += weight**2 * tail.square
            skew += abs(weight) ** 3 * tail.cube
    if variance > 0 and skew > SKEW * variance**1.5:
        return None
    if variance > 0 and any(
        (tail := tails[at]) is not None and tail.beyond * abs(float(slopes[at])) > math.sqrt(variance) / 2
        for at in set(formula.of)
    ):
        return None
    return variance


def _met(formula: Formula, drawn: Drawn, counts: Sequence[int | None]) -> tuple[float, float]:
    """The fewest rows, and the fewest blocks, that anything in it comes from.

    Blocks count by the rows they give: four of which one gives nearly all are little more than one.
    """
    if formula.average is not None:
        columns = [drawn.totals[:, formula.average[1]]]
    else:
        columns = [drawn.totals[:, at] for one in set(formula.of) if (at := counts[one]) is not None]
    if all(counts[one] == one for one in formula.of):  # counts alone: those that were not met count as much
        parts = [*columns, drawn.rows]
        apart = [abs(one - other) for at, one in enumerate(parts) for other in parts[:at]]
        columns += [one for one in apart if one.any()]
    return (
        min((float(one.sum()) for one in columns), default=0.0),
        min((float(one.sum()) ** 2 / float((one**2).sum() or 1.0) for one in columns), default=0.0),
    )


def _within(bound: Bound, formula: Formula, drawn: Drawn, counts: Sequence[int | None]) -> Bound:
    """A count is no less than what was counted, and no more than that and all rows not read."""
    if not formula.whole or counts[formula.of[0]] != formula.of[0] or bound.low is None or bound.high is None:
        return bound
    seen = float(drawn.totals[:, formula.of[0]].sum())
    unread = drawn.all_rows - float(drawn.rows.sum())
    return Bound(bound.value, max(bound.low, seen), min(bound.high, seen + unread))
