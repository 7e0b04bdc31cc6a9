"""Time that passes when told."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


class Clock:
    """Stands where a module has `time`: `sleep` returns at once and moves the hands.

    Only the named modules see it. Turning the whole process's time back breaks every event loop in it.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1_700_000_000.0
        self.slept: list[float] = []
        self._monkeypatch = monkeypatch

    def rule(self, *modules: str) -> None:
        """Put this clock where these modules have `import time`."""
        for name in modules:
            module = importlib.import_module(name)
            self._monkeypatch.setattr(module, "time", self)

    def pass_(self, seconds: float) -> None:
        """Let time go by."""
        self.now += seconds

    def sleep(self, seconds: float) -> None:
        """`time.sleep`."""
        self.slept.append(seconds)
        self.now += seconds

    def time(self) -> float:
        """`time.time`."""
        return self.now

    monotonic = time
    perf_counter = time
