"""Questions that were asked one by one, once more: one by one and together, beside each other on this machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from hf_nb.errors import HfNbError
from hf_nb.infer import backends
from hf_nb.infer.call import Call, Terms

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

MOST, FEWEST = 32, 8  # questions
SECONDS = 6.0  # that a trial may take, about
ROUNDS = 3  # at most


def together(calls: Sequence[Call], usual: float, session: Session) -> tuple[float, float] | None:
    """Seconds for one question: alone, and among others. None where they cannot go together, or it would take long.

    It counts in no statistics, and no kept answer stands in.
    """
    local: Any = backends.find("local", session)
    number = min(MOST, len(calls), int(SECONDS / max(4 * usual, 1e-6)))
    if number < FEWEST:
        return None
    some = list(calls[-number:])
    rounds = max(1, min(ROUNDS, int(SECONDS / max(2 * number * usual, 1e-6))))
    try:
        _one(local, some[0], session)  # loads it, where it is not there
        took = [
            (_timed(lambda: _alone(local, some, session)), _timed(lambda: _all(local, some, session)))
            for _ in range(rounds)
        ]
    except (HfNbError, NotImplementedError):
        return None
    return min(one for one, _ in took) / number, min(all_ for _, all_ in took) / number


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _alone(local: Any, calls: Sequence[Call], session: Session) -> None:
    for one in calls:
        _one(local, one, session)


def _one(local: Any, call: Call, session: Session) -> None:
    for _ in local.stream(call, Terms(session.clock)):
        pass


def _all(local: Any, calls: Sequence[Call], session: Session) -> None:
    for _, said in local.several(calls, Terms(session.clock)):
        if isinstance(said, HfNbError):
            raise said
