"""Contenders over places that are made up: each row of each once, one's failure its own, stopped and gone on with."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hf_nb import compare
from hf_nb.compare.running import Running
from hf_nb.errors import BadInput, Busy, HfNbError, NotFound
from hf_nb.infer.call import Call, Chunk, Terms
from hf_nb.plumbing.session import Session
from hf_nb.values import Comparison
from tests.infer.many.places import Place, expected, several

TEXTS = [f"text {number} {'bad' if number % 3 == 0 else ''}" for number in range(120)]
LABELS = [expected(one) for one in TEXTS]
BOTH = [{"model": "own/model", "provider": name} for name in ("a", "b")]
TASK = "text-classification"


class Slow(Place):
    """Says good to everything, and takes four times as long."""

    def _one(self, call: Call, terms: Terms) -> Chunk:
        super()._one(call, terms)
        output = [{"label": "good", "score": 0.9}, {"label": "bad", "score": 0.1}]
        return Chunk(output=output, seconds=0.004 + len(str(call.input)) * 1e-5, finish="stop")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("hf_nb.infer.policies.waits.FIRST", 0.01)


def run(session: Session, inputs: Any = None, contenders: Any = None, **how: Any) -> Comparison:
    return compare.run(
        contenders or BOTH, TEXTS if inputs is None else inputs, task=TASK, session=session, **how
    )


def failing(wrong: Callable[[], HfNbError], when: Callable[[str], bool]) -> Callable[[str, int], Any]:
    return lambda text, _: wrong() if when(text) else None


def test_every_row_is_answered_once_by_each() -> None:
    a, b = Place(), Slow()
    made = run(several(a=a, b=b))
    assert sorted(a.asked) == sorted(b.asked) == sorted(TEXTS)
    assert made.values("model a") == LABELS
    assert made.values("model b") == ["good"] * 120
    assert (made.paired, made.kind, made.stopped) == (120, "labels", False)


def test_some_rows_are_asked_alone_the_same_of_each_and_only_those_have_seconds() -> None:
    made = run(several(a=Place(), b=Slow()))
    first, second = (set(one.alone) for one in made.showings)
    assert first == second
    assert len(first) == 10
    assert {at for at, took in enumerate(made["model a"].took()) if took is not None} == first
    few = run(several(a=Place(), b=Slow()), TEXTS[:12])
    assert len(few[0].alone) == 12
    assert len(run(several(a=Place(), b=Slow()), timed=20)[0].alone) == 20
    assert not run(several(a=Place(), b=Slow()), timed=0)[0].alone


def test_labels_and_seconds_decide_and_the_sentence_says_both() -> None:
    verdict = run(several(a=Place(), b=Slow()), labels=LABELS, timed=30).verdict
    assert "model a is better on accuracy by" in str(verdict)
    assert "model a is" in str(verdict)
    assert "faster" in str(verdict)
    assert verdict.rows == 120


def test_without_labels_nothing_is_said_of_quality() -> None:
    verdict = str(run(several(a=Place(), b=Slow())).verdict)
    assert verdict.startswith("Without labels or votes, which answers better is not known")
    assert "answer the same in 80 of 120 rows" in verdict
    assert "better on" not in verdict


def test_who_fails_at_once_is_out_and_the_others_go_on() -> None:
    gone = Place(failing(lambda: NotFound("No such model."), lambda _: True))
    made = run(several(a=Place(), b=gone), labels=LABELS)
    assert made["model a"].ok == 120
    assert made["model b"].wrong is not None
    assert made["model b"].wrong.error == "NotFound"
    assert "Only model a has answered" in str(made.verdict)
    assert len(gone.asked) <= 3


def test_all_failing_is_an_error_and_that_of_who_failed() -> None:
    gone = [Place(failing(lambda: NotFound("No such model."), lambda _: True)) for _ in range(2)]
    with pytest.raises(NotFound, match="No such model"):
        run(several(a=gone[0], b=gone[1]))


def test_a_row_that_fails_for_one_fails_for_that_one_only() -> None:
    odd = Place(failing(lambda: BadInput("Not this."), lambda text: text.startswith("text 7 ")))
    made = run(several(a=Place(), b=odd), labels=LABELS)
    assert [one.row for one in made["model b"].failures] == [7]
    assert made["model a"].failed == 0
    assert made.paired == 119
    assert {one.paired.difference.n for one in made.verdict.findings if one.paired.metric == "accuracy"} == {
        119
    }
    assert "119 by all" in str(made.verdict)


def test_a_server_that_is_busy_in_the_middle_is_asked_again() -> None:
    def busy(text: str, times: int) -> HfNbError | None:
        return Busy("503 for now.") if text.startswith("text 5") and times == 1 else None

    made = run(several(a=Place(), b=Place(busy)))
    assert (made["model b"].ok, made["model b"].failed) == (120, 0)


def test_all_rows_of_one_refused_leave_it_without_answers_and_the_others_whole() -> None:
    picky = Place(failing(lambda: BadInput("Too strange."), lambda _: True))
    made = run(several(a=Place(), b=picky), labels=LABELS)
    assert (made["model a"].ok, made["model b"].ok) == (120, 0)
    assert "model b gave no answer" in str(made.verdict)
    assert "Too strange" in str(made)


def test_stopped_it_returns_what_is_done_and_says_so() -> None:
    session = several(a=Place(), b=Place(pace=0.2))
    hold: list[Comparison] = []

    def seen(made: Comparison) -> None:
        if made["model a"].ok == 120 and not hold:
            hold.append(made)
            session.jobs.seen()[0].stopping.set()

    running = Running(BOTH, TEXTS, task=TASK, session=session, timed=0)
    made = running.run(seen)
    assert made.stopped
    assert made["model a"].ok == 120
    assert 0 < made["model b"].left <= 120
    assert session.jobs.seen()[0].state == "stopped"
    assert "Stopped" in str(made)


def test_one_that_is_stopped_alone_leaves_the_others_at_work() -> None:
    running = Running(BOTH, TEXTS, task=TASK, session=several(a=Place(), b=Place(pace=0.2)), timed=0)
    threading.Timer(0.3, running.stop, ["model b"]).start()
    made = running.run()
    assert not made.stopped
    assert made["model a"].ok == 120
    assert made["model b"].stopped


def test_what_was_written_down_is_not_asked_again(tmp_path: Path) -> None:
    first = Place(failing(lambda: Busy("Later."), lambda text: int(text.split()[1]) >= 60))
    a, again = Place(), Place()
    session = several(a=a, b=first)
    running = Running(BOTH, TEXTS, task=TASK, session=session, journal=tmp_path / "kept")
    threading.Timer(1.0, running.stop).start()
    before = running.run()
    assert before.stopped
    done = {at for at, one in enumerate(before["model b"].outputs) if one is not None}
    assert done
    whole = several(a=Place(), b=again)
    made = run(whole, journal=tmp_path / "kept")
    assert made["model b"].there == len(done)
    assert len(again.asked) == 120 - len(done)
    assert made["model b"].alone.keys() == made["model a"].alone.keys()  # seconds of before are kept too
    assert made.paired == 120


def test_a_fresh_run_asks_all_again(tmp_path: Path) -> None:
    run(several(a=Place(), b=Place()), journal=tmp_path)
    a = Place()
    assert run(several(a=a, b=Place()), journal=tmp_path)["model a"].there == 120
    assert not a.asked
    run(several(a=a, b=Place()), journal=tmp_path, fresh=True)
    assert len(a.asked) == 120


def test_a_budget_is_kept_with_what_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hf_nb.infer.numbers.cost", lambda *_: 0.01)
    a, b = Place(), Place()
    made = run(several(a=a, b=b), budget=0.8)
    spent = sum(one.cost or 0 for one in made.showings)
    assert spent == pytest.approx(0.01 * (len(a.asked) + len(b.asked)))
    assert 0.5 < spent <= 0.8
    assert made["model a"].left > 0
    assert "budget" in str(made)
    whole = run(several(a=Place(), b=Place()), budget=100.0)
    assert whole.paired == 120


def test_what_the_rest_will_take_is_told_before_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hf_nb.infer.numbers.cost", lambda *_: 0.01)
    made = run(several(a=Place(), b=Slow()))
    told = made.estimate
    assert told is not None
    assert told.rows == 120 - len(made[0].alone)
    assert told.dollars == pytest.approx(0.01 * 2 * told.rows)
    assert told.seconds is not None
    assert told.seconds > 0


def test_models_that_answer_otherwise_are_told_apart_and_not_compared() -> None:
    session = several(a=Place(), b=Place())
    odd = [BOTH[0], {**BOTH[1], "task": "feature-extraction"}]
    made = run(session, contenders=odd, inputs=TEXTS[:40])
    assert made["model b"].wrong is not None
    assert "vectors" in made["model b"].wrong.problem
    assert made["model a"].ok == 40


def test_labels_that_are_missing_leave_their_rows_out() -> None:
    some: list[Any] = [None if at % 2 else label for at, label in enumerate(LABELS)]
    made = run(several(a=Place(), b=Slow()), labels=some)
    assert made.scores["model a"].unlabelled == 60
    assert {one.paired.difference.n for one in made.verdict.findings if one.paired.metric == "accuracy"} == {
        60
    }


@pytest.mark.parametrize(
    ("inputs", "how", "said"),
    [
        ([], {}, "nothing to ask"),
        (None, {"labels": ["good"]}, "1 labels for 120 inputs"),
        (None, {"labels": "mood"}, "no column mood"),
        (None, {"slices": ["moon"]}, "no column moon"),
        (None, {"budget": -1}, "amount of dollars"),
    ],
)
def test_what_cannot_be_compared_is_told_before_anybody_is_asked(inputs: Any, how: Any, said: str) -> None:
    a = Place()
    with pytest.raises(BadInput, match=said):
        run(several(a=a, b=Place()), inputs=inputs, **how)
    assert not a.asked


def test_one_prompt_is_enough_and_says_nothing_it_cannot() -> None:
    made = run(several(a=Place(), b=Slow()), inputs="a bad text")
    assert made.rows == 1
    assert "differ" in str(made.verdict)
    assert not made.verdict.settled


def test_columns_of_a_table_are_inputs_labels_templates_and_slices() -> None:
    import pandas

    frame = pandas.DataFrame({"title": ["bad news", "news"] * 20, "body": TEXTS[:40], "mood": LABELS[:40]})
    templated = [BOTH[0], {**BOTH[1], "template": "{title}: {input}"}]
    b = Place()
    made = run(
        several(a=Place(), b=b), frame, templated, column="body", labels="mood", slices=["title", "length"]
    )
    assert made.labels == LABELS[:40]
    assert sorted(b.asked) == sorted(
        f"{title}: {body}" for title, body in zip(frame.title, frame.body, strict=True)
    )
    (parts,) = made.slices("title").values()
    assert {one.value for one in parts.all} == {"bad news", "news"}


def test_it_is_one_job_which_is_done_when_it_is() -> None:
    session = several(a=Place(), b=Place())
    run(session)
    (job,) = [one for one in session.jobs.seen() if one.kind == "compare"]
    assert (job.state, job.done, job.total) == ("done", 240, 240)
    assert len(session.jobs.seen()) == 1
