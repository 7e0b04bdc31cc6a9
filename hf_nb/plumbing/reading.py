"""A verb that reads: its answers may come from copies, and it has one deadline for everything it asks.

with reading.scope(session.settings.deadline) as read:
    ...
read.note            # "from the copy of 14:05; the Hub does not answer", or None

Outside such a scope the official calls behave as they always do: nothing is answered from a copy.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass
class Reading:
    """One verb at work."""

    ends: float
    fresh: bool = False
    copies: bool = True
    note: str | None = None
    # copies worth keeping, should the verb be able to read what arrived
    kept: list[Callable[[], None]] = field(default_factory=list)


_current: ContextVar[Reading | None] = ContextVar("hf_nb_reading", default=None)
_fresh: ContextVar[bool] = ContextVar("hf_nb_fresh", default=False)


def current() -> Reading | None:
    """The verb this request belongs to."""
    return _current.get()


def asks_anew() -> bool:
    """Whether this runs inside `fresh`."""
    return _fresh.get()


@contextlib.contextmanager
def scope(seconds: float, *, copies: bool = True) -> Iterator[Reading]:
    """Run a block as one verb; a verb inside a verb shares the outer one's deadline. `copies`: they may answer.

    Copies are written when the block has ended well: what could not be read is not worth repeating.
    """
    outer = _current.get()
    ends = time.monotonic() + seconds
    here = Reading(
        min(ends, outer.ends) if outer else ends, _fresh.get(), copies and (outer is None or outer.copies)
    )
    token = _current.set(here)
    try:
        yield here
    finally:
        _current.reset(token)
    if outer is not None:
        outer.note = outer.note or here.note
    for keep in here.kept:
        keep()


@contextlib.contextmanager
def fresh() -> Iterator[None]:
    """Ask the Hub even where a copy is young enough; it may still say that nothing has changed."""
    token = _fresh.set(True)
    try:
        yield
    finally:
        _fresh.reset(token)
