"""What a model has going for it, each from 0 to 1, and the words for it.

result   how good it is, beside others measured by the same on the same; what cannot be compared counts little
use      downloads and likes, in orders of magnitude
speed    how much of the time that is allowed it leaves
age      when it was last worked on
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from hf_nb.render import units
from hf_nb.values import Row
from hf_nb.values.fits import Fit
from hf_nb.values.info import Score

WEIGHTS = {"result": 0.35, "use": 0.3, "speed": 0.2, "age": 0.15}
STATED, NOTHING = 0.4, 0.2  # a result that is compared with none; no result
LEAST = 0.3  # the last of those that are compared
QUICK, SLOW = 0.01, 60.0  # seconds that are worth all, and nothing
FRESH, OLD = 180.0, 1500.0  # days
# Where less is better.
_LESS = ("loss", "wer", "cer", "perplexity", "error", "mse", "mae", "rmse", "latency")


@dataclass(frozen=True)
class Candidate:
    """A model as far as it is known when it is weighed."""

    row: Row
    fit: Fit
    scores: tuple[Score, ...] = ()


class Measure(NamedTuple):
    """What can be compared: one metric of one split of one dataset, told in hundredths or in shares of one."""

    dataset: str
    split: str
    metric: str
    percent: bool


class Result(NamedTuple):
    """How good it is, by which result; `place` among so many that state the same, or 0 where none can be compared."""

    merit: float
    score: Score | None = None
    of: int = 0
    place: int = 0


def results(some: Sequence[Candidate], task: str, dataset: str | None = None) -> dict[str, Result]:
    """Of each model: compared by the one measure that most of them state, so that places mean the same.

    `dataset`: by a measure of this one alone.
    """
    stated = {one.row.id: list(_usable(one, task, dataset)) for one in some}
    measure = _common(stated)
    found = {id: Result(STATED, scores[0]) if scores else Result(NOTHING) for id, scores in stated.items()}
    if measure is None:
        return found
    told = {id: own for id, scores in stated.items() if (own := _by(scores, measure)) is not None}
    values = sorted({_better(float(one.value), measure.metric) for one in told.values()})
    for id, own in told.items():
        below = values.index(_better(float(own.value), measure.metric))
        share = below / (len(values) - 1) if len(values) > 1 else 0.5
        found[id] = Result(LEAST + (1 - LEAST) * share, own, len(told), len(values) - below)
    return found


def _usable(one: Candidate, task: str, dataset: str | None) -> Iterator[Score]:
    wanted = (dataset or "").lower()
    for score in one.scores:
        if score.task not in (task, "None", "") or not isinstance(score.value, (int, float)):
            continue
        if math.isfinite(score.value) and wanted in score.dataset.lower():
            yield score


def _common(stated: Mapping[str, Sequence[Score]]) -> Measure | None:
    """What most models state, if it is more than one."""
    counted = Counter(one for scores in stated.values() for one in {_measure(score) for score in scores})
    best = min(counted, key=lambda one: (-counted[one], one), default=None)
    return best if best is not None and counted[best] > 1 else None


def _measure(score: Score) -> Measure:
    metric = score.metric.lower()
    percent = not _less(metric) and isinstance(score.value, (int, float)) and abs(score.value) > 1
    return Measure(score.dataset.lower(), (score.split or "").lower(), metric, percent)


def _by(scores: Sequence[Score], measure: Measure) -> Score | None:
    """A verified one before the others."""
    same = [one for one in scores if _measure(one) == measure]
    return min(same, key=lambda one: one.verified is not True, default=None)


def compared(found: Mapping[str, Result]) -> str | None:
    """By what the models were compared, and how many could not be."""
    told = [one for one in found.values() if one.place]
    if not told:
        lone = sum(one.score is not None for one in found.values())
        return f"{lone} state results, no two of them the same measure: none were compared." if lone else None
    first = told[0].score
    assert first is not None
    other = sum(one.score is not None and not one.place for one in found.values())
    what = f"{first.metric} on {first.dataset}" + (f" ({first.split})" if first.split else "")
    rest = f"; {other} state something else, which is not compared" if other else ""
    return f"Compared by {what}, which {len(told)} state{rest}."


def _better(value: float, metric: str) -> float:
    return -value if _less(metric) else value


def _less(metric: str) -> bool:
    return any(word in metric for word in _LESS)


def use(row: Row) -> float:
    """Ten million downloads a month, or ten thousand likes, are all there is to have."""
    return min(1.0, max(math.log10(1 + (row.downloads or 0)) / 7, math.log10(1 + (row.likes or 0)) / 4))


def speed(seconds: float | None) -> float:
    """Of a time in orders of magnitude; unknown is the middle."""
    if seconds is None or seconds <= 0:
        return 0.5
    return min(1.0, max(0.0, math.log(SLOW / seconds) / math.log(SLOW / QUICK)))


def age(updated: datetime | None, now: datetime) -> float:
    """Half a year is fresh, four years are old."""
    if updated is None:
        return 0.5
    when = updated if updated.tzinfo else updated.replace(tzinfo=UTC)
    days = (now - when).total_seconds() / 86_400
    return min(1.0, max(0.0, 1 - (days - FRESH) / (OLD - FRESH)))


def weighed(parts: Mapping[str, float]) -> float:
    """All of it as one number."""
    return sum(WEIGHTS[name] * part for name, part in parts.items())


def reasons(one: Candidate, result: Result) -> tuple[str, ...]:
    """In words, the weightiest first."""
    row, fit = one.row, one.fit
    found = []
    score = result.score
    if score is not None:
        place = f", place {result.place} of {result.of}" if result.place else ""
        found.append(f"states {said(score)}{place} ({by(score)})")
    else:
        found.append("states no result")
    if fit.memory is not None:
        tight = ", tight" if fit.verdict == "tight" else ""
        found.append(f"≈ {units.size(fit.memory)} of memory{tight}")
    if fit.seconds is not None:
        found.append(f"≈ {units.seconds(fit.seconds)} an answer here")
    if row.downloads is not None:
        found.append(f"{units.count(row.downloads)} downloads a month, {units.count(row.likes or 0)} likes")
    if row.updated is not None:
        found.append(f"changed {units.day(row.updated)}")
    return tuple(found)


def said(score: Score) -> str:
    """Accuracy 0.93 on SST-2."""
    value = f"{score.value:.3g}" if isinstance(score.value, float) else str(score.value)
    return f"{score.metric} {value} on {score.dataset}"[:120]


def by(score: Score) -> str:
    """Whose word it is."""
    if score.verified:
        return "verified by the Hub"
    return f"by {score.source}"[:60] if score.source else "its author's word"
