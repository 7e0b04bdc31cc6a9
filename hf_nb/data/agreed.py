"""How many bytes a call may move, counted, shown while they come, and stopped with the stop button."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator

from hf_nb.data.files.meter import Meter, counting
from hf_nb.data.source import CAP
from hf_nb.hub.finding import words
from hf_nb.plumbing import progress

BETWEEN = 0.1  # seconds between two words on how far it is


def agreed(allow: int | str | None) -> int:
    """300MB, 2GB or a number; what is agreed anyway where nothing was said."""
    said = words.bytes_of(allow, "allow")
    return CAP if said is None else said


@contextlib.contextmanager
def metered(allow: int | str | None, name: str) -> Iterator[Meter]:
    """Whatever the block moves is counted, and ends where more than `allow` would come."""
    stop, last = threading.Event(), [0.0]

    def told(meter: Meter) -> None:
        now = time.monotonic()
        if now - last[0] >= BETWEEN:
            last[0] = now
            progress.show(progress.Progress(name, meter.bytes))

    with progress.shown(), counting(agreed(allow), stop, told) as meter:
        try:
            yield meter
        except KeyboardInterrupt:
            stop.set()  # the threads that still fetch
            raise
