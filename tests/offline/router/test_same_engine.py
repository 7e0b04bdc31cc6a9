"""The real engine behind the router: what it answers is what the same model answers here; stopped, it is at rest."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hf_nb import tasks
from hf_nb.infer import backends
from hf_nb.infer.call import Call, Chunk, Terms
from hf_nb.infer.shapes import Tally
from hf_nb.offline.content import catalogue
from hf_nb.offline.people import LEARNER
from hf_nb.plumbing.session import Session

pytestmark = pytest.mark.slow
MODELS = {
    "text-classification": "sentiment-en",
    "zero-shot-classification": "nli-en",
    "token-classification": "ner-en",
    "question-answering": "qa-en",
    "table-question-answering": "table-qa-en",
    "summarization": "summarize-en",
    "translation": "translate-en-fr",
    "text2text-generation": "text2text-tiny",
    "fill-mask": "pydoc-mlm",
    "text-generation": "pydoc-gpt",
    "code-generation": "pydoc-gpt",
    "chat": "chat-en",
    "feature-extraction": "similar-en",
    "sentence-similarity": "similar-en",
}


@pytest.fixture(scope="module")
def session(served_hub) -> Iterator[Session]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_TOKEN", LEARNER)
        for name, value in served_hub.environment.items():
            patch.setenv(name, value)
        yield Session()


def told(session: Session, method: str, call: Call) -> Tally:
    tally = Tally()
    for chunk in backends.find(method, session).stream(call, Terms()):
        tally.add(chunk)
    return tally


def alike(one: Any, other: Any) -> bool:
    """The same to the last digits, which another process may round otherwise."""
    if isinstance(one, float):
        return other == pytest.approx(one, abs=1e-5)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(alike(*pair) for pair in zip(one, other, strict=True))
    return bool(one == other)


def test_every_task_has_a_model_here():
    assert set(MODELS) == set(tasks.TASKS)


@pytest.mark.parametrize("name", MODELS)
def test_the_router_answers_as_the_model_does_here(hub, session, monkeypatch, name):
    if f"model--hfnb-demo--{MODELS[name]}" not in catalogue.recipes():
        pytest.skip(f"the demo content has no {MODELS[name]}")
    monkeypatch.setenv("HF_TOKEN", LEARNER)
    task = tasks.TASKS[name]
    params: dict[str, Any] = (
        {"do_sample": False} if name in ("text-generation", "code-generation", "chat") else {}
    )
    if name != "chat" and params:
        params |= {"max_new_tokens": 12}
    given = task.example
    call = Call(name, f"hfnb-demo/{MODELS[name]}", None, given, params)
    here, there = told(session, "local", call), told(session, "hf", call)
    assert here.text == there.text
    sort = (
        (lambda rows: sorted(rows, key=lambda row: row["label"]))
        if task.output is tasks.Out.LABELS
        else (lambda rows: rows)
    )
    assert alike(sort(here.output), sort(there.output))
    assert here.finish == there.finish
    if name in ("text-generation", "code-generation", "chat"):
        assert here.written == there.written


def test_leaving_a_long_text_ends_its_making(hub, session, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", LEARNER)
    call = Call("text-generation", "hfnb-demo/pydoc-gpt", None, "Return", {"max_new_tokens": 400})
    told(session, "hf", call.__class__(call.task, call.model, None, "Return", {"max_new_tokens": 2}))
    parts = backends.find("hf", session).stream(call, Terms())
    first: list[Chunk] = [next(parts) for _ in range(3)]
    assert first
    pid = engine_of(hub.process.pid)
    parts.close()
    time.sleep(0.4)
    before = processor_seconds(pid)
    time.sleep(0.5)
    assert processor_seconds(pid) - before < 0.1


def engine_of(hub: int) -> int:
    for place in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError, IndexError):
            stat = (place / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            if int(stat[1]) == hub:
                return int(place.name)
    raise AssertionError("no engine")


def processor_seconds(pid: int) -> float:
    stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")
