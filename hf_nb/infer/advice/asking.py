"""The verb: all habits looked for, the largest gain first; and its settings, taken and taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from hf_nb.errors import BadInput
from hf_nb.hub import config
from hf_nb.infer.advice import copies, failing, habits, loading, places, repeats, singles
from hf_nb.plumbing import progress
from hf_nb.plumbing.session import Session, current
from hf_nb.values.advice import Advice, Tip

if TYPE_CHECKING:
    from hf_nb.values import Set

MOST = 5
# Less than that is not worth a word.
SECONDS, DOLLARS = 0.5, 0.001
# What orders seconds beside dollars: an hour of waiting for twenty dollars.
HOUR = 20.0

LOOKS: dict[str, Callable[..., Iterator[Tip]]] = {
    "batch": singles.look,
    "keep": repeats.look,
    "places": places.look,
    "order": failing.look,
    "memory": loading.look,
    "accel": copies.look,
}

# What was told last, and what a setting was before it was taken: (name, value).
_told: WeakKeyDictionary[Session, tuple[Tip, ...]] = WeakKeyDictionary()
_before: WeakKeyDictionary[Session, dict[int, tuple[str, Any]]] = WeakKeyDictionary()


def advice(*, measure: bool = True, session: Session | None = None) -> Advice:
    """The changes that would have saved most time or money in this session, at most five.

    `measure`: questions that were asked on this machine are tried both ways, a few seconds each; nothing is sent away.
    """
    session = session or current()
    session.settings.require("inference")
    with session.span("infer.advice", measure=measure):
        seen = habits.read(session)
        if measure and seen.answers:
            progress.say("Trying what could be quicker …")
        found = [tip for look in LOOKS.values() for tip in look(seen, session, measure=measure)]
    tips = tuple(sorted(filter(_worth, found), key=_gain, reverse=True)[:MOST])
    _told[session], _before[session] = tips, {}
    return Advice(tips, seen.answers, seen.seconds, seen.dollars)


def take(number: int, *, session: Session | None = None) -> Set:
    """Do what the advice of that number says, where it is a setting: for this notebook."""
    session = session or current()
    tip = _tip(number, session)
    if tip.setting is None:
        raise BadInput("This is a change to your code, which is yours to make.", tip.line)
    name, value = tip.setting
    _before[session].setdefault(number, (name, session.settings.about(name).value))
    return config.change(name, value, session=session)


def undo(number: int, *, session: Session | None = None) -> Set:
    """The setting as it was before that advice was taken."""
    session = session or current()
    before = _before.get(session, {}).pop(number, None)
    if before is None:
        raise BadInput(f"Advice {number} was not taken.", f"%hf advice --take {number}")
    return config.change(*before, session=session)


def _tip(number: int, session: Session) -> Tip:
    told = _told.get(session)
    if told is None:
        raise BadInput("No advice was given yet.", "%hf advice")
    if not 1 <= number <= len(told):
        step = "%hf advice" if not told else f"1 to {len(told)}: %hf advice --take 1"
        raise BadInput(f"There is no advice {number}.", step)
    return told[number - 1]


def _worth(tip: Tip) -> bool:
    return tip.seconds >= SECONDS or tip.dollars >= DOLLARS


def _gain(tip: Tip) -> float:
    return tip.seconds + tip.dollars / HOUR * 3600
