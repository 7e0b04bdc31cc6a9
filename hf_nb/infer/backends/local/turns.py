"""Turns on this machine: only so many answers at once; who waits is taken by rank, then in the order they came.

A person at a prompt comes before the rows of a batch, and what was hurried before both. A thread that holds a turn
needs no second one: a tool called by an answer would otherwise wait for the answer that waits for it.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hf_nb.errors import NotFound
from hf_nb.plumbing import jobs, processors

if TYPE_CHECKING:
    from hf_nb.infer.call import Terms
    from hf_nb.plumbing.jobs import Job

HURRIED, PERSON, BATCH = -1, 0, 1
LOOK = 0.02  # how soon a stop is heard by one that waits
MOST = 8  # by default, however many cores there are: each answer uses several


def by_cores() -> int:
    """How many answers at once make sense here: one for every two cores, and never only one."""
    return min(MOST, max(2, processors.there() // 2))


@dataclass(eq=False)
class Turn:
    """One answer's. `job`: whose it is, where that is known."""

    rank: int
    owner: int
    job: Job | None
    go: threading.Event = field(init=False, repr=False)  # made for one that has to wait


class Turns:
    """Who answers now, and who waits."""

    def __init__(self, most: Callable[[], int]) -> None:
        self.most = most
        self._going: list[Turn] = []
        self._waiting: list[Turn] = []
        # Reentrant: an answer that nobody reads any more is closed wherever the collector finds it.
        self._lock = threading.RLock()

    @contextlib.contextmanager
    def turn(self, terms: Terms) -> Iterator[Turn]:
        """The block is one of those at work; stopped while it waits, it never begins."""
        job: Job | None = getattr(terms.watch, "job", None) or jobs.here()
        rank = BATCH if job is not None and job.kind == "batch" else PERSON
        mine = Turn(rank, threading.get_ident(), job)
        try:
            if not self._enter(mine):
                self._wait(mine, terms)
            yield mine
        finally:
            self._leave(mine)

    def hurry(self, job: str) -> None:
        """The job with this id is the next."""
        with self._lock:
            mine = [one for one in self._waiting if one.job is not None and one.job.id == job]
            if not mine:
                raise NotFound("This job does not wait for its turn.", "It runs already, or has ended.")
            for one in mine:
                one.rank = HURRIED
                self._waiting.remove(one)
            self._waiting[:0] = mine
            told = mine[0].job
        if told is not None:
            told.waits()

    def waiting(self) -> list[str]:
        """The ids of the jobs that wait, the next one first."""
        with self._lock:
            return [one.job.id for one in sorted(self._waiting, key=_rank) if one.job is not None]

    @property
    def going(self) -> int:
        """How many answer now."""
        return len(self._going)

    def _enter(self, mine: Turn) -> bool:
        with self._lock:
            nested = any(one.owner == mine.owner for one in self._going)
            if nested or (len(self._going) < self.most() and not self._waiting):
                self._going.append(mine)
                return True
            mine.go = threading.Event()
            self._waiting.append(mine)
            self._next()  # more may be allowed at once than before
            return mine.go.is_set()

    def _wait(self, mine: Turn, terms: Terms) -> None:
        if mine.job is not None and not mine.job.over:
            mine.job.waits()
        while not mine.go.wait(LOOK):
            terms.check()
        terms.check()
        if mine.job is not None and not mine.job.over:
            mine.job.running()

    def _leave(self, mine: Turn) -> None:
        with self._lock:
            for line in (self._going, self._waiting):
                if mine in line:
                    line.remove(mine)
            self._next()

    def _next(self) -> None:
        """Whoever may begin now does."""
        while self._waiting and len(self._going) < self.most():
            first = min(self._waiting, key=_rank)  # of equals the one that came first
            self._waiting.remove(first)
            self._going.append(first)
            first.go.set()


def _rank(one: Turn) -> int:
    return one.rank
