"""What runs is known and bounded, what has ended keeps nothing alive, a stop is heard, a failure can be repeated."""

from __future__ import annotations

import gc
import threading
import weakref
from typing import Any

import pytest

from hf_nb import errors
from hf_nb.plumbing import jobs as module
from hf_nb.plumbing.jobs import EXCERPT, KEPT, Job, Jobs, here, inside
from tests.clock import Clock

TOKEN = "hf_" + "q" * 34


@pytest.fixture
def jobs() -> Jobs:
    return Jobs()


def until_over(job: Job) -> None:
    """Its thread has little to do."""
    waiting = threading.Event()
    while not job.over:
        waiting.wait(0.005)


def test_a_job_goes_from_queued_to_its_end(jobs: Jobs) -> None:
    job = jobs.begin("infer", task="chat", model="a/b", unit="tokens")
    assert (job.state, job.method, job.first, job.may_stop, job.may_repeat) == (
        "queued",
        None,
        None,
        True,
        False,
    )
    job.running("local")
    job.wrote("Once ", 1)
    job.wrote("upon", 2)
    assert (job.state, job.method, job.done, job.ending()) == ("running", "local", 2, "Once upon")
    assert job.first is not None
    jobs.end(job)
    assert (job.state, job.excerpt, job.may_stop, job.may_repeat) == ("done", "Once upon", False, False)
    assert jobs.counts() == {"queued": 0, "running": 0, "done": 1, "failed": 0, "stopped": 0}


@pytest.mark.parametrize(
    ("wrong", "state"),
    [
        (errors.Busy("Overloaded."), "failed"),
        (ZeroDivisionError("by nothing"), "failed"),
        (errors.Stopped(), "stopped"),
        (KeyboardInterrupt(), "stopped"),
        (GeneratorExit(), "stopped"),
    ],
    ids=repr,
)
def test_an_end_is_told_by_its_error(wrong: BaseException, state: str, jobs: Jobs) -> None:
    job = jobs.begin("infer")
    jobs.end(job, wrong)
    assert job.state == state
    assert (str(job.error) == str(wrong)) is (state == "failed")


def test_an_end_that_is_said_twice_counts_once(jobs: Jobs) -> None:
    job = jobs.begin("infer")
    jobs.end(job)
    jobs.end(job, errors.Stopped())
    assert (job.state, jobs.counts()["done"], jobs.counts()["stopped"]) == ("done", 1, 0)


def test_those_that_run_stand_before_the_latest_that_ended(jobs: Jobs) -> None:
    ended, running, later, last = (jobs.begin(kind) for kind in ("a", "b", "c", "d"))
    jobs.end(ended)
    jobs.end(later)
    assert jobs.seen() == [last, running, later, ended]
    assert jobs.seen(2) == [last, running]


def test_a_thousand_jobs_stay_bounded_and_every_one_is_counted(jobs: Jobs) -> None:
    many = [jobs.begin("infer") for _ in range(1_000)]
    assert len(jobs.seen(10_000)) == 1_000, "what runs is never forgotten"
    for number, job in enumerate(many):
        jobs.end(job, errors.Busy("x") if number % 4 == 0 else None)
    assert jobs.seen(10_000) == many[: -KEPT - 1 : -1]
    assert (jobs.counts()["done"], jobs.counts()["failed"]) == (750, 250)
    with pytest.raises(errors.NotFound):
        jobs.find(many[0].id)
    assert jobs.find(many[-1].id) is many[-1]


def test_many_threads_at_once_lose_no_job_and_no_change(jobs: Jobs) -> None:
    ready, seen = threading.Barrier(8), []

    def work() -> None:
        ready.wait()
        for number in range(200):
            job = jobs.begin("infer")
            job.running("local")
            for part in range(5):
                job.wrote("x", part)
            jobs.seen()
            seen.append(job.id)
            jobs.end(job, None if number % 2 else errors.Busy("x"))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(seen)) == 1_600, "an id is nobody else's"
    assert jobs.counts() == {"queued": 0, "running": 0, "done": 800, "failed": 800, "stopped": 0}
    assert len(jobs.seen(10_000)) == KEPT


