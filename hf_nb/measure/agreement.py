"""Whether raters agree, beyond what chance gives.

Cohen's kappa    two raters who both rated all (a model as judge beside a person)
Krippendorff     any number of raters, any ratings missing
Both with intervals by drawing the items again. 1: always; 0: no more than chance; not defined where all say the same.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hf_nb.errors import BadInput
from hf_nb.measure.figure import Sums
from hf_nb.measure.intervals import LEVEL, Interval, bootstrap
from hf_nb.plumbing.extras import require

if TYPE_CHECKING:
    import numpy


def cohen(
    first: Sequence[Hashable], second: Sequence[Hashable], *, level: float = LEVEL, seed: int = 0
) -> Interval:
    """Cohen's kappa of two raters; items that one of them left (None) are left out."""
    if len(first) != len(second):
        raise BadInput(
            f"{len(first)} ratings and {len(second)}.", "Give both raters' ratings of the same items."
        )
    both = [
        (one, other)
        for one, other in zip(first, second, strict=True)
        if one is not None and other is not None
    ]
    kinds = _kinds([one for pair in both for one in pair])
    # A line of a kind for each rater, and whether they agree: all that kappa is made of.
    parts = _zeros(len(both), 2 * len(kinds) + 1)
    for row, (one, other) in zip(parts, both, strict=True):
        row[kinds[one]] = row[len(kinds) + kinds[other]] = 1
        row[-1] = one == other
    return _named(bootstrap(Sums(_Kappa(len(kinds))), parts, level=level, seed=seed), "items")


def krippendorff(
    ratings: Sequence[Sequence[Hashable | None]], *, level: float = LEVEL, seed: int = 0
) -> Interval:
    """Krippendorff's alpha for kinds that have no order.

    `ratings`: a line for each rater with an entry for each item, None where there is none.
    """
    if len({len(line) for line in ratings}) > 1:
        raise BadInput(
            "The raters' lines are not equally long.",
            "Give one entry for each item, None where there is none.",
        )
    items = [[one for one in item if one is not None] for item in zip(*ratings, strict=True)]
    paired = [item for item in items if len(item) > 1]  # an item with one rating has nobody to agree with
    kinds = _kinds([one for item in paired for one in item])
    parts = _zeros(len(paired), len(kinds) + 2)
    for row, item in zip(parts, paired, strict=True):
        for one in item:
            row[kinds[one]] += 1
        counts = row[: len(kinds)]
        row[-2] = (counts.sum() ** 2 - (counts**2).sum()) / (len(item) - 1)  # ordered pairs that disagree
        row[-1] = len(item)
    return _named(bootstrap(Sums(_alpha), parts, level=level, seed=seed), "items")


@dataclass(frozen=True)
class _Kappa:
    kinds: int

    def __call__(self, sums: numpy.ndarray) -> numpy.ndarray:
        import numpy

        n = sums[:, : self.kinds].sum(axis=1)
        chance = (sums[:, : self.kinds] * sums[:, self.kinds : -1]).sum(axis=1)
        kappa: numpy.ndarray = numpy.full(len(sums), numpy.nan)
        numpy.divide(n * sums[:, -1] - chance, n * n - chance, out=kappa, where=n * n > chance)
        return kappa


def _alpha(sums: numpy.ndarray) -> numpy.ndarray:
    import numpy

    counts, apart, n = sums[:, :-2], sums[:, -2], sums[:, -1]
    expected = n * n - (counts**2).sum(axis=1)
    alpha: numpy.ndarray = numpy.full(len(sums), numpy.nan)
    numpy.divide((n - 1) * apart, expected, out=alpha, where=expected > 0)
    return 1 - alpha


def _kinds(ratings: Sequence[Hashable]) -> dict[Hashable, int]:
    return {one: at for at, one in enumerate(sorted(set(ratings), key=repr))}


def _zeros(rows: int, columns: int) -> numpy.ndarray:
    made: numpy.ndarray = require("numpy", "measure", "Judging").zeros((rows, columns))
    return made


def _named(made: Interval, kind: str) -> Interval:
    from dataclasses import replace

    note = made.note.replace("rows", kind)
    if math.isnan(made.value) and made.n:
        note = "all ratings are the same: agreement beyond chance is not defined"
    return replace(made, note=note)
