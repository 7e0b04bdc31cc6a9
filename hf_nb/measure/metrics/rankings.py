"""Rankings and similarities: what stands first, and whether the order is right."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput
from hf_nb.measure.figure import MEAN
from hf_nb.measure.metrics.made import Asked, Made
from hf_nb.measure.scores import averaged

if TYPE_CHECKING:
    import numpy


def ndcg(asked: Asked) -> Made:
    """Gains of the first k, discounted by their place, of what the best order gives (as they are, not 2^gain)."""

    def one(ranking: list[Any], gains: Mapping[Any, float]) -> float:
        best = sorted(gains.values(), reverse=True)[: asked.k]
        return _discounted([gains.get(doc, 0.0) for doc in ranking[: asked.k]]) / _discounted(best)

    return _rows(asked, one)


def mrr(asked: Asked) -> Made:
    """One over the place of the first that is relevant; 0 beyond k."""

    def one(ranking: list[Any], gains: Mapping[Any, float]) -> float:
        return next(
            (1 / place for place, doc in enumerate(ranking[: asked.k], 1) if gains.get(doc, 0) > 0), 0.0
        )

    return _rows(asked, one)


def recall(asked: Asked) -> Made:
    """The share of the relevant ones among the first k."""

    def one(ranking: list[Any], gains: Mapping[Any, float]) -> float:
        relevant = {doc for doc, gain in gains.items() if gain > 0}
        return len(relevant.intersection(ranking[: asked.k])) / len(relevant)

    return _rows(asked, one)


def _rows(asked: Asked, one: Callable[[list[Any], Mapping[Any, float]], float]) -> Made:
    """A query nothing is relevant to says nothing about an order: it is left out, as one without a reference."""
    if asked.k < 1:
        raise BadInput(f"The first {asked.k} of a ranking are none.", "Give k=10, or another number from 1.")
    values: list[float | None] = []
    for guess, truth in asked.pairs:
        gains = _gains(truth)
        if not any(gain > 0 for gain in gains.values()):
            values.append(None)
        else:
            ranking = (
                [] if guess is None else [guess] if isinstance(guess, str) else list(dict.fromkeys(guess))
            )
            values.append(one(ranking, gains))
    return Made(values, averaged(values), MEAN)


def _gains(truth: Any) -> Mapping[Any, float]:
    if truth is None:
        return {}
    if isinstance(truth, Mapping):
        return {doc: max(0.0, float(gain)) for doc, gain in truth.items()}
    if isinstance(truth, str):
        return {truth: 1.0}
    return dict.fromkeys(truth, 1.0)


def _discounted(gains: list[float]) -> float:
    return sum(gain / math.log2(place + 1) for place, gain in enumerate(gains, 1))


def spearman(asked: Asked) -> Made:
    """Whether the higher of two predictions belongs to the higher of two references, over all rows."""
    import numpy

    values: list[float | None] = []
    lines = []
    for guess, truth in asked.pairs:
        both = (_number(guess), _number(truth))
        lines.append(both if not any(map(math.isnan, both)) else (numpy.nan, numpy.nan))
        values.append(None)  # one row has no order
    return Made(values, numpy.array(lines, float).reshape(-1, 2), Order())


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)


@dataclass(frozen=True)
class Order:
    """Spearman's rank correlation, ties sharing their ranks. NaN where one side does not vary."""

    additive: bool = False

    def weighted(self, parts: numpy.ndarray, weights: numpy.ndarray) -> numpy.ndarray:
        import numpy

        one, other = (_ranks(parts[:, at], weights) for at in (0, 1))
        total = weights.sum(axis=1, keepdims=True)
        one = one - (weights * one).sum(axis=1, keepdims=True) / total
        other = other - (weights * other).sum(axis=1, keepdims=True) / total
        both = (weights * one * other).sum(axis=1)
        made: numpy.ndarray = numpy.full(len(weights), numpy.nan)
        spread = (weights * one**2).sum(axis=1) * (weights * other**2).sum(axis=1)
        numpy.divide(both, numpy.sqrt(spread), out=made, where=spread > 1e-9)
        return made


def _ranks(values: numpy.ndarray, weights: numpy.ndarray) -> numpy.ndarray:
    """The rank of each row where row i stands `weights[:, i]` times."""
    import numpy

    distinct, at = numpy.unique(values, return_inverse=True)
    order = numpy.argsort(at, kind="stable")
    starts = numpy.searchsorted(at[order], numpy.arange(len(distinct)))
    each = numpy.add.reduceat(weights[:, order], starts, axis=1)
    ranks: numpy.ndarray = (numpy.cumsum(each, axis=1) - each + (each + 1) / 2)[:, at]
    return ranks