def test_whoever_watches_sees_that_something_is_different(jobs: Jobs) -> None:
    numbers = [jobs.changed]
    job = jobs.begin("infer")
    numbers.append(jobs.changed)
    job.running("local")
    numbers.append(jobs.changed)
    job.wrote("x", 1)
    numbers.append(jobs.changed)
    jobs.end(job)
    numbers.append(jobs.changed)
    assert len(set(numbers)) == len(numbers)
    jobs.end(job)
    jobs.seen()
    assert jobs.changed == numbers[-1], "looking changes nothing"


# -- what is kept


def test_of_a_long_answer_the_end_is_kept_and_nothing_else(jobs: Jobs) -> None:
    job = jobs.begin("infer", unit="tokens")
    for number in range(5_000):
        job.wrote(f"{number} ", number)
    assert len(job.ending()) == EXCERPT
    jobs.end(job)
    assert job.excerpt.endswith("4998 4999 ")
    assert sum(len(str(getattr(job, name, ""))) for name in Job.__slots__) < 4 * EXCERPT


def test_no_credential_is_in_an_excerpt_however_it_was_cut_up(jobs: Jobs) -> None:
    for ends in range(0, 260, 20):
        job = jobs.begin("infer", unit="tokens")
        for letter in f"Your token is {TOKEN}{'.' * ends}":
            job.wrote(letter, 1)
        jobs.end(job)
        assert "qqqq" not in job.excerpt, ends


def test_what_a_failed_try_had_written_is_not_shown(jobs: Jobs) -> None:
    job = jobs.begin("infer", unit="tokens")
    job.wrote("half an ", 2)
    job.anew()
    assert (job.ending(), job.done) == ("", 0)


class Input:
    """Something large that a user asked about."""


def test_what_was_asked_is_let_go_when_the_answer_is_whole(jobs: Jobs) -> None:
    input = Input()
    kept = weakref.ref(input)
    job = jobs.begin("infer", again=lambda held=input: held)
    del input
    gc.collect()
    assert kept() is not None, "as long as it may have to be repeated"
    jobs.end(job)
    gc.collect()
    assert kept() is None


def test_an_error_keeps_nothing_alive_that_it_saw(jobs: Jobs) -> None:
    def breaks_off(seen: Input) -> None:
        raise errors.Broken("It broke off.", "Try again.", partial=seen)

    def fails() -> weakref.ref[Input]:
        seen = Input()
        try:
            breaks_off(seen)
        except errors.Broken as wrong:
            jobs.end(jobs.begin("infer"), wrong)
        return weakref.ref(seen)

    kept = fails()
    gc.collect()
    assert kept() is None
    (job,) = jobs.seen()
    assert isinstance(job.error, errors.Broken)
    assert (job.error.problem, job.error.next_step) == ("It broke off.", "Try again.")


