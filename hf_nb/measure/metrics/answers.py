"""Answers to questions, and summaries: words compared with words."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from hf_nb.measure.figure import MEAN
from hf_nb.measure.metrics.made import Asked, Made
from hf_nb.measure.scores import averaged
from hf_nb.plumbing.extras import require

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def exact_match(asked: Asked) -> Made:
    """Whether the answer is one of the references, as SQuAD reads them: no case, articles, punctuation."""
    return _best(asked, lambda guess, truth: float(_plain(guess) == _plain(truth)))


def token_f1(asked: Asked) -> Made:
    """How many words the answer shares with a reference."""
    return _best(asked, _shared)


def rouge_l(asked: Asked) -> Made:
    """How long a run of the reference's words the summary holds, gaps allowed (Lin 2004)."""
    longest = require("rapidfuzz.distance.LCSseq", "measure", "ROUGE-L").similarity

    def both(guess: str, truth: str) -> float:
        one, other = _words(guess), _words(truth)
        found = longest(one, other)
        return 2 * found / (len(one) + len(other)) if found else 0.0

    return _best(asked, both)


def _best(asked: Asked, compare: Callable[[str, str], float]) -> Made:
    values: list[float | None] = []
    for guess, truth in asked.pairs:
        truths = several(truth)
        if truths is None:
            values.append(None)
        else:
            values.append(0.0 if guess is None else max(compare(str(guess), one) for one in truths))
    return Made(values, averaged(values), MEAN)


def several(truth: Any) -> Sequence[str] | None:
    """A reference, or several: None where there is none."""
    if truth is None:
        return None
    if isinstance(truth, (list, tuple)):
        return [str(one) for one in truth if one is not None] or None
    return [str(truth)]


def _plain(text: str) -> str:
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def _shared(guess: str, truth: str) -> float:
    one, other = _plain(guess).split(), _plain(truth).split()
    if not one or not other:
        return float(one == other)
    common = (Counter(one) & Counter(other)).total()
    return 2 * common / (len(one) + len(other))


def _words(text: str) -> list[str]:
    """Any script's letters and digits (the first ROUGE knew a to z alone)."""
    return re.findall(r"[^\W_]+", text.lower())
