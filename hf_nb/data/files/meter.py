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
    """Bytes and requests of one piece of work. `told` is called after each change, on whichever thread."""

    cap: int | None = None
    stop: threading.Event | None = None
    told: Callable[[Meter], None] | None = None
    bytes: int = 0
    requests: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def left(self) -> int | None:
        """Bytes that may still be moved."""
        return None if self.cap is None else max(0, self.cap - self.bytes)

    def moved(self, count: int, requests: int = 0) -> None:
        """So much has come."""
        with self._lock:
            self.bytes += count
            self.requests += requests
        if self.told is not None:
            self.told(self)


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
    for meter in _meters.get():
        meter.moved(count, requests)
