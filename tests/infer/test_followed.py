"""A question is a job: what is told of it while it is answered, and how a stop from elsewhere ends it."""

from __future__ import annotations

import contextlib
import gc
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hf_nb import errors, infer
from hf_nb.infer.run import Asking
from hf_nb.plumbing.jobs import Job
from hf_nb.plumbing.session import Session
from tests.infer.scripted import Step, call, session

WORDS = "one two three four five six seven eight"


@pytest.fixture(autouse=True)
def _no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hf_nb.infer.policies.waits.FIRST", 0.01)


def slow(folder: Path, *steps: Step, pause: float = 0.02) -> tuple[Session, Any, str]:
    here, talk, name = session(folder, *steps)
    talk.pause = pause
    return here, talk, name


def in_thread(work: Callable[[], Any]) -> tuple[threading.Thread, list[Any]]:
    """What it answered, or what went wrong."""
    ended: list[Any] = []

    def run() -> None:
        try:
            ended.append(work())
        except BaseException as wrong:  # noqa: BLE001 -- it is looked at
            ended.append(wrong)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, ended


def until(true: Callable[[], object]) -> None:
    waiting = threading.Event()
    for _ in range(6_000):
        if true():
            return
        waiting.wait(0.01)
    raise TimeoutError


def only(here: Session) -> Job:
    (job,) = here.jobs.seen()
    return job


def test_a_whole_answer_is_a_job_that_is_done(tmp_path: Path) -> None:
    here, _, name = session(tmp_path, WORDS)
    infer.run("Count.", task="text-generation", model=name, session=here)
    job = only(here)
    assert (job.kind, job.task, job.model, job.method, job.state) == (
        "infer", "text-generation", name, "local", "done",
    )  # fmt: skip
    assert (job.done, job.unit, job.excerpt) == (8, "tokens", WORDS)
    assert job.again is None


@pytest.mark.parametrize("seen", [True, False], ids=["shown as it comes", "held until it is whole"])
def test_its_parts_are_counted_while_they_come(tmp_path: Path, *, seen: bool) -> None:
    here, _, name = slow(tmp_path, WORDS)
    counted: list[tuple[int, str]] = []

    def work() -> None:
        if seen:
            list(infer.stream("Count.", task="text-generation", model=name, session=here))
        else:
            infer.run("Count.", task="text-generation", model=name, session=here)

    thread, ended = in_thread(work)
    until(here.jobs.seen)
    job = only(here)
    while not job.over:
        if job.state == "running":
            counted.append((job.done, job.ending()))
    thread.join()
    assert ended == [None]
    assert len({done for done, _ in counted}) > 4
    assert {text for _, text in counted} <= {" ".join(WORDS.split()[:n]) for n in range(9)}


def test_what_a_failed_try_wrote_does_not_count(tmp_path: Path) -> None:
    class Breaks:
        name, remote, device = "local", False, "script"
        tries = 0

        def can(self, _: Any) -> bool:
            return True

        def stream(self, _: Any, __: Any) -> Any:
            from hf_nb.infer.call import Chunk

            self.tries += 1
            yield Chunk(text=f"try {self.tries}")
            if self.tries < 3:
                raise errors.Broken("It broke off.")
            yield Chunk(finish="stop")

    here, _, name = session(tmp_path)
    here.backends["local"] = Breaks()
    infer.run("Go.", task="text-generation", model=name, session=here)
    job = only(here)
    assert (job.done, job.excerpt, job.state) == (1, "try 3", "done")
    assert [(one.method, one.error) for one in job.tried] == [("local", "Broken")] * 2


@pytest.mark.parametrize("how", ["before its first part", "in mid-stream"])
def test_a_stop_from_elsewhere_ends_it_as_the_stop_button_does(how: str, tmp_path: Path) -> None:
    here, _, name = slow(tmp_path, lambda _: WORDS * 20, pause=0.02)
    if how == "before its first part":
        held = threading.Event()
        here.backends["local"].steps = [lambda _: (held.wait(0.2) and WORDS) or WORDS]
    thread, ended = in_thread(lambda: infer.run("Count.", task="text-generation", model=name, session=here))
    until(lambda: here.jobs.seen() and here.jobs.seen()[0].state == "running")
    job = only(here)
    if how == "in mid-stream":
        until(lambda: job.done > 2)
    assert here.jobs.stop(job.id, wait=60).state == "stopped"
    thread.join()
    (stopped,) = ended
    assert isinstance(stopped, errors.Stopped)
    assert isinstance(stopped, KeyboardInterrupt)
    if how == "in mid-stream":
        assert WORDS.startswith(job.excerpt[:7])
    assert infer.stats(session=here)[0].stopped == 1


