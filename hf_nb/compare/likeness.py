"""How alike two answers are: labels and their scores, texts by their words, vectors by their angle."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from hf_nb.measure.intervals import wilson
from hf_nb.values.batches import answer_of
from hf_nb.values.comparisons import Contender, Likeness, Showing

MOST = 400  # pairs whose likeness is measured: every so-many-th of more
CLOSE = 1e-6  # between vectors that are called the same


def between(kind: str, first: Showing, second: Showing) -> Likeness:
    """Two contenders on the rows that both have."""
    both = [
        (one, other)
        for one, other in zip(first.outputs, second.outputs, strict=True)
        if one is not None and other is not None
    ]
    same = sum(all_same(kind, pair) for pair in both)
    share = wilson(same, len(both))
    some = both[:: max(1, len(both) // MOST)]
    return Likeness(
        first.contender.name,
        second.contender.name,
        len(both),
        same,
        share.low,
        share.high,
        _mean(alike(kind, *pair) for pair in some),
        max((gap for pair in both if (gap := apart(kind, *pair)) is not None), default=None),
        _weights(first, second),
    )


def all_same(kind: str, answers: Sequence[Any]) -> bool:
    """Whether they say the same: the label, the words, the vector to six places."""
    first = answers[0]
    if kind == "vectors":
        return all(_angle(first, one) >= 1 - CLOSE for one in answers[1:])
    said = _said(kind, first)
    return all(_said(kind, one) == said for one in answers[1:])


def alike(kind: str, one: Any, other: Any) -> float | None:
    """0 to 1, where there is something between same and other."""
    if kind == "vectors":
        return _angle(one, other)
    if kind != "text":
        return None
    return _words(str(one), str(other))


def apart(kind: str, one: Any, other: Any) -> float | None:
    """The largest difference of a score."""
    if kind == "labels":
        mine, theirs = dict(one), dict(other)
        shared = mine.keys() & theirs.keys()
        return max((abs(mine[name] - theirs[name]) for name in shared), default=None)
    if kind == "vectors" and len(one) == len(other):
        return max(map(abs, map(float.__sub__, map(float, one), map(float, other))), default=None)
    if kind == "scores" and isinstance(one, list) and len(one) == len(other):
        return max((abs(mine - theirs) for mine, theirs in zip(one, other, strict=True)), default=None)
    return None


def _said(kind: str, answer: Any) -> Any:
    """What is compared: not how sure it is."""
    if kind == "spans":
        return [(one.get("entity_group") or one.get("entity"), one["start"], one["end"]) for one in answer]
    if kind == "scores":
        return [round(float(one), 6) for one in answer]
    found = answer_of(kind, answer)
    return " ".join(found.split()) if isinstance(found, str) else found


def _words(one: str, other: str) -> float:
    """The share of words that both have, whatever their order: quick for texts of any length."""
    if one == other:
        return 1.0
    mine, theirs = Counter(one.split()), Counter(other.split())
    total = mine.total() + theirs.total()
    return 2 * (mine & theirs).total() / total if total else 0.0


def _angle(one: Sequence[float], other: Sequence[float]) -> float:
    if len(one) != len(other):
        return 0.0
    product = math.sumprod(one, other) if hasattr(math, "sumprod") else sum(map(float.__mul__, one, other))
    size = math.hypot(*one) * math.hypot(*other)
    return min(1.0, product / size) if size else 0.0


def _mean(values: Iterable[float | None]) -> float | None:
    known = [one for one in values if one is not None]
    return sum(known) / len(known) if known else None


def _weights(first: Showing, second: Showing) -> bool:
    """The same model at the same commit, asked the same: only who runs it, or in which form, is another."""
    one, other = first.contender, second.contender
    revisions = {one.revision, other.revision} - {None}
    elsewhere = (one.provider, one.copy) != (other.provider, other.copy)
    return _asked(one) == _asked(other) and len(revisions) <= 1 and elsewhere


def _asked(who: Contender) -> tuple[object, ...]:
    return who.model, who.template, who.system, dict(who.params)
