"""Contenders of a server that fails: busy, cut in the middle, silent; one's failure never touches another's row."""

from __future__ import annotations

import _thread
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hf_nb import compare
from hf_nb.compare.running import Running
from hf_nb.errors import Unreachable
from hf_nb.plumbing.session import Session
from hf_nb.values import Comparison
from tests.infer.faults.faulty import TEXT, Faulty, serving
from tests.infer.many.places import Place, several

PROMPTS = ["Say hello.", "Say it again.", "And once more."]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("hf_nb.infer.policies.waits.FIRST", 0.01)
    monkeypatch.setattr("hf_nb.infer.many.places.LASTING", 1.0)


@pytest.fixture(scope="module")
def server() -> Iterator[Faulty]:
    with serving() as made:
        yield made


def beside(server: Faulty, fault: str, inputs: Any = PROMPTS) -> Comparison:
    """A model in good order beside one with a fault."""
    session = Session()
    session.settings.servers = {"bad": server.address("first"), "good": server.address("second")}
    session.settings.idle_timeout = session.settings.first_part_timeout = 0.6
    both = {"good": {"model": "m", "provider": "good"}, "bad": {"model": fault, "provider": "bad"}}
    return compare.run(both, inputs, task="chat", timeout=1, session=session)


@pytest.mark.parametrize("fault", ["503", "401", "cut-mid-chunk", "no-end-mark", "html-502"])
def test_a_fault_of_one_leaves_the_other_whole(fault: str, server: Faulty) -> None:
    made = beside(server, fault)
    assert made.values("good") == [TEXT] * 3
    assert made["bad"].ok == 0
    assert made["bad"].wrong is not None or made["bad"].failed == 3
    assert "Only good has answered" in str(made.verdict)


@pytest.mark.parametrize("inputs", [PROMPTS, [f"Say {at}." for at in range(40)]])
@pytest.mark.parametrize("fault", ["503", "refused"])
def test_who_waits_for_nobody_else_waits_for_a_server_that_is_down_a_little_while(
    fault: str, inputs: list[str], server: Faulty, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hf_nb.infer.many.places.LASTING", 3_600.0)
    monkeypatch.setattr("hf_nb.compare.lanes.WAITED", 1.0)
    monkeypatch.setattr("hf_nb.infer.policies.breaker.FIRST", 0.2)
    session = Session()
    session.settings.servers = {"bad": down(server, fault), "good": server.address("second")}
    both = {"good": {"model": "m", "provider": "good"}, "bad": {"model": "503", "provider": "bad"}}
    running = Running(both, inputs, task="chat", session=session)
    when: list[float] = []

    def seen(made: Comparison) -> None:
        if made["good"].ok == len(inputs):
            when.append(time.monotonic())

    made = running.run(seen)
    assert time.monotonic() - when[0] < 8
    assert made.values("good") == [TEXT] * len(inputs)
    assert made["good"].alone.keys() >= set(range(len(inputs) if len(inputs) <= 30 else 0))
    assert made["bad"].wrong is not None
    assert made["bad"].wrong.error in ("Busy", "Unreachable")
    assert "Only good has answered" in str(made.verdict)


def test_a_server_that_goes_down_in_the_middle_leaves_its_answers_and_its_rows_say_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("hf_nb.infer.many.places.LASTING", 0.5)
    monkeypatch.setattr("hf_nb.infer.policies.breaker.FIRST", 0.1)
    alone: list[str] = []

    def falls(text: str, _: int) -> Unreachable | None:
        if len(alone) == 10:
            return Unreachable("Connection refused.")
        alone.append(text)
        return None

    texts = [f"text {at}" for at in range(60)]
    both = [{"model": "own/model", "provider": name} for name in ("a", "b")]
    made = compare.run(
        both,
        texts,
        task="text-classification",
        session=several(a=Place(), b=Place(falls)),
        labels=["good"] * 60,
    )
    assert (made["model a"].ok, made["model b"].ok, made["model b"].failed) == (60, 10, 50)
    assert {one.problem for one in made["model b"].failures} == {"Connection refused."}
    assert (made["model b"].left, made["model b"].stopped) == (0, False)
    assert made.paired == 10
    assert "Only" not in str(made.verdict)


def down(server: Faulty, fault: str) -> str:
    """An address where nobody answers: 503 to everything, or nothing at all."""
    if fault == "503":
        return server.address("first")
    with serving() as gone:
        return gone.address("first")


def test_the_stop_button_gives_what_is_done() -> None:
    session = several(a=Place(), b=Place(pace=0.3))
    both = [{"model": "own/model", "provider": name} for name in ("a", "b")]
    running = Running(
        both, [f"text {at}" for at in range(200)], task="text-classification", session=session, timed=0
    )
    pressed = threading.Timer(1.0, _thread.interrupt_main)
    pressed.start()
    try:
        made = running.run()
    finally:
        pressed.join()
    assert made.stopped
    assert made["model a"].ok == 200
    assert 0 < made["model b"].ok < 200
    assert not any(one.is_alive() for one in running.threads)


def test_stopped_among_the_rows_asked_alone_it_gives_those() -> None:
    session = several(a=Place(pace=0.2), b=Place(pace=0.2))
    both = [{"model": "own/model", "provider": name} for name in ("a", "b")]
    pressed = threading.Timer(1.0, _thread.interrupt_main)
    pressed.start()
    try:
        made = compare.run(
            both, [f"text {at}" for at in range(20)], task="text-classification", session=session
        )
    finally:
        pressed.join()
    assert made.stopped
    assert 0 < made["model a"].ok < 20
