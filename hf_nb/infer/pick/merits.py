"""What a model has going for it, each from 0 to 1, and the words for it.

result   what its card states, beside others that state the same measure of the same data; a lone one counts little
use      downloads and likes, in orders of magnitude
speed    how much of the time that is allowed it leaves
age      when it was last worked on
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from hf_nb.render import units
from hf_nb.values import Row
from hf_nb.values.fits import Fit
from hf_nb.values.info import Score

WEIGHTS = {"result": 0.35, "use": 0.3, "speed": 0.2, "age": 0.15}
STATED, NOTHING = 0.4, 0.2  # a result beside which there is none to compare; no result
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


def results(some: Sequence[Candidate], task: str) -> dict[str, tuple[float, Score | None, int]]:
    """Of each model: how good its best comparable result is, which one, and beside how many others."""
    by_measure: dict[tuple[str, str, str], list[tuple[float, str, Score]]] = defaultdict(list)
    first: dict[str, Score] = {}
    for one in some:
        for score in one.scores:
            if score.task not in (task, "None", "") or not isinstance(score.value, (int, float)):
                continue
            if not math.isfinite(score.value):
                continue
            first.setdefault(one.row.id, score)
            key = (score.dataset.lower(), (score.split or "").lower(), score.metric.lower())
            if not any(id == one.row.id for _, id, _ in by_measure[key]):
                by_measure[key].append((float(score.value), one.row.id, score))
    found: dict[str, tuple[float, Score | None, int]] = {}
    for one in some:
        stated = first.get(one.row.id)
        found[one.row.id] = (STATED if stated else NOTHING, stated, 0)
    for (_, _, metric), rows in sorted(by_measure.items()):
        if len(rows) < 2:
            continue
        values = sorted({_better(value, metric) for value, _, _ in rows})
        for value, id, score in rows:
            place = values.index(_better(value, metric)) / max(1, len(values) - 1) if len(values) > 1 else 0.5
            merit = 0.3 + 0.7 * place
            if found[id][2] == 0 or merit > found[id][0]:
                found[id] = (merit, score, len(rows) - 1)
    return found


def _better(value: float, metric: str) -> float:
    return -value if any(word in metric for word in _LESS) else value


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


def reasons(one: Candidate, result: tuple[float, Score | None, int]) -> tuple[str, ...]:
    """In words, the weightiest first."""
    row, fit = one.row, one.fit
    found = []
    _, score, others = result
    if score is not None:
        beside = f", beside {others} other{'s' if others > 1 else ''}" if others else ""
        found.append(f"states {said(score)}{beside} ({by(score)})")
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
