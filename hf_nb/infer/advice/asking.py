"""The verb: all habits looked for, the largest gain first; and its settings, taken and taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from hf_nb.errors import BadInput
from hf_nb.hub import config
from hf_nb.infer.advice import copies, cut, failing, habits, loading, places, repeats, singles, windows
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
# And what orders an answer that was cut off beside both: it is asked again, and waited for.
AGAIN = 1.0  # seconds
REMEMBERED = 100  # pieces of advice that a button may still be shown for

LOOKS: dict[str, Callable[..., Iterator[Tip]]] = {
    "batch": singles.look,
    "keep": repeats.look,
    "places": places.look,
    "order": failing.look,
    "memory": loading.look,
    "cut": cut.look,
    "windows": windows.look,
    "accel": copies.look,
}
# Those that try something, as it is said meanwhile.
TRYING = {
    "batch": "questions as a batch",
    "cut": "cut answers with more room",
    "windows": "long texts in other pieces",
    "accel": "quicker copies",
}


@dataclass
class Told:
    """What a session was told: `last` by number; all by key; and what a setting was before it was taken."""

    last: tuple[Tip, ...] | None = None
    known: dict[str, Tip] = field(default_factory=dict)
    before: dict[str, tuple[str, Any]] = field(default_factory=dict)

    def remember(self, tips: tuple[Tip, ...]) -> None:
        """The latest, and what was told before as long as there is room."""
        self.last = tips
        for tip in tips:
            self.known.pop(tip.key, None)
            self.known[tip.key] = tip
        for key in [*self.known][:-REMEMBERED]:
            del self.known[key]


_told: WeakKeyDictionary[Session, Told] = WeakKeyDictionary()


def advice(*, measure: bool = True, session: Session | None = None) -> Advice:
    """The changes that would have saved most time or money in this session, at most five.

    `measure`: questions that were asked on this machine are tried both ways, a few seconds each; nothing is sent away.
    """
    session = session or current()
    session.settings.require("inference")
    with session.span("infer.advice", measure=measure):
        seen = habits.read(session)
        found: list[Tip] = []
        for name, look in LOOKS.items():
            if measure and seen.answers and name in TRYING:
                progress.say(f"Trying {TRYING[name]} …")
            found += look(seen, session, measure=measure)
    tips = tuple(sorted(filter(_worth, found), key=_gain, reverse=True)[:MOST])
    _of(session).remember(tips)
    return Advice(tips, seen.answers, seen.seconds, seen.dollars)


def take(which: int | str, *, session: Session | None = None) -> Set:
    """Do what the advice of that number, or key, says, where it is a setting: for this notebook."""
    session = session or current()
    tip = _tip(which, session)
    if tip.setting is None:
        raise BadInput("This is a change to your code, which is yours to make.", tip.line)
    name, value = tip.setting
    _of(session).before.setdefault(tip.key, (name, session.settings.about(name).value))
    return config.change(name, value, session=session)


def undo(which: int | str, *, session: Session | None = None) -> Set:
    """The setting as it was before that advice was taken."""
    session = session or current()
    told = _of(session)
    before = told.before.pop(_tip(which, session).key, None)
    if before is None:
        raise BadInput(f"Advice {which} was not taken.", f"%hf advice --take {which}")
    return config.change(*before, session=session)


def taken(tip: Tip, session: Session) -> bool:
    """Whether its setting was taken, and not taken back."""
    return tip.key in _of(session).before


def questions(model: str, task: str, *, session: Session | None = None) -> list[Any]:
    """The latest questions to a model in this session, each once, the last one at the end; long ones are forgotten."""
    asked: dict[str, Any] = {}
    for one in habits.read(session or current()).latest:
        if one.call is not None and one.key[1:] == (model, task):
            asked.pop(repr(one.call.input), None)
            asked[repr(one.call.input)] = one.call.input
    return [*asked.values()]


def _of(session: Session) -> Told:
    return _told.setdefault(session, Told())


def _tip(which: int | str, session: Session) -> Tip:
    told = _of(session)
    if isinstance(which, str):
        if which not in told.known:
            raise BadInput("This advice is of another session.", "%hf advice")
        return told.known[which]
    if told.last is None:
        raise BadInput("No advice was given yet.", "%hf advice")
    if not 1 <= which <= len(told.last):
        step = "%hf advice" if not told.last else f"1 to {len(told.last)}: %hf advice --take 1"
        raise BadInput(f"There is no advice {which}.", step)
    return told.last[which - 1]


def _worth(tip: Tip) -> bool:
    return tip.seconds >= SECONDS or tip.dollars >= DOLLARS or tip.whole > 0


def _gain(tip: Tip) -> float:
    return tip.seconds + tip.dollars / HOUR * 3600 + tip.whole * AGAIN
