"""The same question again, while no answer is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hf_nb import tasks
from hf_nb.infer.advice.habits import Habits
from hf_nb.infer.numbers import Seen
from hf_nb.infer.remembered import sure
from hf_nb.values.advice import Tip

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

BYTES = 256_000_000


def look(habits: Habits, session: Session, *, measure: bool) -> Iterator[Tip]:  # nothing to measure
    """Where the setting is off."""
    if session.settings.answers_cache:
        return
    had: set[object] = set()
    again: list[Seen] = []
    for one in habits.latest:
        mark = (one.key, one.target.revision, one.of)
        if mark in had and _sure(one, session):
            again.append(one)
        had.add(mark)
    if again:
        yield Tip(
            "keep",
            f"{len(again):,} of the last {len(habits.latest):,} questions had been asked before.",
            "Keep the answers: the same question is then answered at once.",
            f"%hf settings answers_cache={BYTES}",
            "the seconds these questions took the second time",
            seconds=sum(one.seconds for one in again),
            dollars=sum(one.cost or 0.0 for one in again),
            undo="%hf settings answers_cache=0",
            setting=("answers_cache", BYTES),
        )


def _sure(one: Seen, session: Session) -> bool:
    """Whether its answer would have been kept."""
    if one.call is None:
        return not tasks.TASKS[one.key[2]].streams and one.target.revision is not None
    return sure.alike(one.call, one.target, session, mask=False) and sure.greedy(one.call, one.target)
