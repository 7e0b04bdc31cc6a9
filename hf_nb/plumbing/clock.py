"""The time, as something that can be handed in: a test's passes when told."""

from __future__ import annotations

import threading
import time
from typing import Protocol


class Clock(Protocol):
    """`virtual`: time passes only in `sleep`, so nothing may wait for another thread."""

    virtual: bool

    def now(self) -> float:
        """Seconds that only grow."""
        ...

    def sleep(self, seconds: float, stop: threading.Event | None = None) -> None:
        """Wait; `stop` ends it early."""
        ...


class Real:
    """The machine's own."""

    virtual = False

    def now(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float, stop: threading.Event | None = None) -> None:
        if stop is None:
            time.sleep(seconds)
        else:
            stop.wait(seconds)


REAL: Clock = Real()
