"""Turns: so many answers at once, a person before a batch, and nobody waits who wants to stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hf_nb import errors
from hf_nb.infer.backends.local.turns import Turns
from hf_nb.infer.call import Terms
from hf_nb.plumbing import jobs
from hf_nb.plumbing.jobs import Jobs


def until(true: Callable[[], bool]) -> None:
    """Wait for a state."""
    ends = time.monotonic() + 30
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.002)


class Worker:
    """A thread that takes a turn and holds it until it is told to go."""

    def __init__(
        self, turns: Turns, log: list[str], name: str, kind: str = "infer", of: Jobs | None = None
    ) -> None:
        self.terms, self.go = Terms(), threading.Event()
        self.wrong: Any = None
        self.job = (of or Jobs()).begin(kind)
        self.began = threading.Event()

        def work() -> None:
            try:
                with jobs.inside(self.job), turns.turn(self.terms):
                    log.append(name)
                    self.began.set()
                    self.go.wait(30)
            except BaseException as wrong:  # noqa: BLE001 -- it is looked at
                self.wrong = wrong

        self.thread = threading.Thread(target=work, daemon=True)
        self.thread.start()

    def ends(self) -> None:
        self.go.set()
        self.thread.join(30)


@pytest.fixture
def log() -> list[str]:
    return []


@pytest.fixture
def started(log: list[str]) -> Iterator[Callable[..., Worker]]:
    """Workers, each begun when the one before has its place in the line."""
    made: list[Worker] = []

    def start(turns: Turns, name: str, kind: str = "infer") -> Worker:
        before = len(turns._waiting) + turns.going
        made.append(Worker(turns, log, name, kind))
        until(lambda: len(turns._waiting) + turns.going > before)
        return made[-1]

    yield start
    for one in made:
        one.ends()


def test_no_more_than_so_many_work_at_once_and_the_rest_come_in_the_order_they_came(
    started: Any, log: list[str]
) -> None:
    turns = Turns(lambda: 2)
    workers = [started(turns, name) for name in "abcd"]
    until(lambda: len(log) == 2)
    assert (turns.going, turns.waiting()) == (2, [workers[2].job.id, workers[3].job.id])
    assert [one.job.state for one in workers][2:] == ["queued", "queued"]
    workers[1].ends()
    until(lambda: workers[2].job.state == "running")
    assert sorted(log[:2]) == ["a", "b"]
    workers[0].ends()
    until(lambda: turns.going == 2 and len(log) == 4)
    assert log[2:] == ["c", "d"]


def test_a_person_comes_before_the_rows_of_a_batch(started: Any, log: list[str]) -> None:
    turns = Turns(lambda: 1)
    first = started(turns, "first")
    started(turns, "row 1", "batch").go.set()
    started(turns, "row 2", "batch").go.set()
    started(turns, "person").go.set()
    first.ends()
    until(lambda: len(log) == 4)
    assert log == ["first", "person", "row 1", "row 2"]


def test_what_is_hurried_is_the_next_whatever_it_is(started: Any, log: list[str]) -> None:
    turns = Turns(lambda: 1)
    first = started(turns, "first")
    row = started(turns, "row", "batch")
    started(turns, "person").go.set()
    row.go.set()
    turns.hurry(row.job.id)
    assert turns.waiting()[0] == row.job.id
    first.ends()
    until(lambda: len(log) == 3)
    assert log == ["first", "row", "person"]
    with pytest.raises(errors.NotFound):
        turns.hurry(first.job.id)


def test_one_that_waits_is_stopped_at_once_and_its_place_is_free(started: Any, log: list[str]) -> None:
    turns = Turns(lambda: 1)
    first, second = started(turns, "first"), started(turns, "second")
    third = started(turns, "third")
    second.terms.stop.set()
    second.thread.join(30)
    assert isinstance(second.wrong, errors.Stopped)
    first.ends()
    assert third.began.wait(30)
    assert log == ["first", "third"]
    third.ends()
    assert turns.going == 0


def test_one_whose_time_ends_while_it_waits_says_so(started: Any) -> None:
    turns = Turns(lambda: 1)
    started(turns, "first")
    with jobs.inside(None), pytest.raises(errors.Timeout), turns.turn(Terms(ends=time.monotonic() - 1)):
        pass
    assert turns.going == 1
    assert not turns._waiting


def test_an_answer_that_asks_again_in_its_own_thread_does_not_wait_for_itself() -> None:
    turns = Turns(lambda: 1)
    with turns.turn(Terms()), turns.turn(Terms()):
        assert turns.going == 2
    assert turns.going == 0


def test_where_more_are_allowed_later_those_that_wait_begin(started: Any, log: list[str]) -> None:
    most = 1
    turns = Turns(lambda: most)
    started(turns, "first")
    started(turns, "second")
    most = 3
    started(turns, "third")
    until(lambda: len(log) == 3)
