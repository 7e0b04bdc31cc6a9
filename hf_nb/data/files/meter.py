"""What is moved is counted, may be bounded, and may be stopped.

with counting(cap=64_000_000, stop=event) as spent:
    source.read(0, 100)
spent.bytes, spent.requests

Every meter around a read counts it; the narrowest bound holds. A thread counts where it runs in a copy of its caller's
context (`contextvars.copy_context().run`).
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field

from hf_nb.errors import Costly, Stopped

# Bytes that one read may move where nobody counts.
CAP = 64_000_000


@dataclass
class Meter:
    """Bytes and requests of one piece of work, and what is `promised` to those who fetch right now.

    `told` is called after each change, on whichever thread.
    """

    cap: int | None = None
    stop: threading.Event | None = None
    told: Callable[[Meter], None] | None = None
    bytes: int = 0
    requests: int = 0
    promised: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def left(self) -> int | None:
        """Bytes that may still be moved."""
        return None if self.cap is None else max(0, self.cap - self.bytes)

    def promise(self, count: int) -> bool:
        """Keep so much of the bound free for what is fetched now; False where it is not."""
        with self._lock:
            if self.cap is not None and count > self.cap - self.bytes - self.promised:
                return False
            self.promised += count
            return True

    def moved(self, count: int, requests: int = 0, promised: int = 0) -> None:
        """So much has come, and so much of it was promised."""
        with self._lock:
            self.bytes += count
            self.requests += requests
            self.promised -= promised
        if self.told is not None:
            self.told(self)


@dataclass
class Promise:
    """What may still come of it; the threads that fetch share it."""

    left: int
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def use(self, count: int) -> int:
        """How much of `count` was promised; the rest is beyond it."""
        with self._lock:
            used = min(count, self.left)
            self.left -= used
            return used


_promise: ContextVar[Promise | None] = ContextVar("hf_nb_promise", default=None)
_meters: ContextVar[tuple[Meter, ...]] = ContextVar("hf_nb_meters", default=())


@contextlib.contextmanager
def counting(
    cap: int | None = None,
    stop: threading.Event | None = None,
    told: Callable[[Meter], None] | None = None,
) -> Iterator[Meter]:
    """Count what the block moves."""
    meter = Meter(cap, stop, told)
    token = _meters.set((*_meters.get(), meter))
    try:
        yield meter
    finally:
        _meters.reset(token)


def may(count: int, what: str) -> None:
    """Before `count` bytes are fetched: refuses what would go beyond a bound, and ends what was stopped."""
    look()
    if not _meters.get() and count > CAP:
        raise Costly.beyond(CAP, what, count)
    for meter in _meters.get():
        left = meter.left
        if left is not None and count > left:
            raise Costly.beyond(meter.cap or 0, what, count, spent=meter.bytes)


@contextlib.contextmanager
def fetching(count: int, what: str) -> Iterator[None]:
    """The block fetches `count` bytes. Refused as by `may`, and others who fetch meanwhile know that they are gone."""
    may(count, what)
    mine, promise = _meters.get(), Promise(count)
    for at, meter in enumerate(mine):
        if not meter.promise(count):  # somebody was quicker
            for one in mine[:at]:
                one.moved(0, promised=count)
            raise Costly.beyond(meter.cap or 0, what, count, spent=meter.bytes + meter.promised)
    token = _promise.set(promise)
    try:
        yield
    finally:
        _promise.reset(token)
        rest = promise.use(count)
        for meter in mine:
            meter.moved(0, promised=rest)


def fits(count: int) -> bool:
    """Whether `count` bytes more stay within every bound."""
    left = [meter.left for meter in _meters.get()]
    return all(one is None or count <= one for one in left) if left else count <= CAP


def look() -> None:
    """Ends work that was stopped."""
    if any(meter.stop is not None and meter.stop.is_set() for meter in _meters.get()):
        raise Stopped("Stopped.")


def moved(count: int, requests: int = 0) -> None:
    """So much has come."""
    promise = _promise.get()
    promised = promise.use(count) if promise is not None else 0
    for meter in _meters.get():
        meter.moved(count, requests, promised)
