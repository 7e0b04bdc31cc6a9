"""Answers that were cut off are told of where more room would have brought them to their end, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

import hf_nb
from hf_nb import infer
from hf_nb.infer.advice import cut, habits
from hf_nb.infer.call import Target
from hf_nb.plumbing.session import Session
from hf_nb.values import Tip
from tests.infer.advice.test_advice import looked, session, told

__all__ = ["session"]

FRENCH = "hfnb-demo/translate-en-fr"
TEXTS = ("I love my red bicycle.", "My sister has a black cat.", "We live in a small town.", "I am cold.")
WRITES = "text-generation"


def translated(bound: int, *texts: str) -> None:
    for text in texts or TEXTS:
        infer.run(text, model=FRENCH, params={"max_new_tokens": bound, "num_beams": 1})


@pytest.mark.usefixtures("hub")
def test_cut_answers_of_a_real_model_are_tried_with_room_and_then_come_to_their_end(session: Session) -> None:
    session.settings.answers_cache = 0
    translated(3)
    before = infer.stats()[0].answers
    (tip,) = looked(cut.look, session)
    assert infer.stats()[0].answers == before
    assert (tip.measured, tip.whole, tip.setting) == (True, 4, None)
    assert "4 of the last answers" in tip.seen
    assert "cut off after 3 tokens" in tip.seen
    # The cell runs as it is, keeps what else was said, and its answer is whole.
    there: dict[str, Any] = {}
    exec(f"answer = None\n{tip.cell.replace('hf_nb.infer.run', 'answer = hf_nb.infer.run')}", there)  # noqa: S102
    assert there["text"] == TEXTS[-1]
    assert "limit" not in str(there["answer"])  # it says so where one was cut
    assert "'num_beams': 1" in tip.line.replace('"', "'")


@pytest.mark.usefixtures("hub")
def test_answers_that_had_room_are_not_told_of(session: Session) -> None:
    session.settings.answers_cache = 0
    translated(100)
    assert looked(cut.look, session) == []


@pytest.mark.usefixtures("hub")
def test_answers_that_would_not_end_with_more_room_either_are_not_told_of(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.settings.answers_cache = 0
    monkeypatch.setattr(cut, "ROOM", 1)
    monkeypatch.setattr(cut, "FEW", 4)
    translated(3)
    assert [one.finish for one in habits.read(session).latest] == ["length"] * 4
    assert looked(cut.look, session) == []


def test_elsewhere_it_is_told_only_where_somebody_asked_again_and_it_ended(session: Session) -> None:
    far = Target("hf/far", "own/model")
    how: dict[str, Any] = {"target": far, "task": WRITES}
    for text in ("one", "two", "three"):
        told(session, text, 2.0, finish="length", written=20, cost=0.01, params={"max_tokens": 20}, **how)
    assert looked(cut.look, session) == []
    for text in ("one", "two"):
        told(session, text, 3.0, finish="stop", written=70, params={"max_tokens": 200}, **how)
    (tip,) = looked(cut.look, session)
    assert not tip.measured
    assert tip.seconds == pytest.approx(4.0)  # what the two took that were asked again
    assert tip.dollars == pytest.approx(0.02)
    assert '"max_new_tokens": 96' in tip.line
    assert "hf/far" not in session.backends
    assert "brought 3 answers to their end" in str(tip)


@pytest.mark.parametrize(("cut_ones", "whole_ones"), [(2, 0), (3, 20)], ids=["few", "a small share"])
def test_a_few_cut_answers_are_no_habit(session: Session, cut_ones: int, whole_ones: int) -> None:
    how: dict[str, Any] = {"target": Target("hf/far", "own/model"), "task": WRITES}
    for number in range(cut_ones):
        told(session, f"text {number}", finish="length", written=20, **how)
        told(session, f"text {number}", finish="stop", written=50, params={"max_tokens": 99}, **how)
    for number in range(whole_ones):
        told(session, f"other {number}", finish="stop", written=9, **how)
    assert looked(cut.look, session) == []


def test_an_answer_that_would_have_been_whole_is_worth_a_word(session: Session) -> None:
    how: dict[str, Any] = {"target": Target("hf/far", "own/model"), "task": WRITES}
    for number in range(4):
        told(session, f"text {number}", 0.01, finish="length", written=20, **how)
        told(session, f"text {number}", 0.01, finish="stop", written=50, params={"max_tokens": 99}, **how)
    found = hf_nb.infer.advice()
    assert [one.kind for one in found] == ["cut"]
    assert isinstance(found[0], Tip)
    assert infer.questions("own/model", WRITES) == [f"text {number}" for number in range(4)]
