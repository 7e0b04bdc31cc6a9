"""Classification: a label a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput
from hf_nb.measure.figure import MEAN
from hf_nb.measure.metrics.made import Asked, Made
from hf_nb.measure.scores import averaged

if TYPE_CHECKING:
    import numpy


def accuracy(asked: Asked) -> Made:
    """The share of rows with the right label."""
    values = [None if label is None else float(guess == label) for guess, label in asked.pairs]
    return Made(values, averaged(values), MEAN)


def macro_f1(asked: Asked) -> Made:
    """The average of the labels' F1, each label the same weight. A row's own value: right or not."""
    import numpy

    names = sorted({label for label in asked.references if label is not None}, key=repr)
    places = {name: at for at, name in enumerate(names)}
    none = len(names)  # a guess that is no known label: a miss, and nobody's false alarm
    parts = numpy.array(
        [
            (numpy.nan, numpy.nan)
            if label is None
            else (places[label], none if guess is None else places.get(guess, none))
            for guess, label in asked.pairs
        ],
        float,
    ).reshape(-1, 2)
    return Made(accuracy(asked).values, parts, Confusion(len(names)))


@dataclass(frozen=True)
class Confusion:
    """Macro-F1 of (label, guess) pairs. A label that a sample neither holds nor guesses is left out of its average."""

    labels: int
    additive: bool = False

    def weighted(self, parts: numpy.ndarray, weights: numpy.ndarray) -> numpy.ndarray:
        import numpy

        every = numpy.arange(self.labels)
        is_it, says_it = parts[:, :1] == every, parts[:, 1:] == every
        right, both = weights @ (is_it & says_it).astype(float), weights @ (is_it.astype(float) + says_it)
        each = numpy.divide(2 * right, both, out=numpy.zeros_like(both), where=both > 0)
        total, seen = each.sum(axis=1), (both > 0).sum(axis=1)
        made: numpy.ndarray = numpy.full(len(weights), numpy.nan)
        numpy.divide(total, seen, out=made, where=seen > 0)
        return made


def unknown(asked: Asked) -> tuple[tuple[str, int], ...]:
    """Predicted labels that no reference knows, the most frequent first.

    An error where of several labels none was ever predicted: then they are named otherwise, not all wrong.
    """
    known = {label for label in asked.references if label is not None}
    guesses = [guess for guess in asked.predictions if guess is not None]
    strange = Counter(str(guess)[:80] for guess in guesses if guess not in known)
    if guesses and len(known) > 1 and strange.total() == len(guesses):
        theirs, ours = _few(sorted(strange)), _few(sorted(str(one)[:80] for one in known))
        raise BadInput(
            f"No prediction is one of the labels: predicted {theirs}; labels {ours}.",
            'Say which is which: score(..., labels={"LABEL_0": "negative"})',
        )
    return tuple(strange.most_common())


def _few(names: Sequence[Any]) -> str:
    return ", ".join(map(str, names[:3])) + (", …" if len(names) > 3 else "")
