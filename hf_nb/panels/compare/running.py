"""What runs for a panel, by a number a page can name: it may be stopped from another request."""

from __future__ import annotations

import itertools
import threading
import weakref
from typing import Protocol

from hf_nb.errors import NotFound


class Stops(Protocol):
    """A run."""

    def stop(self, at: int) -> None:
        """One contender of it."""

    def stop_all(self) -> None:
        """All of them."""


_numbers = itertools.count(1)
_running: weakref.WeakValueDictionary[str, Stops] = weakref.WeakValueDictionary()
_guard = threading.Lock()


def enter(run: Stops) -> str:
    """Its number."""
    with _guard:
        name = f"c{next(_numbers)}"
        _running[name] = run
    return name


def stop(run: str, at: int | None) -> None:
    """One of its contenders, or all; those that have ended do not mind."""
    found = _running.get(run)
    if found is None:
        raise NotFound("This run is over.", "Press Run to begin it again.")
    if at is None:
        found.stop_all()
    else:
        found.stop(at)
