"""What a face may show while work goes on. The work tells; whoever listens in this context decides how it looks.

progress.say("Loading hfnb-demo/sentiment-en …")
progress.show(Progress("hfnb-demo/sentiment-en", done=3_000_000, total=9_000_000))

A worker thread hears nothing unless it runs in a copy of its caller's context (`contextvars.copy_context().run`).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Protocol, cast

from hf_nb.plumbing import redact


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

    def panel(self, value: object) -> bool:
        """A value that takes the place of the last one; False where there is no place for it."""


class Watching(Listener, Protocol):
    """A face that shows answers while they come."""

    draws_parts: bool

    def part(self, value: object, *, last: bool = False) -> None:
        """An answer as far as it has come; `last`: it broke off here, and what came stays to be seen."""


class Silent:
    """Nobody listens."""

    def say(self, line: str) -> None:
        """Nothing."""

    def show(self, progress: Progress) -> None:
        """Nothing."""

    def panel(self, value: object) -> bool:
        """Nothing."""
        return False


_listener: ContextVar[Listener] = ContextVar("hf_nb_progress", default=Silent())  # noqa: B039 -- it holds no state


def say(line: str) -> None:
    """Tell whoever listens."""
    _listener.get().say(redact.tokens(line))


def show(progress: Progress) -> None:
    """Tell how far it is."""
    what, detail = redact.tokens(progress.what), redact.tokens(progress.detail)
    _listener.get().show(replace(progress, what=what, detail=detail))


def listener() -> Listener:
    """Who listens here: for a thread of somebody else's, which hears nothing by itself."""
    return _listener.get()


def panel(value: object) -> bool:
    """Show a value in the place of the last one; False where nobody can, and it should be printed."""
    return _listener.get().panel(value)


def part(value: object, *, last: bool = False) -> None:
    """Show an answer as far as it has come, to whoever watches it."""
    if draws_parts():
        cast("Watching", _listener.get()).part(value, last=last)


def draws_parts() -> bool:
    """Whether anybody looks at an answer while it comes."""
    return bool(getattr(_listener.get(), "draws_parts", False))


@contextlib.contextmanager
def to(listener: Listener) -> Iterator[None]:
    """Let `listener` hear what this block does."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


_faces: list[Callable[[], Listener]] = []


def face(make: Callable[[], Listener] | None) -> None:
    """Who listens to a function that is called without a command, such as hf_nb.pull() in a cell; None: nobody."""
    _faces[:] = [make] if make else []


@contextlib.contextmanager
def shown() -> Iterator[None]:
    """Measured work: where nobody listens to it yet, the face there is does."""
    if not _faces or not isinstance(_listener.get(), Silent):
        yield
        return
    listening = _faces[0]()
    try:
        with to(listening):
            yield
    finally:
        if done := getattr(listening, "done", None):
            done()
