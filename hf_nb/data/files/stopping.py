"""Many requests at the same time, and none of them waited for when the work is stopped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from typing import TypeVar

from hf_nb.data.files import meter
from hf_nb.plumbing.transports.sockets import Line

AT_ONCE = 16
LOOKS = 0.05

One = TypeVar("One")
Got = TypeVar("Got")


def at_once(todo: Sequence[One], ask: Callable[[Line, One], Got]) -> list[Got]:
    """What `ask` brings for each, in this order. The first failure, or a stop, shuts the sockets of the rest."""
    if not todo:
        return []
    lines = [Line() for _ in todo]
    pool = ThreadPoolExecutor(min(AT_ONCE, len(todo)), "hf-nb-range")
    try:
        asked = [
            pool.submit(copy_context().run, ask, line, one) for line, one in zip(lines, todo, strict=True)
        ]
        _all(asked)
        return [one.result() for one in asked]
    except BaseException:
        for line in lines:
            line.shut()
        raise
    finally:
        # not waited for: a thread may hang in a connection that is just being made
        pool.shutdown(wait=False, cancel_futures=True)


def _all(asked: Sequence[Future[Got]]) -> None:
    """Returns when all have come, raises when one has failed or the work was stopped."""
    coming = set(asked)
    while coming:
        done, coming = wait(coming, timeout=LOOKS, return_when=FIRST_EXCEPTION)
        for one in done:
            one.result()
        meter.look()
