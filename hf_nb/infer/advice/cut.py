"""Answers that their bound cut off: with a little more room they would have come to an end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from hf_nb.infer.advice import lines, trial
from hf_nb.infer.advice.habits import Habits
from hf_nb.infer.numbers import Seen
from hf_nb.values.advice import Tip

if TYPE_CHECKING:
    from hf_nb.infer.call import Call
    from hf_nb.plumbing.session import Session

OFTEN, SHARE = 3, 0.3  # cut answers: so many, and of all so large a share
MOST, SECONDS = 4, 6.0  # that are tried, and how long that may take
ROOM, FEW = 8, 16  # times the tokens they had, and of so many at least
BOUNDS = frozenset({"max_new_tokens", "max_tokens", "max_length"})


def look(habits: Habits, session: Session, *, measure: bool) -> Iterator[Tip]:
    """One for each model whose answers were often cut."""
    for key, seen in habits.all().items():
        cut = [one for one in seen if one.finish == "length" and one.call is not None]
        if len(cut) < OFTEN or len(cut) < SHARE * len(seen):
            continue
        again = _again(cut, seen)
        found = _tried(cut, session) if measure and key[0] == "local" else _seen(cut, again)
        if found is not None:
            yield _tip(cut, again, *found)


def _tip(cut: Sequence[Seen], again: dict[int, Seen], share: float, longest: int, how: str) -> Tip:
    method, model, task = cut[-1].key
    params = {name: one for name, one in _call(cut[-1]).params.items() if name not in BOUNDS}
    bound = lines.bound(longest)
    line, cell = lines.one(model, task, params={**params, "max_new_tokens": bound})
    lost = [one for one in cut if one.of in again]
    return Tip(
        "cut",
        f"{len(cut):,} of the last answers of {model} were cut off after {_usual(cut)} tokens ({method}, {task}).",
        f"Let them come to their end: {bound} tokens at most.",
        line,
        how,
        seconds=sum(one.seconds for one in lost),
        dollars=sum(one.cost or 0.0 for one in lost),
        measured=method == "local",
        whole=max(1, round(share * len(cut))),
        cell=cell,
    )


def _tried(cut: Sequence[Seen], session: Session) -> tuple[float, int, str] | None:
    """The latest of them, asked again here: the share that comes to its end, and how long it becomes."""
    calls = [*{one.of: _roomy(one) for one in cut}.values()][-MOST:]
    told = trial.ends(calls, SECONDS, session)
    whole = [one for one in told if one is not None]
    if 2 * len(whole) <= len(told):
        return None
    some = "it" if len(told) == 1 else f"{len(whole)} of the last {len(told)}"
    how = f"asked again with more room, {some} came to an end, after {max(whole)} tokens at most"
    return len(whole) / len(told), max(whole), how


def _seen(cut: Sequence[Seen], again: dict[int, Seen]) -> tuple[float, int, str] | None:
    """Where nothing is tried: those that somebody asked again, and that came to their end then."""
    whole = [one for one in again.values() if one.finish == "stop" and one.written]
    if 2 * len(whole) <= len(again) or len(whole) < 2:
        return None
    longest = max(one.written for one in whole)
    how = f"{len(whole)} of them were asked again, and came to an end after {longest} tokens at most"
    return len(whole) / len(again), longest, how


def _again(cut: Sequence[Seen], seen: Sequence[Seen]) -> dict[int, Seen]:
    """The cut ones, by what was asked, that were asked again with another bound; and what came then."""
    after = {repr(one.call.input): one for one in seen if one.call is not None}
    found = {one.of: after[repr(_call(one).input)] for one in cut}
    return {of: one for of, one in found.items() if one.of != of}


def _roomy(one: Seen) -> Call:
    call = _call(one)
    params = {name: value for name, value in call.params.items() if name not in BOUNDS}
    return replace(call, params={**params, "max_new_tokens": ROOM * max(one.written, FEW)})


def _usual(cut: Sequence[Seen]) -> int:
    return sorted(one.written for one in cut)[len(cut) // 2]


def _call(one: Seen) -> Call:
    return cast("Call", one.call)  # the others were left out
