"""The one retry loop: over the targets, under one deadline.

    a target failed          rules.then(...) says whether another may answer
    all are tried            wait for the first that may be asked again, and go round
    time or tries are over   the most useful of what they said

An answer nobody looks at is held until it is whole, so another try may begin anew. Of one that is shown as it comes
only what comes before its first word is held: after that nothing is tried again, for two halves make no answer.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Sequence
from dataclasses import dataclass

from hf_nb.errors import Broken, HfNbError, Refused, Stopped
from hf_nb.infer.call import NEVER, Call, Chunk, Parts, Target, Terms
from hf_nb.infer.policies import rules, waits
from hf_nb.infer.policies.breaker import Breaking, Open
from hf_nb.infer.policies.rules import Then
from hf_nb.values import Attempt

TRIES = 4
# Rather than wait longer than this, a target that is left alone is tried once.
PATIENCE = 2.0


@dataclass
class Place:
    """Where one target stands in this call."""

    target: Target
    backend: Breaking
    tries: int = 0
    ready: float = 0.0
    wrong: HfNbError | None = None
    out: bool = False

    early: bool = False

    @property
    def open(self) -> bool:
        """It was not asked: it failed before this call."""
        return isinstance(self.wrong, Open)

    @property
    def last(self) -> HfNbError | None:
        """What it said last: in this call, or where it is not asked, before."""
        return self.wrong.last if isinstance(self.wrong, Open) else self.wrong

    @property
    def may(self) -> bool:
        """Whether it may be asked, sometime."""
        return not self.out and self.tries < TRIES


class Fallback:
    """Targets behind their breakers as one backend. `served`: who answered, or was asked last."""

    name = "fallback"
    remote = False

    def __init__(self, targets: Sequence[tuple[Target, Breaking]], draw: waits.Draw = random.uniform) -> None:
        self.targets, self.draw = targets, draw
        self.served: Target | None = None

    @property
    def device(self) -> str | None:
        """That of whoever answered."""
        return next((backend.device for target, backend in self.targets if target is self.served), None)

    def can(self, call: Call) -> bool:
        """One of them can."""
        return any(backend.can(call) for _, backend in self.targets)

    def stream(self, call: Call, terms: Terms) -> Parts:
        """The first whole answer."""
        return Round(self, call, terms).parts()


class Round:
    """One call on its way from target to target."""

    def __init__(self, fallback: Fallback, call: Call, terms: Terms) -> None:
        self.fallback, self.call, self.terms = fallback, call, terms
        self.places = [Place(target, backend) for target, backend in fallback.targets]
        if len(self.places) > 1:
            self.places.sort(key=lambda one: not one.target.equal)
        self.free = terms.clock.now()  # since when nobody is being asked
        self.held: list[Chunk] = []  # what the last try gave that nobody has seen
        self.shown = self.begun = False

    def parts(self) -> Parts:
        """The answer, or the error that tells most."""
        asked: Place | None = None
        while (place := self._next()) is not None:
            try:
                yield from self._ask(place)
            except Open as closed:
                place.wrong, place.ready = closed, closed.until
            except HfNbError as wrong:
                asked = place
                if final := self._weigh(place, wrong):
                    yield from self._rest_of_it()
                    raise final from (None if final is wrong else wrong)
            except KeyboardInterrupt:
                yield from self._rest_of_it()
                raise
            else:
                return
        most = rules.most_useful([one.last for one in self._equal() or self.places if one.last is not None])
        if asked is not None and most is asked.wrong:
            self.fallback.served = asked.target
            yield from self._rest_of_it()
        raise self._told(most) from most

    def _next(self) -> Place | None:
        """Who is asked now, after a wait if need be; None when there is nobody, or no time."""
        terms = self.terms
        if not self.begun and self.places:
            self.begun = True
            terms.check()
            return self.places[0]
        while True:
            now = terms.clock.now()
            if terms.stop.is_set() or all(one.wrong is None for one in self.places):
                terms.check()
            may = [one for one in self._allowed() if one.may]
            soon = min((one.ready for one in may), default=NEVER)
            if now >= terms.ends:
                return None
            if soon <= now:
                return min((one for one in may if one.ready <= now), key=lambda one: one.tries)
            if soon - now > PATIENCE:
                for one in may:
                    if one.open and not one.early:
                        one.early = True
                        return one
            if soon >= terms.ends:
                return None
            last = next(one for one in may if one.ready == soon)
            waits.rest(soon - now, terms, f"{last.target.method}: {_line(last.last)}")

    def _allowed(self) -> list[Place]:
        """The equal targets; the others too, once those have failed in a way that permits it."""
        equal = self._equal()
        return self.places if rules.substitutable([one.last for one in equal]) else equal

    def _equal(self) -> list[Place]:
        return [one for one in self.places if one.target.equal]

    def _ask(self, place: Place) -> Parts:
        """One try; what came of it is in `held` when it fails."""
        call, terms = self.call, self.terms
        self.held, finished = [], False
        self.fallback.served = place.target
        began = terms.clock.now()
        if terms.watch is not None:
            terms.watch.asked(place.target)
        try:
            self._can(place)
            for chunk in place.backend.stream(call, self._own(place), alone=place.early and place.open):
                if terms.watch is not None:
                    terms.watch.part(chunk)
                finished = chunk.finish is not None
                self.held.append(chunk)
                if terms.seen and (self.shown or finished or chunk.text or chunk.calls):
                    yield from self._show()
        except Open:
            raise
        except BaseException as wrong:
            self._note(place, None if finished else wrong, began)
            raise
        self._note(place, None, began)
        yield from self._show()

    def _can(self, place: Place) -> None:
        if not place.backend.can(self.call):
            raise Refused(f"{place.target.method} does not do {self.call.task}.")

    def _own(self, place: Place) -> Terms:
        """The terms of one try. Who is alone has all the time for its first part; another has more with every try."""
        terms = self.terms
        others = len(self.places) > 1 and any(
            one.may and one.ready < terms.ends for one in self.places if one is not place
        )
        first = terms.first * 2**place.tries if others else NEVER
        return terms if first == terms.first else terms.waiting(first)

    def _show(self) -> Parts:
        if not self.shown:
            for one in self.places:
                if one.open and not one.tries and one.target.equal:
                    yield Chunk(note=f"{one.target.method} left out, since it was failing")
        self.shown = True
        yield from self._rest_of_it()

    def _rest_of_it(self) -> Parts:
        held, self.held = self.held, []
        yield from held

    def _weigh(self, place: Place, wrong: HfNbError) -> HfNbError | None:
        """Write down how it failed; the error where that ends the call."""
        place.wrong, place.tries = wrong, place.tries + 1
        what = rules.then(wrong)
        if self.shown:
            if what is not Then.AGAIN or isinstance(wrong, Broken):
                return wrong
            return Broken(f"The answer broke off. {wrong.problem}", wrong.next_step)
        if what is Then.WIDER:
            for one in self.places:
                one.out = one.out or not rules.wider(one.target, place.target)
        if what is Then.STOP or (what is Then.WIDER and not any(one.may for one in self._equal())):
            return wrong
        place.out = what is not Then.AGAIN
        again = self.terms.clock.now() + waits.pause(wrong, place.tries, self.fallback.draw)
        place.ready = max(again, place.backend.breaker.until)
        return None

    def _note(self, place: Place, wrong: BaseException | None, began: float) -> None:
        """One more line of the trail."""
        now, target = self.terms.clock.now(), place.target
        error, problem = None, ""
        if wrong is not None:
            error = type(wrong).__name__ if isinstance(wrong, HfNbError) else Stopped.__name__
            problem = wrong.problem if isinstance(wrong, HfNbError) else ""
        self.terms.trail.append(
            Attempt(target.method, target.model, error, problem, now - began, began - self.free)
        )
        self.free = now

    def _told(self, wrong: HfNbError) -> HfNbError:
        """The same error, with how often whom was asked, and a next step."""
        told = copy.copy(wrong)
        tries = [f"{one.target.method} {one.tries}×" for one in self.places if one.tries]
        if len(self.terms.trail) > 1:
            told.problem = f"{wrong.problem} Asked: {', '.join(tries)}."
        elif not tries:
            told.problem = f"{wrong.problem} It is not asked again yet."
        told.args = (told.problem,)
        if not told.next_step:
            after = getattr(wrong, "after", None)
            told.next_step = (
                f"Try again in {after:.0f} s." if after else 'Another model may answer: fallback=["ID"]'
            )
        return told


def _line(wrong: HfNbError | None) -> str:
    """What went wrong, without its full stop."""
    return "" if wrong is None else wrong.problem.split("\n")[0].rstrip(".")
