"""A target that keeps failing is left alone for a while.

    closed ── 3 failures in a row, or told when to come back, or no access ──> open
    open ── its time is over ──> half-open: one call may try
    half-open ── it worked ──> closed;  it failed ──> open, twice as long

What is the caller's doing counts for neither side: a stop, a call's time that was over, a wrong request, a model that
is not served there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from hf_nb.errors import (
    Broken,
    Busy,
    HfNbError,
    Passing,
    RateLimited,
    Spent,
    Timeout,
    Unauthorized,
    Unreachable,
)
from hf_nb.infer.call import Backend, Call, Parts, Terms
from hf_nb.infer.policies.waits import TOLD

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

FAILURES = 3
# Seconds open: at first, at most, and where access is missing.
FIRST, LONGEST, LASTING = 2.0, 300.0, 600.0


class State(StrEnum):
    """Who may ask."""

    CLOSED = "closed"
    OPEN = "open"
    HALF = "half-open"


class Open(Passing):
    """This target is not asked now. `until`: when it may be; `last`: why."""

    def __init__(self, until: float, last: HfNbError) -> None:
        super().__init__(last.problem, last.next_step)
        self.until, self.last = until, last


@dataclass
class Breaker:
    """One target's. `stamp` tells the settings and tokens in force: when they change, no lack of access lasts."""

    stamp: Callable[[], object] = lambda: None
    _failures: int = 0
    _seconds: float = FIRST
    _until: float | None = None
    _early: float = 0.0
    _probing: bool = False
    _last: HfNbError | None = None
    _stamped: object = None
    # Reentrant: an answer that nobody reads any more is closed wherever the collector finds it.
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def state(self, now: float) -> State:
        """As it is at this time."""
        with self._lock:
            return self._state(now)

    @property
    def until(self) -> float:
        """When it may be asked; long ago where it is closed."""
        return self._until or 0.0

    def enter(self, now: float, *, alone: bool = False) -> bool:
        """Begin a call, or raise Open; True when it is the probe. `alone`: with nobody else to ask, sooner."""
        if self._until is None:  # without the lock: a call that enters as it opens is one more call
            return False
        with self._lock:
            if self._until is None:
                return False
            assert self._last is not None
            if self._probing:
                raise Open(max(self._until, now) + FIRST / 4, self._last)
            if now < (self._early if alone else self._until) and not self._changed():
                raise Open(self._until, self._last)
            self._probing = True
            return True

    def worked(self, *, probe: bool) -> None:
        """It answered. An answer that was asked for before it opened does not close it."""
        if self._until is None and not self._failures:
            return
        with self._lock:
            if probe or self._until is None:
                self._failures, self._seconds, self._until, self._probing = 0, FIRST, None, False

    def failed(self, wrong: BaseException, now: float, *, probe: bool) -> None:
        """It did not, or the call ended otherwise."""
        with self._lock:
            if probe:
                self._probing = False
            if not isinstance(wrong, HfNbError) or not counts(wrong):
                return
            self._failures += 1
            if isinstance(wrong, (Unauthorized, Spent)):
                self._stamped = self.stamp()
                self._open(wrong, now, LASTING, early=0.0)
            elif isinstance(wrong, RateLimited) and wrong.after is not None:
                told = min(max(wrong.after, 0.0), TOLD)
                self._open(wrong, now, told, early=told)
            elif probe or (self._until is None and self._failures >= FAILURES):
                self._open(wrong, now, self._seconds, early=FIRST)
                self._seconds = min(LONGEST, 2 * self._seconds)

    def _state(self, now: float) -> State:
        if self._until is None:
            return State.CLOSED
        return State.HALF if now >= self._until else State.OPEN

    def _open(self, wrong: HfNbError, now: float, seconds: float, *, early: float) -> None:
        if self._until is None:
            self._until = self._early = now
        # Calls that began before it opened end after that: what one of them was told never shortens the time.
        self._until, self._early = max(self._until, now + seconds), max(self._early, now + early)
        self._last = wrong

    def _changed(self) -> bool:
        return isinstance(self._last, (Unauthorized, Spent)) and self.stamp() != self._stamped


def counts(wrong: BaseException) -> bool:
    """Whether it says something about the target."""
    if isinstance(wrong, Timeout):
        return wrong.stage != "total"
    return isinstance(wrong, (Busy, RateLimited, Unreachable, Broken, Unauthorized, Spent))


class Breaking:
    """A target behind its breaker. An answer is a success when it is whole."""

    def __init__(self, inner: Backend, breaker: Breaker) -> None:
        self.inner, self.breaker = inner, breaker
        self.name, self.remote = inner.name, inner.remote

    @property
    def device(self) -> str | None:
        """That of the target."""
        return self.inner.device

    def can(self, call: Call) -> bool:
        """Whether the target can."""
        return self.inner.can(call)

    def stream(self, call: Call, terms: Terms, *, alone: bool = False) -> Parts:
        """The target's answer; Open where it is not asked."""
        probe = self.breaker.enter(terms.clock.now(), alone=alone)
        try:
            yield from self.inner.stream(call, terms)
        except BaseException as wrong:
            self.breaker.failed(wrong, terms.clock.now(), probe=probe)
            raise
        self.breaker.worked(probe=probe)


def of(method: str, model: str, session: Session) -> Breaker:
    """This session's breaker for a target."""
    found = session.breakers.get((method, model))
    if found is None:
        found = session.breakers.setdefault((method, model), Breaker(lambda: _stamp(session)))
    made: Breaker = found
    return made


def _stamp(session: Session) -> object:
    """What decides who may ask whom. It stays in this process."""
    import os

    from hf_nb.infer import keys as kept
    from hf_nb.plumbing import folders, token

    keys = {name: value for name, value in os.environ.items() if "KEY" in name or "TOKEN" in name}
    try:
        stored = (folders.config() / kept.FILE).stat().st_mtime_ns
    except OSError:
        stored = 0
    return token.values(), keys, stored, repr(session.settings.trait_values())
