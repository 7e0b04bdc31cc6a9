"""One place that answers rows of a batch, and how it does: its pace, its pauses, when it is out.

A failure of a row is the row's; a failure of the place gives its rows back to the others:

    not allowed, not there, no memory        out
    rate limited, overloaded, no connection  a pause; out when that lasts (`lasting`), at once where others are at work
    the same refusal for every row so far    out: it is not the rows' fault

As long as it has answered nothing, nobody knows whose fault a refusal is: the row goes to a place beside it, where
there is one (`suspect`).
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hf_nb.errors import HfNbError, RateLimited, Refused
from hf_nb.infer.policies import rules, waits
from hf_nb.infer.policies.breaker import Open
from hf_nb.infer.policies.rules import Then

if TYPE_CHECKING:
    from hf_nb.infer.call import Target
    from hf_nb.plumbing.clock import Clock

TRIES = 4  # of one row
IN_A_ROW = 4  # failures, before a place may be out
LASTING = 60.0  # seconds that a place with nobody beside it may fail
SAME = 32  # rows refused with the same words and none answered
FIRST, MOST = 32, 2_048  # rows in a group
TEXTS = 16  # in one question, where vectors are asked for
AIM = 2.0  # seconds a group should take where others wait for the rest


def patience() -> float:
    """As long as a server may take to begin anew, where nobody says otherwise."""
    return LASTING


@dataclass
class Place:
    """Shared by its threads; `guard` is held while it is changed."""

    target: Target
    clock: Clock
    slots: int = 1
    together: bool = False
    grouped: bool = False  # it takes several texts in one question
    done: int = 0
    answered: int = 0
    out: HfNbError | None = None
    last: HfNbError | None = None
    paused: float = 0.0  # until
    seconds: float = 0.0  # at work
    failing: int = 0
    since: float | None = None  # when it began to fail
    lasting: Callable[[], float] = patience
    refusals: Counter[str] = field(default_factory=Counter)
    guard: threading.RLock = field(default_factory=threading.RLock)

    @property
    def wait(self) -> float:
        """Seconds until it may be asked."""
        return max(0.0, self.paused - self.clock.now())

    def size(self, *, shared: bool) -> int:
        """Rows it should take: few at first; with others beside it as many as it answers in a moment."""
        if not self.together:
            return TEXTS if self.grouped else 1
        if not self.done:
            return FIRST
        if not shared:
            return MOST
        pace = self.done / self.seconds if self.seconds > 0 else FIRST
        return max(FIRST, min(MOST, int(pace * AIM)))

    def worked(self, rows: int = 1) -> None:
        """It answered."""
        with self.guard:
            self.done += rows
            self.answered += rows
            self.failing, self.since = 0, None

    def refused(self, wrong: HfNbError) -> bool:
        """A row was refused; True where that is what it says to all of them."""
        with self.guard:
            self.done += 1
            self.failing, self.since = 0, None
            if not self.answered:
                self.refusals[wrong.problem] += 1
                if self.refusals.total() >= SAME and len(self.refusals) == 1:
                    self.out = wrong
            return self.out is not None

    def suspect(self, wrong: HfNbError) -> bool:
        """Whether its refusal may be its own doing: it has answered nothing, and it was not we who refused."""
        return not self.answered and not isinstance(wrong, Refused)

    def failed(self, wrong: HfNbError, *, alone: bool) -> Then:
        """What follows for the place, and for the row."""
        with self.guard:
            now = self.clock.now()
            if isinstance(wrong, Open) and rules.then(wrong.last) is not Then.AGAIN:
                wrong = wrong.last  # refused before this batch, and for as long as nothing changes
            if isinstance(wrong, Open):
                self.last, self.paused = wrong.last, max(self.paused, wrong.until)
                self.since = now if self.since is None else self.since
                self._enough(wrong.last, now, alone=alone)
                return Then.AGAIN
            self.last, what = wrong, rules.then(wrong)
            if of_a_row(wrong):
                return Then.STOP
            if what in (Then.EQUAL, Then.GONE):
                self.out = self.out or wrong
            elif what is Then.AGAIN:
                self.since = now if self.since is None else self.since
                self.failing += 1
                self.paused = max(self.paused, now + waits.pause(wrong, self.failing))
                if not isinstance(wrong, RateLimited):
                    self._enough(wrong, now, alone=alone)
            return what

    def _enough(self, wrong: HfNbError, now: float, *, alone: bool) -> None:
        if self.failing >= IN_A_ROW and (not alone or self._too_long(now)):
            self.out = self.out or wrong

    def _too_long(self, now: float) -> bool:
        return self.since is not None and now - self.since > self.lasting()

    def look(self) -> None:
        """While it pauses with nobody beside it: it may be out before the pause is, unless it said how long that is."""
        with self.guard:
            told = isinstance(self.last, RateLimited) or getattr(self.last, "after", None) is not None
            if self.last is not None and not told and self._too_long(self.clock.now()):
                self.out = self.out or self.last


def of_a_row(wrong: HfNbError) -> bool:
    """Whether it says something about what was asked, and nothing about the place."""
    if isinstance(wrong, Refused):
        return bool(wrong.found)  # for what stands in it
    return rules.then(wrong) in (Then.STOP, Then.WIDER)
