"""Work in a thread that hands its parts over: whoever waits for them can be stopped, and waits no longer than agreed.

    yield from parts(work, terms, stop=close_the_socket)

`work(put)` calls `put(chunk)` for each part. Where time is virtual there is no thread, and the work keeps its own time.
"""

from __future__ import annotations

import contextvars
import queue
import threading
from collections.abc import Callable
from typing import NoReturn

from hf_nb.errors import Stopped, Timeout
from hf_nb.infer.call import Chunk, Parts, Terms

# How soon a stop, or an exception thrown into this thread, is noticed.
LOOK = 0.05
Put = Callable[[Chunk], None]


class Abandoned(BaseException):
    """Nobody waits for this part any more. Raised in the thread that works; never seen outside."""


def parts(
    work: Callable[[Put], None], terms: Terms, *, stop: Callable[[], None] | None = None, join: float = 0.0
) -> Parts:
    """What `work` puts, as it comes. When nobody waits any more, `stop` is called, and up to `join` seconds waited."""
    if terms.clock.virtual:
        yield from _here(work)
        return
    came: queue.SimpleQueue[Chunk | BaseException | None] = queue.SimpleQueue()
    left = threading.Event()

    def put(chunk: Chunk) -> None:
        if left.is_set():
            raise Abandoned
        came.put(chunk)

    def run() -> None:
        try:
            work(put)
        except BaseException as wrong:  # noqa: BLE001 -- it is handed to whoever waits
            came.put(wrong)
        else:
            came.put(None)

    context = contextvars.copy_context()
    thread = threading.Thread(target=context.run, args=(run,), daemon=True, name="hf_nb answer")
    thread.start()
    ended = False
    try:
        until, stage = terms.clock.now() + terms.first, "first"
        while True:
            one = _next(came, terms, until, stage)
            if one is None or isinstance(one, BaseException):
                ended = True
                if one is None:
                    return
                raise one
            yield one
            until, stage = terms.clock.now() + terms.idle, "idle"
    finally:
        left.set()
        if not ended:
            if stop is not None:
                stop()
            if join:
                thread.join(join)


def _next(
    came: queue.SimpleQueue[Chunk | BaseException | None], terms: Terms, until: float, stage: str
) -> Chunk | BaseException | None:
    while True:
        now = terms.clock.now()
        limit = min(until, terms.ends)
        if terms.stop.is_set():
            raise Stopped
        try:
            return came.get(timeout=max(0.0, min(LOOK, limit - now)))
        except queue.Empty:
            if terms.clock.now() >= limit:
                late("total" if terms.ends <= until else stage, terms)


def late(stage: str, terms: Terms) -> NoReturn:
    """The error of a wait that was too long."""
    if stage == "total":
        raise Timeout("No whole answer in the time given.", "More of it: timeout=SECONDS", stage=stage)
    seconds = terms.first if stage == "first" else terms.idle
    what = "first part of an answer" if stage == "first" else "further part of the answer"
    raise Timeout(f"No {what} for {seconds:.3g} s.", stage=stage)


def _here(work: Callable[[Put], None]) -> Parts:
    """In this thread: all parts, then what went wrong."""
    came: list[Chunk] = []
    wrong: BaseException | None = None
    try:
        work(came.append)
    except BaseException as raised:  # noqa: BLE001 -- raised again, after the parts
        wrong = raised
    yield from came
    if wrong is not None:
        raise wrong
