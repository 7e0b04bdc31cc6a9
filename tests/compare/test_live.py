"""Several answer at the same time: in the order things happen, and what befalls one is no matter of the others."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from typing import Any

import pytest

from hf_nb import errors
from hf_nb.compare import live
from hf_nb.infer import remote
from hf_nb.plumbing.session import Session
from hf_nb.values.comparisons import Contender
from tests.infer.remote import served as standing

ENDS = ("value", "failed", "stopped")


@pytest.fixture
def served() -> Iterator[standing.Served]:
    with standing.served() as running:
        yield running


@pytest.fixture
def session(served: standing.Served, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.setenv("HF_NB_CONFIG_DIR", str(tmp_path))
    made = Session()
    made.settings.servers = {"box": served.address}
    yield made
    remote.client(made).close()


def box(model: str, **how: Any) -> Contender:
    return Contender(model, model, task="chat", provider="box", **how)


def kinds(events: list[live.Event], at: int) -> list[str]:
    return [one.kind for one in events if one.at == at and one.kind != "doing"]


def until(asked: live.Live, true: Any, events: list[live.Event]) -> None:
    """Reads until it is so."""
    for event in asked:
        events.append(event)
        if true(events):
            return
    raise AssertionError(f"it never came to that: {events}")


def test_answers_come_side_by_side_and_each_ends_by_itself(session: Session, served: standing.Served):
    events: list[live.Event] = []
    with live.stream([box("endless"), box("echo"), box("whole")], "Hello", session=session) as asked:
        until(asked, lambda so: {1, 2} <= {one.at for one in so if one.kind == "value"}, events)
        before = sum(one.at == 0 for one in events)
        until(asked, lambda so: sum(one.at == 0 for one in so) > before + 3, events)  # it goes on
        asked.stop(0)
        events += list(asked)
    assert kinds(events, 1) == ["began", "part", "part", "part", "value"]
    assert [one.payload for one in events if one.at == 1 and one.kind == "part"] == [
        "You",
        " said:",
        " Hello",
    ]
    assert kinds(events, 2)[-1] == "value"
    assert kinds(events, 0)[-1] == "stopped"
    assert events[-1].payload.text.startswith("on and on on and on")
    assert served.idle(1)


def test_one_that_fails_says_why_and_the_others_go_on(session: Session):
    contenders = [box("no-key"), box("echo"), box("unended"), box("whole", params={"warmth": 1})]
    with live.stream(contenders, "Hello", session=session) as asked:
        ends = {one.at: one for one in asked if one.kind in ENDS}
    assert {at: one.kind for at, one in ends.items()} == {0: "failed", 1: "value", 2: "failed", 3: "failed"}
    assert isinstance(ends[0].payload, errors.Unauthorized)
    assert isinstance(ends[2].payload, errors.Broken)
    assert isinstance(ends[3].payload, errors.BadInput)
    assert ends[1].payload.text == "You said: Hello"


def test_all_are_stopped_at_once_and_keep_what_had_come(session: Session, served: standing.Served):
    events: list[live.Event] = []
    with live.stream([box("endless"), box("endless"), box("silent")], "Hello", session=session) as asked:
        until(asked, lambda so: {one.at for one in so if one.kind == "part"} == {0, 1}, events)
        began = time.monotonic()
        asked.stop_all()
        events += list(asked)
        took = time.monotonic() - began
    partial = {one.at: one.payload for one in events if one.kind == "stopped"}
    assert sorted(partial) == [0, 1, 2]
    assert partial[0].text
    assert partial[1].text
    assert partial[2] is None
    assert took < 0.5, took
    assert served.idle(1)


def test_what_nobody_reads_any_more_ends(session: Session, served: standing.Served):
    asked = live.stream([box("endless"), box("endless")], "Hello", session=session)
    until(asked, lambda so: {one.at for one in so if one.kind == "part"} == {0, 1}, [])
    assert served.busy == 2
    del asked
    gc.collect()
    assert served.idle(2)


def test_each_is_a_job_of_its_own(session: Session):
    with live.stream([box("echo"), box("no-key")], "Hello", session=session) as asked:
        list(asked)
    states = sorted((one.model, one.state) for one in session.jobs.seen())
    assert states == [("echo", "done"), ("no-key", "failed")]


def test_a_template_and_a_system_prompt_are_asked_around_the_input(session: Session, served: standing.Served):
    contenders = [
        box("echo", template="In one word: {input}", system="Be brief."),
        Contender("plain", "echo", "chat", "box"),
    ]
    with live.stream(contenders, "why?", session=session) as asked:
        texts = {one.at: one.payload.text for one in asked if one.kind == "value"}
    assert texts == {0: "You said: In one word: why?", 1: "You said: why?"}
    said = [one.body["messages"] for one in served.requests if one.method == "POST"]
    assert [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "In one word: why?"},
    ] in said


def test_a_kept_answer_is_asked_again_since_its_time_is_what_counts(
    session: Session, served: standing.Served
):
    for _ in range(2):
        with live.stream([box("echo", params={"temperature": 0})], "Hello", session=session) as asked:
            list(asked)
    assert sum(one.method == "POST" for one in served.requests) == 2


def test_nobody_and_too_many_are_refused(session: Session):
    for contenders in ([], [box("echo")] * 17):
        with pytest.raises(errors.BadInput, match="contenders"):
            live.stream(contenders, "Hello", session=session)
