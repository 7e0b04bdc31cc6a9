"""Time that passes in no time, and chance that can be repeated.

clock = Virtual()
session.clock = clock            every wait of inference ends at once, and `clock.now()` says how long it was
clock.at(3.0, server.recovers)   called when that time is reached
"""

from __future__ import annotations

import heapq
import itertools
import random
import threading
from collections.abc import Callable


class Virtual:
    """A `hf_nb.plumbing.clock.Clock` whose hands move in `sleep` and `pass_` alone. For one thread."""

    virtual = True

    def __init__(self, start: float = 1_000.0) -> None:
        self._now = start
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._order = itertools.count()
        self.slept: list[float] = []

    def now(self) -> float:
        """Seconds that only grow."""
        return self._now

    def sleep(self, seconds: float, stop: threading.Event | None = None) -> None:
        """Let them pass; what is due on the way may set `stop`, and that ends it there."""
        self.slept.append(seconds)
        self._until(self._now + max(0.0, seconds), stop)

    def pass_(self, seconds: float) -> None:
        """The same, by somebody who does not wait for it."""
        self._until(self._now + seconds, None)

    def at(self, when: float, do: Callable[[], object]) -> None:
        """Call `do` when this time is reached."""
        heapq.heappush(self._due, (when, next(self._order), do))

    def _until(self, end: float, stop: threading.Event | None) -> None:
        if stop is not None and stop.is_set():
            return
        while self._due and self._due[0][0] <= end:
            when, _, do = heapq.heappop(self._due)
            self._now = max(self._now, when)
            do()
            if stop is not None and stop.is_set():
                return
        self._now = max(self._now, end)


def chance(seed: int) -> random.Random:
    """Draws that come out the same for the same seed; `.uniform` is what waits are drawn with."""
    return random.Random(seed)  # noqa: S311 -- repeated on purpose
