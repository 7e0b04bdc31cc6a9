"""Conversations written down once (tests/protocol): tried with a desk here, with a panel's end in labextension/test."""

from __future__ import annotations

import base64
import json
import queue
from pathlib import Path
from typing import Any

import pytest

from hf_nb import errors
from hf_nb.panels import ops
from hf_nb.panels.desk import Desk
from tests.panels import small

FOLDER = Path(__file__).parents[1] / "protocol"
TRANSCRIPTS = sorted(FOLDER.glob("*.json"))


@pytest.mark.parametrize("file", TRANSCRIPTS, ids=lambda file: file.stem)
def test_a_desk_holds_its_side_of_a_conversation(file, monkeypatch):
    monkeypatch.setattr(ops, "OPS", small.OPS)
    small.go.clear()
    said: queue.Queue[tuple[dict[str, Any], list[bytes]]] = queue.Queue()
    desk = Desk(lambda message, buffers: said.put((dict(message), [bytes(one) for one in buffers])))
    for step in json.loads(file.read_text("utf-8"))["steps"]:
        if step.get("only") == "panel":
            continue
        buffers = [base64.b64decode(one) for one in step.get("buffers", ())]
        if "hears" in step:
            assert said.get(timeout=10) == (step["hears"], buffers)
        elif "hangs up" in step:
            desk.close()
        elif "goes" in step:
            small.go.set()
        for message in step.get("sends", ()) or ([step["says"]] if "says" in step else ()):
            assert desk.receive(message, buffers)
    small.go.set()
    until_idle(desk)
    assert said.empty()


def test_every_class_of_error_is_in_a_transcript():
    told = {
        step["hears"]["error"]["type"]
        for step in json.loads((FOLDER / "errors.json").read_text("utf-8"))["steps"]
        if "hears" in step
    }
    classes, known = [errors.HfNbError], set()
    while classes:
        one = classes.pop()
        classes += one.__subclasses__()
        if one.__module__ == "hf_nb.errors":
            known.add(one.__name__)
    assert known - {"HfNbError", "Lasting", "Passing"} <= told


def until_idle(desk: Desk) -> None:
    """Every thread of the desk has ended."""
    import time

    until = time.monotonic() + 10
    while not desk.idle:
        assert time.monotonic() < until, "a thread does not end"
        time.sleep(0.005)
