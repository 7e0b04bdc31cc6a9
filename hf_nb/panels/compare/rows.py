"""All contenders on many rows: how far it is and what it says so far; then pairs of its rows to vote on."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

from hf_nb.compare import likeness
from hf_nb.panels.compare import answers, coding, judged, meant, study, table, voting
from hf_nb.panels.compare.given import read
from hf_nb.panels.compare.study import Study

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask
    from hf_nb.values.comparisons import Comparison

BETWEEN = 0.25  # seconds between two events
# Judging draws rows again thousands of times: no more than this share of the time goes into it while rows come.
SHARE = 0.2


def rows(
    ask: Ask,
    *,
    contenders: list[dict[str, Any]],
    given: dict[str, Any],
    task: str = "",
    slices: list[str] | None = None,
    budget: float | None = None,
    agreed: bool = False,
) -> dict[str, Any]:
    """`compare.rows`: events say how far it is; a page that goes away stops it, and what was written down stays."""
    ask.official()
    who, taken = meant.contenders(contenders, task), read(given, ask.session)
    how = {"slices": tuple(slices or ()), "budget": budget, "session": ask.session}
    begun = study.begin(who, taken.inputs, taken.named, agreed=agreed, **how)
    try:
        _watch(ask, begun)
    finally:
        if not begun.over.is_set():
            begun.stop_all()
    if (wrong := study.wrong(begun)) is not None:
        raise wrong
    return {"run": begun.name, **judged.judged(begun.so_far()), "code": coding.rows(who, taken, how)}


def _watch(ask: Ask, begun: Study) -> None:
    """Tells how far it is until it is over."""
    so_far: dict[str, Any] | None = None
    again = 0.0
    while not begun.over.wait(BETWEEN):
        now = time.monotonic()
        if now >= again and begun.done:
            so_far = judged.judged(begun.so_far())
            took = time.monotonic() - now
            again = time.monotonic() + max(1.0, took / SHARE)
        ask.tell(judged.progress(begun, so_far))
    ask.tell(judged.progress(begun, so_far))


def agree(ask: Ask, *, run: str) -> dict[str, Any]:
    """`compare.agree`: go on with the rest, long or paid as it is."""
    study.find(run).agree()
    return {}


def state(ask: Ask, *, run: str) -> dict[str, Any]:
    """`compare.state`: a run that is still in memory, for a page that was away."""
    found = study.find(run)
    return {"progress": judged.progress(found, None), **judged.judged(found.so_far())}


def next_pair(ask: Ask, *, run: str) -> dict[str, Any]:
    """`compare.next`: two answers to one row, by lot, that nobody has voted on yet and that are not the same."""
    found = study.find(run)
    made = found.so_far()
    pair = _drawn(found, made)
    return {
        "pair": pair.plain() if pair else None,
        "failed": [],
        "tally": voting.tallied(found.contenders),
    }


def _drawn(found: Study, made: Comparison) -> voting.Pair | None:
    voted = {(frozenset((one.left, one.right)), one.item) for one in made.votes}
    names = [one.contender.name for one in made.showings if one.ok]
    counts = {
        frozenset(two): sum(one[0] == frozenset(two) for one in voted) for two in combinations(names, 2)
    }
    order = list(range(made.rows))
    lot = random.SystemRandom()
    lot.shuffle(order)
    for two in sorted(combinations(names, 2), key=lambda two: (counts[frozenset(two)], lot.random())):
        sides = list(two)
        lot.shuffle(sides)
        for at in order:
            if (frozenset(two), at) in voted or not _worth(made, sides, at):
                continue
            return _pair(found, made, sides, at)
    return None


def _worth(made: Comparison, sides: Sequence[str], at: int) -> bool:
    """Both have answered, and not the same."""
    outputs = [made[name].outputs[at] for name in sides]
    return all(one is not None for one in outputs) and not likeness.all_same(made.kind, outputs)


def _pair(found: Study, made: Comparison, sides: Sequence[str], at: int) -> voting.Pair:
    left, right = (table.answer(made.kind, made[name].outputs[at], table.LONG) for name in sides)
    took = [made[name].alone.get(at) for name in sides]
    pair = voting.Pair(
        voting.token(),
        found.contenders,
        (sides[0], sides[1]),
        meant.words(made.inputs[at]),
        (left, right),
        (_took(took[0]), _took(took[1])),
        at,
    )
    voting.keep(pair)
    return pair


def _took(one: Any) -> dict[str, Any] | None:
    return None if one is None else answers.of_source(one, None)
