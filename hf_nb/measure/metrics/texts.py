"""Translations and transcripts: whole corpora, by the libraries that define the figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hf_nb.measure.figure import MEAN, Sums
from hf_nb.measure.metrics.answers import several
from hf_nb.measure.metrics.made import Asked, Made
from hf_nb.plumbing.extras import require

if TYPE_CHECKING:
    import numpy


def bleu(asked: Asked) -> Made:
    """Sacrebleu's BLEU, 0 to 100; a row's own value is its sentence BLEU."""
    metrics = require("sacrebleu.metrics", "measure", "BLEU")
    return _sacre(asked, metrics.BLEU(), metrics.BLEU(effective_order=True))


def chrf(asked: Asked) -> Made:
    """Sacrebleu's chrF, 0 to 100."""
    metric = require("sacrebleu.metrics", "measure", "chrF").CHRF()
    return _sacre(asked, metric, metric)


def wer(asked: Asked) -> Made:
    """Words wrong, missing or too many, per word of the references (jiwer's; case and punctuation count)."""
    return _errors(asked, "process_words", str.split)


def cer(asked: Asked) -> Made:
    """The same in characters."""
    return _errors(asked, "process_characters", lambda text: text.strip())


def _sacre(asked: Asked, metric: Any, single: Any) -> Made:
    """A sentence's counts are its parts; sacrebleu makes the figure of their sums, for a sample as for the whole."""
    import numpy

    values: list[float | None] = []
    lines: list[Any] = []
    for guess, truth in asked.pairs:
        truths = several(truth)
        if truths is None:
            values.append(None)
            lines.append(None)
            continue
        text = "" if guess is None else str(guess)
        lines.append(metric._extract_corpus_statistics([text], [[one] for one in truths])[0])  # noqa: SLF001
        values.append(single.sentence_score(text, list(truths)).score)
    width = max((len(one) for one in lines if one is not None), default=1)
    parts = numpy.array([[numpy.nan] * width if one is None else one for one in lines], float)

    def of(sums: numpy.ndarray) -> numpy.ndarray:
        # Its own resampling (sacrebleu.significance) goes this way too; nothing public takes counts.
        made = metric._compute_score_from_stats  # noqa: SLF001
        return numpy.array([made([round(one) for one in line]).score for line in sums], float)

    return Made(values, parts.reshape(-1, width), Sums(of))


def _errors(asked: Asked, process: str, units: Any) -> Made:
    import numpy

    jiwer = require("jiwer", "measure", "The error rate")
    values: list[float | None] = []
    lines: list[Sequence[float]] = []
    for guess, truth in asked.pairs:
        if truth is None:
            values.append(None)
            lines.append((numpy.nan, numpy.nan))
            continue
        said, heard = str(truth), "" if guess is None else str(guess)
        if said.strip():
            done = getattr(jiwer, process)(said, heard)
            wrong = done.substitutions + done.deletions + done.insertions
            length = done.hits + done.substitutions + done.deletions
        else:  # silence: whatever was heard is too much
            wrong, length = len(units(heard)), 0
        lines.append((wrong, length))
        values.append(wrong / length if length else float(wrong))
    return Made(values, numpy.array(lines, float).reshape(-1, 2), MEAN)
