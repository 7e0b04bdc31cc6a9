"""How surprised a model is by a text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hf_nb.errors import BadInput
from hf_nb.measure.figure import Sums, mean
from hf_nb.measure.metrics.made import Asked, Made

if TYPE_CHECKING:
    import numpy


def perplexity(asked: Asked) -> Made:
    """The exponential of the average surprise of all tokens together; a row is its tokens' natural log-likelihoods.

    Comparable only between models with the same tokens.
    """
    import numpy

    values: list[float | None] = []
    lines: list[Sequence[float]] = []
    for row in asked.predictions:
        tokens = [] if row is None else [float(one) for one in row]
        if any(math.isnan(one) or one > 1e-6 for one in tokens):
            raise BadInput(
                "A log-likelihood is above 0, or no number.",
                "Give natural logarithms of probabilities, one a token.",
            )
        lines.append((-math.fsum(tokens), len(tokens)) if tokens else (numpy.nan, numpy.nan))
        values.append(_exp(lines[-1][0] / lines[-1][1]) if tokens else None)
    return Made(values, numpy.array(lines, float).reshape(-1, 2), Sums(_of))


def _of(sums: numpy.ndarray) -> numpy.ndarray:
    import numpy

    with numpy.errstate(over="ignore"):
        made: numpy.ndarray = numpy.exp(mean(sums))
        return made


def _exp(surprise: float) -> float:
    return math.exp(surprise) if surprise < 700 else math.inf
