"""What is drawn when rows are drawn again: equal rows counted together, or whole clusters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput

if TYPE_CHECKING:
    import numpy

    from hf_nb.measure.figure import Figure


@dataclass(frozen=True)
class Units:
    """`counts[i]` equal units of kind i, in stratum `stratum[i]`; row r of `parts` belongs to kind `owner[r]`.

    Their order comes from what they hold, never from the order in which the rows came: the same rows give the same
    draws, and so the same answer.
    """

    parts: numpy.ndarray
    owner: numpy.ndarray
    counts: numpy.ndarray
    stratum: numpy.ndarray

    @property
    def total(self) -> int:
        return int(self.counts.sum())

    def rows(self, weights: numpy.ndarray) -> numpy.ndarray:
        """Weights of the rows, from those of the units."""
        plain = len(self.owner) == len(self.counts) and bool((self.owner == range(len(self.owner))).all())
        return weights if plain else weights[:, self.owner]


def units(
    figure: Figure,
    parts: numpy.ndarray,
    *,
    strata: Sequence[Any] | None = None,
    clusters: Sequence[Any] | None = None,
) -> Units:
    """The rows as units. `strata`: drawn from each apart; `clusters`: rows that are drawn together or not at all."""
    import numpy

    of = codes(strata, len(parts), "strata")
    if clusters is None:
        kinds, counts = numpy.unique(numpy.column_stack([of, parts]), axis=0, return_counts=True)
        return Units(kinds[:, 1:], numpy.arange(len(kinds)), counts, kinds[:, 0].astype(int))
    group = codes(clusters, len(parts), "clusters")
    stratum = numpy.zeros(group.max() + 1, int)
    stratum[group] = of
    if (stratum[group] != of).any():
        raise BadInput("A cluster lies in two strata.", "Give clusters that lie inside one stratum each.")
    if not figure.additive:
        order = numpy.lexsort([*parts.T, group])
        return Units(parts[order], group[order], numpy.ones(len(stratum), int), stratum)
    sums = numpy.zeros((len(stratum), parts.shape[1]))
    order = numpy.lexsort(
        [*parts.T, group]
    )  # added up in an order of their own: no last digit depends on theirs
    numpy.add.at(sums, group[order], parts[order])
    kinds, counts = numpy.unique(numpy.column_stack([stratum, sums]), axis=0, return_counts=True)
    return Units(kinds[:, 1:], numpy.arange(len(kinds)), counts, kinds[:, 0].astype(int))


def codes(labels: Sequence[Any] | None, rows: int, what: str) -> numpy.ndarray:
    """Labels as numbers from 0, in an order of their own."""
    import numpy

    if labels is None:
        return numpy.zeros(rows, int)
    if len(labels) != rows:
        raise BadInput(f"{len(labels)} {what} for {rows} rows.", f"Give one of the {what} for each row.")
    names = [f"{type(one).__name__}:{one!r}" for one in labels]
    places = {name: at for at, name in enumerate(sorted(set(names)))}
    return numpy.array([places[name] for name in names], int)
