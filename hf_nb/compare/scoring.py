"""What labels say of each contender, and what its rows took: the figures that are held against each other.

A failed row counts for the one that failed it only: figures of a contender are of the rows it answered. Who cannot be
measured (labels of another kind, a library that is missing) is left out, and why is said.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from hf_nb.errors import BadInput, HfNbError
from hf_nb.measure.metrics import score
from hf_nb.measure.metrics.scoring import TASKS
from hf_nb.measure.scores import Score, Scores, numbers
from hf_nb.values.batches import answer_of
from hf_nb.values.comparisons import Comparison, Showing

WRITTEN = ("exact_match", "token_f1")  # of texts that were written freely
# Where a model's own likelihoods would be measured, labels here are texts to be met.
OURS = dict.fromkeys(("text-generation", "chat", "text2text-generation", "code-generation"), WRITTEN)
LEAST = 1e-6  # seconds: nothing takes less


def measured(of: Comparison) -> tuple[dict[str, Scores], dict[str, str]]:
    """The scores of those that can be measured, and why the others cannot."""
    found: dict[str, Scores] = {}
    why: dict[str, str] = {}
    for one in of.showings if of.labels is not None else ():
        try:
            if (made := _scores(of, one)) is not None:
                found[one.contender.name] = made
        except HfNbError as wrong:
            why[one.contender.name] = wrong.problem.removesuffix(".")
    return found, why


def _scores(of: Comparison, one: Showing) -> Scores | None:
    assert of.labels is not None
    told = [
        label if made is not None and _told(label) else None
        for label, made in zip(of.labels, one.outputs, strict=True)
    ]
    if all(label is None for label in told):
        return None
    guesses = [_guess(of.kind, made) for made in one.outputs]
    return score(of.task, guesses, told, metrics=_metrics(of), labels=of.label_names)


def _metrics(of: Comparison) -> Sequence[str]:
    found = of.metrics or OURS.get(of.task) or TASKS.get(of.task)
    if not found:
        raise BadInput(f"No metric is known for {of.task}.", 'Choose some: metrics=["exact_match"]')
    return found


def _told(label: Any) -> bool:
    return label is not None and not (isinstance(label, float) and math.isnan(label))


def _guess(kind: str, made: Any) -> Any:
    """An answer as metrics read it."""
    if made is None:
        return None
    if kind == "scores":
        return made[0] if isinstance(made, list) and made else made
    return answer_of(kind, made)


def costs(one: Showing) -> Iterator[Score]:
    """Seconds and dollars of the rows that were asked alone."""
    seconds = [None if took is None else max(LEAST, took) for took in one.took("seconds")]
    if any(took is not None for took in seconds):
        yield numbers("seconds", seconds, higher=False, scale="ratio")
    cost = [paid or None for paid in one.took("cost")]
    if any(paid is not None for paid in cost):
        yield numbers("cost", cost, higher=False, scale="ratio")
