"""How many threads a pass gets. Those of a small pass wait for each other longer than they compute.

On two processors with others at work, a pass of 1 to 80 ms took 3 to 20 times as long with two threads as with one:
each operation waits for both. On an idle machine a second thread gains nothing below a millisecond or two.
"""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

from hf_nb.plumbing import processors

SMALL = 1.5e-3  # seconds on one processor, below which there is nothing to share
BETWEEN = 0.05  # seconds from one pass of an answer to its next, at most
COMPUTES, READS = 50e9, 12e9  # operations, and bytes of weights, that one processor goes through in a second
_numbers: WeakKeyDictionary[Any, int] = WeakKeyDictionary()


def wanted(model: Any, tokens: int) -> int:
    """For a pass of so many tokens through this model."""
    numbers = multiplied(model)
    took = max(2 * numbers * tokens / COMPUTES, 4 * numbers / READS if numbers * 4 > 8e6 else 0.0)
    return 1 if took < SMALL else processors.free()


def multiplied(model: Any) -> int:
    """Numbers that a token is multiplied with: all but the tables of words."""
    found = _numbers.get(model)
    if found is None:
        import torch

        found = sum(
            one.numel()
            for module in model.modules()
            if not isinstance(module, torch.nn.Embedding)
            for one in module.parameters(recurse=False)
        )
        _numbers[model] = found
    return found


class _Going:
    """Threads with a pass that computes, or did a moment ago: they share what there is, or each waits for all others'.

    One that writes is between two passes for a moment, again and again. Whoever took its processor for as long as that
    would have it still when the next pass begins.
    """

    def __init__(self) -> None:
        self.guard = threading.Lock()
        self.until: dict[threading.Thread, float] = {}  # it counts so long, or until it ends

    def __enter__(self) -> int:
        now = time.monotonic()
        with self.guard:
            for one in [one for one, until in self.until.items() if until < now or not one.is_alive()]:
                del self.until[one]
            self.until[threading.current_thread()] = math.inf
            return len(self.until)

    def __exit__(self, *_: object) -> None:
        with self.guard:
            self.until[threading.current_thread()] = time.monotonic() + BETWEEN


_going = _Going()


class _Lowered:
    """How many blocks have fewer threads now, and the number before the first of them."""

    def __init__(self) -> None:
        self.guard = threading.RLock()
        self.inside = 0
        self.before = 1


_lowered = _Lowered()


@contextlib.contextmanager
def fewer(count: int) -> Iterator[None]:
    """No more than so many in this thread, until the block is over.

    torch keeps the number per thread, and one for threads that are new, which is therefore put back as it was.
    """
    import torch

    with _lowered.guard:
        here = torch.get_num_threads()
        lower = count < here
        if lower:
            if not _lowered.inside:
                _lowered.before = here
            _lowered.inside += 1
            torch.set_num_threads(count)
    try:
        yield
    finally:
        if lower:
            with _lowered.guard:
                _lowered.inside -= 1
                torch.set_num_threads(_lowered.before)


@contextlib.contextmanager
def computing(model: Any, tokens: int, device: str | None = None) -> Iterator[None]:
    """A pass of so many tokens: nothing is recorded, and it has the threads that it is worth.

    `device`: where that is known; to ask the model takes longer than the rest of this.
    """
    import torch

    with torch.inference_mode():
        if (device or _device(model)) != "cpu":
            yield
            return
        with _going as count:
            if torch.get_num_threads() == 1:  # there are no fewer
                yield
                return
            with fewer(max(1, wanted(model, tokens) // count)):
                yield


def _device(model: Any) -> str | None:
    first = next(model.parameters(), None)
    return None if first is None else str(first.device.type)
