"""A slower or a dearer place, while another one gave the same model's answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hf_nb.infer.advice import lines
from hf_nb.infer.advice.habits import Habits, middle
from hf_nb.infer.numbers import SEVERAL, Counted
from hf_nb.values.advice import Tip

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

GAINS = 1.3  # times as quick, before it is worth a word
HERE = ("local", "hashing")


def look(habits: Habits, session: Session, *, measure: bool) -> Iterator[Tip]:  # asking costs money
    """For each model and task that two places have answered a few times. Nothing is sent out that was not before."""
    of: dict[tuple[str, str], dict[str, Counted]] = defaultdict(dict)
    for (method, model, task), one in habits.counted.items():
        if one.answers - one.rows >= SEVERAL:
            of[model, task][method] = one
    for (model, task), there in of.items():
        if len(there) < 2:
            continue
        named = {one.key[0] for one in habits.latest if one.named and one.key[1:] == (model, task)}
        for tip in (
            _quicker(model, task, there, named, session),
            _cheaper(model, task, there, named, session),
        ):
            if tip is not None:
                yield tip


def _quicker(
    model: str, task: str, there: dict[str, Counted], named: set[str], session: Session
) -> Tip | None:
    best = min(there, key=lambda one: middle(there[one]))
    slow = {
        name: one
        for name, one in there.items()
        if name not in HERE
        and middle(one) > GAINS * middle(there[best])  # from here nothing is sent out for speed
    }
    if not slow:
        return None
    saved = sum((middle(one) - middle(there[best])) * one.answers for one in slow.values())
    worst = max(slow, key=lambda one: middle(slow[one]))
    times = middle(slow[worst]) / middle(there[best]) if middle(there[best]) else 0.0
    return _tip(
        "quicker",
        f"{worst} took {times:.1f} times as long as {best} for {model} ({task}).",
        "fastest seen",
        f"the usual answer of both, over the {sum(one.answers for one in slow.values()):,} that were slower",
        best,
        (model, task),
        named=worst in named,
        session=session,
        seconds=saved,
    )


def _cheaper(
    model: str, task: str, there: dict[str, Counted], named: set[str], session: Session
) -> Tip | None:
    def price(name: str) -> float | None:
        one = there[name]
        if name in HERE:
            return 0.0
        return one.cost / one.answers if one.cost is not None and one.answers else None

    prices = {name: known for name in there if (known := price(name)) is not None}
    if len(prices) < 2:
        return None
    best, worst = min(prices, key=lambda one: prices[one]), max(prices, key=lambda one: prices[one])
    saved = sum((known - prices[best]) * there[name].answers for name, known in prices.items())
    if saved <= 0:
        return None
    return _tip(
        "cheaper",
        f"{worst} took ${prices[worst]:.2g} an answer, {best} ${prices[best]:.2g}, for {model} ({task}).",
        "free first",
        "what both have taken an answer, over all of them",
        best,
        (model, task),
        named=worst in named,
        session=session,
        dollars=saved,
    )


def _tip(
    kind: str,
    seen: str,
    policy: str,
    how: str,
    best: str,
    asked: tuple[str, str],
    *,
    named: bool,
    session: Session,
    seconds: float = 0.0,
    dollars: float = 0.0,
) -> Tip | None:
    """A policy; where the place was named, another name."""
    if named:
        model, task = asked
        line, cell = lines.one(model, task, provider=best)
        return Tip(kind, seen, f"Name {best} instead.", line, how, seconds, dollars, cell=cell)
    now = str(session.settings.policy)
    if now != "as listed":  # somebody has decided
        return None
    return Tip(
        kind,
        seen,
        f"Let the places be chosen that way: policy {policy}.",
        f'%hf settings policy="{policy}"',
        how,
        seconds,
        dollars,
        undo=f'%hf settings policy="{now}"',
        setting=("policy", policy),
    )