class Odd(Exception):
    """Cannot be made from what it says."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one} and {two}")


def test_a_strangers_error_is_kept_too(jobs: Jobs) -> None:
    job = jobs.begin("infer")
    jobs.end(job, Odd(1, 2))
    assert str(job.error) == "Odd: 1 and 2"


# -- stopping and repeating


def test_a_stop_is_asked_for_and_answered_when_the_work_has_ended(jobs: Jobs) -> None:
    job = jobs.begin("infer")

    def work() -> None:
        job.stopping.wait()
        jobs.end(job, errors.Stopped())

    worker = threading.Thread(target=work)
    worker.start()
    assert jobs.stop(job.id, wait=60).state == "stopped"
    worker.join()


def test_work_that_does_not_end_in_time_is_said_to_be_ending(jobs: Jobs) -> None:
    job = jobs.begin("infer")
    with pytest.raises(errors.Busy, match="still ending") as said:
        jobs.stop(job.id, wait=0.01)
    assert said.value.next_step
    assert not job.may_stop, "it was asked already"
    jobs.end(job, errors.Stopped())


def test_a_stop_that_comes_too_late_says_how_it_ended(jobs: Jobs) -> None:
    job = jobs.begin("infer")
    jobs.end(job)
    assert jobs.stop(job.id, wait=0).state == "done"


def test_what_failed_is_repeated_as_a_job_of_its_own(jobs: Jobs) -> None:
    asked: list[Any] = []
    job = jobs.begin("infer", task="chat", model="a/b", unit="tokens", again=lambda: asked.append(here()))
    jobs.end(job, errors.Busy("Overloaded."))
    assert job.may_repeat
    again = jobs.again(job.id)
    until_over(again)
    assert asked == [again], "what it does is a part of the new job"
    assert (again.state, again.task, again.model, again.unit) == ("done", "chat", "a/b", "tokens")
    assert (job.state, job.retried_as, job.may_repeat) == ("failed", again.id, False)
    with pytest.raises(errors.Refused, match=again.id):
        jobs.again(job.id)
    assert len(asked) == 1, "two clicks are one repetition"


def test_what_fails_again_can_be_repeated_again(jobs: Jobs) -> None:
    faults: list[BaseException] = [errors.Busy("a"), errors.Stopped(), ZeroDivisionError("b")]

    def work() -> None:
        if faults:
            raise faults.pop(0)

    with pytest.raises(errors.Busy), jobs.doing("infer", again=work):
        work()
    states = []
    for _ in range(3):
        job = jobs.seen()[0]
        again = jobs.again(job.id)
        until_over(again)
        states.append(again.state)
    assert states == ["stopped", "failed", "done"]


@pytest.mark.parametrize("ended", [True, False])
def test_what_runs_or_came_to_its_end_is_not_repeated(jobs: Jobs, *, ended: bool) -> None:
    job = jobs.begin("infer", again=lambda: None)
    if ended:
        jobs.end(job)
    with pytest.raises(errors.Refused) as said:
        jobs.again(job.id)
    assert said.value.next_step
    assert len(jobs.seen()) == 1


def test_work_inside_other_work_is_a_part_of_it_unless_it_is_set_apart(jobs: Jobs) -> None:
    with jobs.doing("infer") as outer:
        with jobs.doing("pull") as inner:
            assert inner is outer
        assert jobs.counts()["done"] == 0, "the part's end is not the whole's"
        with inside(None), jobs.doing("pull") as apart:
            assert apart is not outer
        assert [one.state for one in jobs.seen()] == ["queued", "done"]
    assert jobs.counts()["done"] == 2
    assert here() is None


def test_another_thread_begins_work_of_its_own(jobs: Jobs) -> None:
    found: list[Job | None] = []
    with jobs.doing("infer"):
        thread = threading.Thread(target=lambda: found.append(here()))
        thread.start()
        thread.join()
    assert found == [None]


# -- how fast


def test_a_rate_is_that_of_the_last_seconds_and_falls_when_nothing_comes(jobs: Jobs, clock: Clock) -> None:
    clock.rule(module.__name__)
    job = jobs.begin("infer", unit="tokens")
    job.running("local")
    assert job.rate is None
    for number in range(1, 101):  # ten a second, for ten seconds
        clock.pass_(0.1)
        job.at(number)
    assert job.rate == pytest.approx(10, rel=0.05)
    for number in range(101, 151):  # then a hundred a second
        clock.pass_(0.01)
        job.at(number)
    for number in range(151, 351):
        clock.pass_(0.01)
        job.at(number)
    assert job.rate == pytest.approx(100, rel=0.05)
    clock.pass_(20)
    assert job.rate is not None
    assert job.rate < 20
    jobs.end(job)
    assert job.seconds == pytest.approx(32.5)


def test_the_rate_of_a_whole_answer_counts_from_its_first_part(jobs: Jobs, clock: Clock) -> None:
    clock.rule(module.__name__)
    job = jobs.begin("infer", unit="tokens")
    clock.pass_(5)  # loading
    for number in range(1, 12):
        job.wrote("x", number)
        clock.pass_(0.1)
    jobs.end(job)
    assert job.first == 5
    assert job.rate == pytest.approx(10 / 1.1)
