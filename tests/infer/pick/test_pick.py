"""`pick`: the order, the reasons, what is left out and why."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

import hf_nb
from hf_nb import errors
from hf_nb.infer.pick import merits
from hf_nb.infer.pick.merits import Candidate
from hf_nb.plumbing import memory
from hf_nb.plumbing.session import Session
from hf_nb.values import Fit, Row
from hf_nb.values.info import Score

TASK = "text-classification"
GOOD, WORSE = "hfnb-demo/topic-en", "hfnb-demo/sentiment-en"


@pytest.fixture
def session(hub: Any) -> Session:
    return Session()


def candidate(id: str, *scores: Score, **known: Any) -> Candidate:
    return Candidate(Row("model", id, **known), Fit(id, "fits", ""), scores)


def score(value: float, dataset: str = "sst2", metric: str = "accuracy", **more: Any) -> Score:
    return Score(TASK, dataset, metric, value, **more)


def test_each_pick_says_why_and_each_that_is_not_there_why_not(session: Session) -> None:
    found = hf_nb.pick(TASK, session=session)
    assert found.ids
    assert all(one.reasons for one in found)
    assert sorted((one.score for one in found), reverse=True) == [one.score for one in found]
    out = dict(found.left_out)
    assert out["hfnb-lab/sentiment-de"].startswith("gated")
    assert found.looked == len(found) + len(out)
    assert "Left out:" in str(found)
    assert all(one.id in found.to_pandas()["id"].tolist() for one in found)


def test_the_same_question_has_the_same_answer(session: Session) -> None:
    """But for how fast this machine is just now."""
    ask: dict[str, Any] = {"language": "en", "session": session}
    first, again = (hf_nb.pick(TASK, **ask) for _ in range(2))
    without = [{name: one.parts[name] for name in ("result", "use", "age")} for one in first]
    assert without == [{name: one.parts[name] for name in ("result", "use", "age")} for one in again]
    assert first.left_out == again.left_out


def test_what_was_asked_for_is_kept_to(session: Session) -> None:
    french = hf_nb.pick(TASK, language="fr", session=session)
    assert french.ids == ["hfnb-demo/sentiment-fr"]
    assert hf_nb.pick(TASK, licence="mit", session=session).ids == ["hfnb-demo/sentiment-fr"]
    assert len(hf_nb.pick(TASK, limit=1, session=session)) == 1


def test_where_nothing_keeps_to_it_the_reasons_are_all_there_is(session: Session) -> None:
    small = hf_nb.pick(TASK, memory="1MB", session=session)
    assert not small.rows
    assert "more than 1.0 MB" in dict(small.left_out)[GOOD]
    quick = hf_nb.pick(TASK, seconds=1e-9, session=session)
    assert not quick.rows
    assert "longer than" in dict(quick.left_out)[GOOD]
    assert "No model for" in str(quick)


def test_a_machine_with_little_memory_takes_none(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_machine", lambda: 10_000_000)
    assert not hf_nb.pick(TASK, session=session).rows


@pytest.mark.parametrize("wrong", [{"limit": 0}, {"limit": 51}, {"seconds": -1}, {"memory": "much"}])
def test_what_makes_no_sense_is_refused(session: Session, wrong: dict[str, Any]) -> None:
    with pytest.raises(errors.BadInput):
        hf_nb.pick(TASK, session=session, **wrong)
    with pytest.raises(errors.BadInput):
        hf_nb.pick("telling-fortunes", session=session)


def test_results_are_compared_where_they_measure_the_same() -> None:
    some = [
        candidate("a/a", score(0.9)),
        candidate("b/b", score(0.8)),
        candidate("c/c", score(0.99, "another")),
        candidate("d/d"),
    ]
    found = merits.results(some, TASK)
    assert found["a/a"][0] > found["b/b"][0]
    assert found["a/a"][2] == found["b/b"][2] == 1
    assert found["c/c"][0] == merits.STATED
    assert found["d/d"] == (merits.NOTHING, None, 0)


def test_of_a_loss_less_is_better() -> None:
    some = [candidate("a/a", score(0.1, metric="loss")), candidate("b/b", score(0.5, metric="loss"))]
    found = merits.results(some, TASK)
    assert found["a/a"][0] > found["b/b"][0]


def test_a_result_that_is_no_number_counts_as_none() -> None:
    odd = candidate("a/a", score(float("nan")), score("very good"))  # type: ignore[arg-type]
    assert merits.results([odd], TASK)["a/a"] == (merits.NOTHING, None, 0)


def test_whose_word_a_result_is_is_said() -> None:
    assert merits.by(score(0.9, verified=True)) == "verified by the Hub"
    assert merits.by(score(0.9, source="a leaderboard")) == "by a leaderboard"
    assert merits.by(score(0.9)) == "its author's word"


def test_use_speed_and_age_are_shares() -> None:
    now = datetime(2026, 6, 1, tzinfo=UTC)
    assert merits.use(Row("model", "a/a", downloads=10**9)) == 1.0
    assert merits.use(Row("model", "a/a")) == 0.0
    assert merits.speed(0.001) == 1.0
    assert merits.speed(1e4) == 0.0
    assert merits.age(datetime(2026, 5, 1, tzinfo=UTC), now) == 1.0
    assert merits.age(datetime(2019, 5, 1, tzinfo=UTC), now) == 0.0
    assert merits.age(datetime(2024, 5, 1), now) == pytest.approx(0.55, abs=0.1)  # noqa: DTZ001 -- a card without a zone
