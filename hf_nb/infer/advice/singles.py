"""Many questions to one model, one after the other: a batch answers them together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hf_nb import tasks
from hf_nb.infer.advice import lines, trial
from hf_nb.infer.advice.habits import Habits
from hf_nb.infer.many import answering
from hf_nb.infer.numbers import Seen
from hf_nb.values.advice import Tip

if TYPE_CHECKING:
    from hf_nb.infer.call import Call
    from hf_nb.plumbing.session import Session

MANY = 16
GAINS = 1.2  # times as quick, before it is worth a word
FAR = 4  # times what was ever written: a bound that keeps room for nothing


@dataclass(frozen=True)
class Gain:
    """`bound`: of the batch's answers, where a lower one makes it quicker still."""

    seconds: float
    how: str
    bound: int | None = None


def look(habits: Habits, session: Session, *, measure: bool) -> Iterator[Tip]:
    """One for each model that was asked often."""
    for (method, model, task), seen in habits.alone().items():
        if len(seen) < MANY or task == "chat":  # what is said next follows from the reply
            continue
        gain = _here(seen, session, measure=measure) if method == "local" else _elsewhere(seen, session)
        if gain is None:
            continue
        line, cell = lines.many(model, task, **_params(seen, gain.bound))
        bounded = f", of at most {gain.bound} tokens each" if gain.bound else ""
        yield Tip(
            "batch",
            f"{len(seen):,} questions went to {model} one by one ({method}, {task}).",
            f"Ask them as a batch: a list, or a column of a table{bounded}.",
            line,
            gain.how,
            seconds=gain.seconds,
            measured=method == "local",
            cell=cell,
        )


def _here(seen: Sequence[Seen], session: Session, *, measure: bool) -> Gain | None:
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
    (alone, among), bound = took, None
    if (near := _near(seen, calls)) is not None:
        bounded = [replace(one, params={**one.params, "max_new_tokens": near}) for one in calls]
        less = trial.together(bounded, usual, session)
        if less is not None and among >= GAINS * less[1]:
            bound, among = near, less[1]
    how = (
        f"the last {min(len(calls), trial.MOST)} of them, tried both ways: {alone / among:.1f} times as quick"
    )
    how += (
        f"; the bound was {calls[-1].params['max_new_tokens']:,} tokens, for which room is kept"
        if bound
        else ""
    )
    return Gain(sum(one.seconds for one in seen) * (1 - among / alone), how, bound)


def _near(seen: Sequence[Seen], calls: Sequence[Call]) -> int | None:
    """A bound that holds all that was written, where the one that was given is far above it.

    Of what goes side by side each keeps room for as many tokens as its bound says: with less of it more go together.
    """
    given = calls[-1].params.get("max_new_tokens")
    longest = max(one.written for one in seen)
    ended = all(one.finish == "stop" for one in seen)
    return lines.bound(longest) if given and longest and ended and given > FAR * longest else None


def _params(seen: Sequence[Seen], bound: int | None) -> dict[str, Any]:
    """As they were asked, where that is remembered."""
    asked = seen[-1].call
    params = {**(asked.params if asked else {}), **({"max_new_tokens": bound} if bound else {})}
    return {"params": params} if params else {}


def _elsewhere(seen: Sequence[Seen], session: Session) -> Gain | None:
    at_once = session.settings.batch_at_once
    if at_once < 2:
        return None
    saved = sum(one.seconds for one in seen) * (1 - 1 / at_once)
    return Gain(saved, f"a batch asks {at_once} at a time; no slower answers assumed")
