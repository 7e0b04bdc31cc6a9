"""Questions that were asked before, once more on this machine, in another way: two ways beside each other.

together    one by one, and as a batch
apart       one by one, with other parameters: how long, and what was said
ends        with more room for the answer: how long it becomes

It counts in no statistics, and no kept answer stands in.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hf_nb.errors import HfNbError
from hf_nb.infer import backends
from hf_nb.infer.call import Call, Chunk, Terms

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

MOST, FEWEST = 32, 8  # questions
SECONDS = 6.0  # that a trial may take, about
ROUNDS = 3  # at most


def together(calls: Sequence[Call], usual: float, session: Session) -> tuple[float, float] | None:
    """Seconds for one question: alone, and among others. None where they cannot go together, or it would take long."""
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


@dataclass(frozen=True)
class Round:
    """One question after the other: the seconds of all, and what was said to each."""

    seconds: float
    said: tuple[Any, ...]


def apart(ways: Sequence[Sequence[Call]], rounds: float, session: Session) -> list[Round] | None:
    """Each way through the same questions, by turns, its quickest round. None where one of them fails."""
    local: Any = backends.find("local", session)
    try:
        _one(local, ways[0][0], session)
        done = [
            [_round(local, way, session) for way in ways] for _ in range(max(1, min(ROUNDS, int(rounds))))
        ]
    except HfNbError:
        return None
    return [min(of, key=lambda one: one.seconds) for of in zip(*done, strict=True)]


def ends(calls: Sequence[Call], seconds: float, session: Session) -> list[int | None]:
    """Tokens of each answer that came to its end; None for one that did not, or took longer than its share."""
    local: Any = backends.find("local", session)
    found: list[int | None] = []
    for call in calls:
        terms = Terms(session.clock, session.clock.now() + seconds / len(calls))
        try:
            last = _last(local.stream(call, terms))
        except HfNbError:
            found.append(None)
        else:
            found.append(last.usage.written if last.usage and last.finish == "stop" else None)
    return found


def _round(local: Any, calls: Sequence[Call], session: Session) -> Round:
    began = time.perf_counter()
    said = tuple(_one(local, one, session) for one in calls)
    return Round(time.perf_counter() - began, said)


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _alone(local: Any, calls: Sequence[Call], session: Session) -> None:
    for one in calls:
        _one(local, one, session)


def _one(local: Any, call: Call, session: Session) -> Any:
    return _last(local.stream(call, Terms(session.clock))).output


def _last(parts: Iterable[Chunk]) -> Chunk:
    return deque(parts, maxlen=1).pop()


def _all(local: Any, calls: Sequence[Call], session: Session) -> None:
    for _, said in local.several(calls, Terms(session.clock)):
        if isinstance(said, HfNbError):
            raise said