def test_a_choice_that_fails_is_a_failed_job_with_its_next_step(tmp_path: Path) -> None:
    here, _, _ = session(tmp_path)
    with pytest.raises(errors.BadInput):
        infer.run("x", task="text-generatoin", session=here)
    job = only(here)
    assert (job.state, job.task, job.may_repeat) == ("failed", "text-generatoin", True)
    assert isinstance(job.error, errors.BadInput)
    assert job.error.next_step


def test_an_answer_that_nobody_reads_is_no_job_and_one_left_unread_is_stopped(tmp_path: Path) -> None:
    here, _, name = slow(tmp_path, WORDS, WORDS)
    unread = infer.stream("Count.", task="text-generation", model=name, session=here)
    assert here.jobs.seen() == []
    begun = infer.stream("Count.", task="text-generation", model=name, session=here)
    assert next(begun) == "one"
    assert only(here).state == "running"
    del unread, begun
    gc.collect()
    assert only(here).state == "stopped"


def test_a_stop_before_anybody_was_asked_leaves_no_job_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(*_: Any) -> None:
        raise KeyboardInterrupt

    here, talk, name = session(tmp_path, WORDS)
    monkeypatch.setattr(Asking, "describe", pressed)
    with contextlib.suppress(KeyboardInterrupt):
        infer.run("Count.", task="text-generation", model=name, session=here)
    gc.collect()
    assert only(here).state == "stopped"
    assert talk.asked == []


def test_a_failed_question_is_asked_again_when_the_fault_is_gone(tmp_path: Path) -> None:
    here, talk, name = session(tmp_path, errors.BadInput("Not today.", "Tomorrow."), "Paris.")
    with pytest.raises(errors.BadInput):
        infer.run("The capital of France?", task="text-generation", model=name, session=here)
    job = only(here)
    again = here.jobs.again(job.id)
    until(lambda: again.over)
    assert (again.state, again.excerpt, again.method) == ("done", "Paris.", "local")
    assert [one.input for one in talk.asked] == ["The capital of France?"] * 2
    assert here.jobs.seen() == [again, job]


def test_a_turn_is_one_job_whatever_it_took_and_a_tools_question_is_another(tmp_path: Path) -> None:
    def weather(city: str) -> str:
        """The weather in a city."""
        said = infer.run(f"Weather in {city}?", task="text-generation", model=name, session=here)
        return said.brief()[0]

    here, talk, name = session(
        tmp_path, call("weather", city="Bern"), "cold and wet today", "It is cold in Bern."
    )
    infer.chat("How warm is it?", model=name, tools=[weather], session=here)
    tool, turn = sorted(here.jobs.seen(), key=lambda one: one.task or "", reverse=True)
    assert (tool.task, tool.excerpt, tool.done) == ("text-generation", "cold and wet today", 4)
    assert (turn.task, turn.excerpt, turn.state) == ("chat", "It is cold in Bern.", "done")
    assert turn.done == 7 + 5, "the tokens of both rounds"
    assert len(talk.asked) == 3


def test_a_stopped_turn_leaves_its_conversation_and_is_said_again(tmp_path: Path) -> None:
    here, talk, name = slow(tmp_path, WORDS * 50, "Paris.")
    thread, ended = in_thread(lambda: infer.chat("The capital of France?", model=name, session=here))
    until(lambda: here.jobs.seen() and here.jobs.seen()[0].done > 2)
    job = only(here)
    here.jobs.stop(job.id, wait=60)
    thread.join()
    assert isinstance(ended[0], errors.Stopped)
    assert len(infer.conversations(here).rows) == 0
    again = here.jobs.again(job.id)
    until(lambda: again.over)
    assert (again.state, again.excerpt) == ("done", "Paris.")
    assert infer.conversations(here).rows == (("default", 1, name),)
    assert talk.said[-1] == [("user", "The capital of France?")]


def test_many_texts_are_counted_as_rows(tmp_path: Path) -> None:
    here = Session()
    infer.embed(["a", "b", "c"], provider="hashing", session=here)
    job = only(here)
    assert (job.unit, job.done, job.total, job.state, job.first) == ("rows", 3, 3, "done", None)
    infer.similar("a", ["b", "c"], provider="hashing", session=here)
    assert (here.jobs.seen()[0].unit, here.jobs.seen()[0].done) == ("rows", 2)
