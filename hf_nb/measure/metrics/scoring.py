"""The verb: predictions beside references, and what the task's metrics say of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hf_nb.errors import BadInput
from hf_nb.measure.metrics import answers, entities, labels, likelihood, rankings, texts
from hf_nb.measure.metrics.made import Asked, Make
from hf_nb.measure.scores import By, Scale, Score, Scores
from hf_nb.plumbing.extras import require


@dataclass(frozen=True)
class Metric:
    """How one is made, and how it is read."""

    make: Make
    by: By = "row"
    scale: Scale = "share"
    higher: bool = True
    labels: bool = False
    references: bool = True


METRICS: dict[str, Metric] = {
    "accuracy": Metric(labels.accuracy, labels=True),
    "macro_f1": Metric(labels.macro_f1, "corpus", labels=True),
    "exact_match": Metric(answers.exact_match),
    "token_f1": Metric(answers.token_f1),
    "rouge_l": Metric(answers.rouge_l),
    "bleu": Metric(texts.bleu, "corpus", "points"),
    "chrf": Metric(texts.chrf, "corpus", "points"),
    "wer": Metric(texts.wer, "corpus", higher=False),
    "cer": Metric(texts.cer, "corpus", higher=False),
    "ndcg": Metric(rankings.ndcg),
    "mrr": Metric(rankings.mrr),
    "recall": Metric(rankings.recall),
    "spearman": Metric(rankings.spearman, "corpus", "number"),
    "entity_f1": Metric(entities.entity_f1, "corpus"),
    "perplexity": Metric(likelihood.perplexity, "corpus", "ratio", higher=False, references=False),
}
_CLASSES = ("accuracy", "macro_f1")
TASKS: dict[str, tuple[str, ...]] = {
    "text-classification": _CLASSES,
    "zero-shot-classification": _CLASSES,
    "image-classification": _CLASSES,
    "zero-shot-image-classification": _CLASSES,
    "audio-classification": _CLASSES,
    "video-classification": _CLASSES,
    "question-answering": ("exact_match", "token_f1"),
    "document-question-answering": ("exact_match", "token_f1"),
    "visual-question-answering": ("exact_match", "token_f1"),
    "table-question-answering": ("exact_match", "token_f1"),
    "fill-mask": ("exact_match",),
    "translation": ("bleu", "chrf"),
    "summarization": ("rouge_l",),
    "image-to-text": ("rouge_l",),
    "automatic-speech-recognition": ("wer", "cer"),
    "text-ranking": ("ndcg", "mrr", "recall"),
    "sentence-similarity": ("spearman",),
    "token-classification": ("entity_f1",),
    "text-generation": ("perplexity",),
}


def score(
    task: str,
    predictions: Iterable[Any],
    references: Iterable[Any] | None = None,
    *,
    metrics: Sequence[str] | None = None,
    labels: Mapping[Any, Any] | None = None,
    k: int = 10,
) -> Scores:
    """What the metrics of `task` say. None among the predictions is a row without an answer; see the table above.

    `metrics`: others than the task's own; `labels`: a model's labels -> those of the data; `k`: how far rankings count.
    """
    require("numpy", "measure", "Judging")
    chosen = _metrics(task, metrics)
    guesses = [_none(one) for one in predictions]
    if references is None:
        if any(one.references for _, one in chosen):
            raise BadInput(f"{chosen[0][0]} needs references.", "Give one for each prediction.")
        truths: list[Any] = [True] * len(guesses)  # nothing to compare with, nothing missing
    else:
        truths = [_none(one) for one in references]
    if len(guesses) != len(truths):
        raise BadInput(
            f"{len(guesses)} predictions for {len(truths)} references.",
            "Give one prediction for each reference, None where there is none.",
        )
    if not guesses:
        raise BadInput("There are no rows.", "Give at least one prediction with its reference.")
    if all(one is None for one in truths):
        raise BadInput("No row has a reference.", "Give the labels, or choose rows that have one.")
    asked = _same_labels(Asked(guesses, truths, k), labels)
    return Scores(
        task,
        len(guesses),
        tuple(_one(name, how, asked) for name, how in chosen),
        unanswered=sum(guess is None for guess, truth in asked.pairs if truth is not None),
        unlabelled=sum(truth is None for truth in truths),
        unknown=_unknown(chosen, asked),
    )


def _one(name: str, how: Metric, asked: Asked) -> Score:
    try:
        made = how.make(asked)
    except (TypeError, ValueError) as wrong:
        raise BadInput(f"{name} cannot be measured of such rows: {str(wrong)[:120]}", NEEDS[name]) from wrong
    return Score(name, how.by, tuple(made.values), made.parts, made.figure, how.higher, how.scale)


NEEDS = dict.fromkeys(METRICS, "Give a text for each row.") | {
    "accuracy": "Give a label for each row.",
    "macro_f1": "Give a label for each row.",
    "ndcg": "Give ids in their order for each row; the relevant ids, or {id: gain}, as its reference.",
    "mrr": "Give ids in their order for each row; the relevant ids as its reference.",
    "recall": "Give ids in their order for each row; the relevant ids as its reference.",
    "spearman": "Give a number for each row.",
    "entity_f1": "Give the entities of each row, or tags for each word.",
    "perplexity": "Give the natural log-likelihoods of each row's tokens.",
}


def _metrics(task: str, named: Sequence[str] | None) -> list[tuple[str, Metric]]:
    names = [named] if isinstance(named, str) else named if named is not None else TASKS.get(task, ())
    if not names:
        known = ", ".join(METRICS)
        raise BadInput(
            f"No metric is known for {task}.", f'Choose some: metrics=["exact_match"]. Known: {known}'
        )
    for name in names:
        if name not in METRICS:
            raise BadInput(f"No metric is called {str(name)[:60]}.", f"Known: {', '.join(METRICS)}")
    return [(name, METRICS[name]) for name in dict.fromkeys(names)]


def _none(value: Any) -> Any:
    """A plain value; None for NaN and NA, which is how tables say that a cell is empty."""
    if type(value).__name__ in {"NAType", "NaTType"} or (isinstance(value, float) and math.isnan(value)):
        return None
    if type(value).__module__ == "numpy" and getattr(value, "ndim", 1) == 0:
        return _none(value.item())
    return value


def _same_labels(asked: Asked, labels: Mapping[Any, Any] | None) -> Asked:
    if not labels:
        return asked
    guesses = [labels.get(one, one) if isinstance(one, (str, int)) else one for one in asked.predictions]
    return Asked(guesses, asked.references, asked.k)


def _unknown(chosen: list[tuple[str, Metric]], asked: Asked) -> tuple[tuple[str, int], ...]:
    return labels.unknown(asked) if any(how.labels for _, how in chosen) else ()
