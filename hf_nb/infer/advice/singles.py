"""Many questions to one model, one after the other: a batch answers them together."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from hf_nb import tasks
from hf_nb.infer.advice import trial
from hf_nb.infer.advice.habits import Habits
from hf_nb.infer.many import answering
from hf_nb.infer.numbers import Seen
from hf_nb.values.advice import Tip

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

MANY = 16
GAINS = 1.2  # times as quick, before it is worth a word


def look(habits: Habits, session: Session, *, measure: bool) -> Iterator[Tip]:
    """One for each model that was asked often."""
    for (method, model, task), seen in habits.alone().items():
        if len(seen) < MANY or task == "chat":  # what is said next follows from the reply
            continue
        gain = _here(seen, session, measure=measure) if method == "local" else _elsewhere(seen, session)
        if gain is None:
            continue
        seconds, how = gain
        yield Tip(
            "batch",
            f"{len(seen):,} questions went to {model} one by one ({method}, {task}).",
            "Ask them as a batch: a list, or a column of a table.",
            f"hf_nb.infer.batch(texts, model={json.dumps(model)}, task={json.dumps(task)})",
            how,
            seconds=seconds,
            measured=method == "local",
        )


def _here(seen: Sequence[Seen], session: Session, *, measure: bool) -> tuple[float, str] | None:
    last = seen[-1]
    # Different questions, as a list would hold them: the same one again is no work for a batch.
    calls = [*{one.of: one.call for one in seen if one.call is not None}.values()]
    calls = [one for one in calls if one is not None and one.params == calls[-1].params]
    if not measure or not answering.can_together(tasks.TASKS[last.key[2]], last.target, session):
        return None
    usual = sorted(one.seconds for one in seen)[len(seen) // 2]
    took = trial.together(calls, usual, session)
    if took is None or took[0] < GAINS * took[1]:
        return None
    alone, among = took
    saved = sum(one.seconds for one in seen) * (1 - among / alone)
    return (
        saved,
        f"the last {min(len(calls), trial.MOST)} of them, tried both ways: {alone / among:.1f} times as quick",
    )


def _elsewhere(seen: Sequence[Seen], session: Session) -> tuple[float, str] | None:
    at_once = session.settings.batch_at_once
    if at_once < 2:
        return None
    saved = sum(one.seconds for one in seen) * (1 - 1 / at_once)
    return saved, f"a batch asks {at_once} at a time; no slower answers assumed"
