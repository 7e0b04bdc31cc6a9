"""What a face may show while work goes on. The work tells; whoever listens in this context decides how it looks.

progress.say("Loading hfnb-demo/sentiment-en …")
progress.show(Progress("hfnb-demo/sentiment-en", done=3_000_000, total=9_000_000))

A worker thread hears nothing unless it runs in a copy of its caller's context (`contextvars.copy_context().run`).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Progress:
    """How far one piece of work is. `unit`: bytes, files or rows; `total` is None while nobody knows it.

    `rate` is what a second brings of late; without one it is the average since the beginning.
    """

    what: str
    done: int
    total: int | None = None
    unit: str = "bytes"
    seconds: float = 0.0
    detail: str = ""
    rate: float | None = None

    @property
    def share(self) -> float | None:
        """How much of it is done, 0 to 1."""
        if self.total is None:
            return None
        return min(1.0, self.done / self.total) if self.total else 1.0

    @property
    def speed(self) -> float | None:
        """Units a second."""
        if self.rate is not None:
            return self.rate
        return self.done / self.seconds if self.seconds else None

    @property
    def left(self) -> float | None:
        """Seconds to go at this speed."""
        if self.total is None or not self.speed:
            return None
        return max(0.0, (self.total - self.done) / self.speed)


class Listener(Protocol):
    """A face."""

    def say(self, line: str) -> None:
        """One short line about work that takes a while."""

    def show(self, progress: Progress) -> None:
        """A measured step; called often, so the listener decides how often to draw."""


class Silent:
    """Nobody listens."""

    def say(self, line: str) -> None:
        """Nothing."""

    def show(self, progress: Progress) -> None:
        """Nothing."""


_listener: ContextVar[Listener] = ContextVar("hf_nb_progress", default=Silent())  # noqa: B039 -- it holds no state


def say(line: str) -> None:
    """Tell whoever listens."""
    _listener.get().say(line)


def show(progress: Progress) -> None:
    """Tell how far it is."""
    _listener.get().show(progress)


@contextlib.contextmanager
def to(listener: Listener) -> Iterator[None]:
    """Let `listener` hear what this block does."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
