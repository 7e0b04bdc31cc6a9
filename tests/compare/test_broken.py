"""Contenders of a server that fails: busy, cut in the middle, silent; one's failure never touches another's row."""

from __future__ import annotations

import _thread
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hf_nb import compare
from hf_nb.compare.running import Running
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
