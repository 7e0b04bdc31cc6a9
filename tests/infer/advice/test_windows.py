"""Long texts in pieces: other pieces are told of where a real model gives the same answers sooner."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest

from hf_nb import infer
from hf_nb.infer.advice import trial, windows
from hf_nb.plumbing.session import Session
from tests.infer.advice.test_advice import looked, session

__all__ = ["session"]

READS = "hfnb-demo/qa-en"
NORA = "Nora lives in Oslo. On Monday she bought a red bicycle. "
LONG = NORA + " ".join(
    f"Her friend number {at} has a green boat in the harbour of Bergen." for at in range(30)
)
CLEAR = (
    "Who bought a bicycle?",
    "When did she buy the bicycle?",
    "Where does Nora live?",
    "Who lives in Oslo?",
)

pytestmark = pytest.mark.usefixtures("hub")


def ask(*questions: str, context: str = LONG, **params: Any) -> None:
    for question in questions:
        infer.run({"question": question, "context": context}, model=READS, params=params)


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch, session: Session) -> None:
    """However busy this machine is, they are tried, and only their own work is timed."""
    session.settings.answers_cache = 0
    monkeypatch.setattr(trial, "time", SimpleNamespace(perf_counter=time.process_time))
    monkeypatch.setattr(windows, "SECONDS", 120.0)
    monkeypatch.setattr(trial, "ROUNDS", 2)


def test_pieces_that_repeat_less_are_told_of_where_the_answers_stay(session: Session) -> None:
    ask(*CLEAR)
    before = infer.stats()[0].answers
    (tip,) = looked(windows.look, session)
    assert infer.stats()[0].answers == before
    assert tip.measured
    assert "doc_stride=32" in tip.change
    took = sum(one.seconds for one in infer.stats())
    assert 0 < tip.seconds < took
    there: dict[str, Any] = {}
    exec(f"{tip.cell.replace('hf_nb.infer.run', 'answer = hf_nb.infer.run')}", there)  # noqa: S102
    assert there["text"] == {"question": CLEAR[-1], "context": LONG}
    assert there["answer"].answer == "Nora"


def test_where_an_answer_would_be_another_nothing_is_told(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(*CLEAR)
    plainly, said = trial.apart, []

    def another(*given: Any) -> Any:
        rounds = plainly(*given)
        assert rounds is not None
        said.append(len(rounds))
        other = {"answer": "Monday", "score": 0.9, "start": 23, "end": 29}
        return [rounds[0], *(trial.Round(one.seconds, (other, *one.said[1:])) for one in rounds[1:])]

    monkeypatch.setattr(trial, "apart", another)
    assert looked(windows.look, session) == []
    assert said == [3]


def test_short_texts_and_those_that_repeat_little_already_are_left(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[Any] = []
    monkeypatch.setattr(trial, "apart", lambda ways, *_: tried.append([one[0].params for one in ways]))
    ask(*CLEAR, context=NORA)
    assert looked(windows.look, session) == []
    ask(*CLEAR, doc_stride=32)
    assert looked(windows.look, session, measure=False) == []
    assert tried == []
    looked(windows.look, session)
    assert tried == [[{"doc_stride": 32}, {"doc_stride": 32, "max_seq_len": 512}]]
