"""`pick`: the order, the reasons, what is left out and why."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import yaml
from safetensors.numpy import save

import hf_nb
from hf_nb import errors
from hf_nb.infer.pick import merits, results
from hf_nb.infer.pick.merits import Candidate
from hf_nb.offline.content import card
from hf_nb.plumbing import memory
from hf_nb.plumbing.session import Session
from hf_nb.values import Fit, Row
from hf_nb.values.info import Score

if TYPE_CHECKING:
    from tests.infer.conftest import Put

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
    assert found["a/a"].merit > found["c/c"].merit > found["b/b"].merit
    assert [(found[id].place, found[id].of) for id in ("a/a", "b/b", "c/c")] == [(1, 2), (2, 2), (0, 0)]
    assert found["c/c"].merit == merits.STATED
    assert found["d/d"] == merits.Result(merits.NOTHING)
    assert merits.compared(found) == (
        "Compared by accuracy on sst2, which 2 state; 1 state something else, which is not compared."
    )


def test_one_measure_alone_makes_the_order() -> None:
    """The best of two on one dataset is no better than the second of three on another."""
    some = [
        *(candidate(f"a/{value}", score(value / 10)) for value in (7, 8, 9)),
        *(candidate(f"b/{value}", score(value / 10, "imdb")) for value in (8, 9)),
    ]
    found = merits.results(some, TASK)
    assert [found[f"a/{value}"].place for value in (7, 8, 9)] == [3, 2, 1]
    assert {found[f"b/{value}"].merit for value in (8, 9)} == {merits.STATED}
    asked = merits.results(some, TASK, "IMDB")
    assert [asked[f"b/{value}"].place for value in (8, 9)] == [2, 1]
    assert {asked[f"a/{value}"].merit for value in (7, 8, 9)} == {merits.NOTHING}


def test_hundredths_and_shares_of_one_are_not_compared() -> None:
    some = [candidate("a/a", score(0.93)), candidate("b/b", score(91.2))]
    found = merits.results(some, TASK)
    assert {one.place for one in found.values()} == {0}
    assert "no two of them the same measure" in str(merits.compared(found))


def test_of_two_results_of_one_measure_the_verified_one_counts() -> None:
    some = [
        candidate("a/a", score(0.99), score(0.7, verified=True)),
        candidate("b/b", score(0.8)),
    ]
    found = merits.results(some, TASK)
    assert found["a/a"].place == 2
    assert "verified by the Hub" in merits.reasons(some[0], found["a/a"])[0]


def result(value: float, **more: Any) -> bytes:
    data = {"dataset": {"id": "hfnb-demo/bench", "task_id": "short"}, "value": value, **more}
    return json.dumps([data]).encode()


def test_results_in_a_repository_are_read_and_make_the_order(put: Put, session: Session) -> None:
    small = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    made = {"model_type": "bert", "architectures": ["BertForSequenceClassification"], **small}
    config = json.dumps(made).encode()
    front = b"---\npipeline_tag: text-classification\nlibrary_name: transformers\n---\n"
    source = {"source": {"url": "https://example.org/log", "name": "Example Lab"}}
    weights = save({"a": np.zeros((4, 4), dtype=np.float32)})
    for id, value in (("who/better", 0.81), ("who/worse", 0.44)):
        entry = result(value, **(source if value > 0.5 else {}))
        files = {"README.md": front, "config.json": config, "model.safetensors": weights}
        put(id, files | {".eval_results/bench.yaml": entry})
    session.settings.response_cache_minutes = 0  # the Hub holds more than it did
    found = hf_nb.pick(TASK, dataset="bench", session=session, limit=50)
    assert {"who/better", "who/worse"} <= set(found.ids), found.left_out
    better, worse = (next(one for one in found if one.id == id) for id in ("who/better", "who/worse"))
    assert better.score > worse.score
    assert better.reasons[0] == "states short 0.81 on hfnb-demo/bench, place 1 of 2 (by Example Lab)"
    assert worse.reasons[0] == "states short 0.44 on hfnb-demo/bench, place 2 of 2 (its author's word)"
    assert any("Compared by short on hfnb-demo/bench, which 2 state" in note for note in found.notes)
    assert "compare" in str(found).lower()


def test_results_that_are_none_leave_those_of_the_card(put: Put, session: Session) -> None:
    broken = {
        ".eval_results/a.yaml": b"- dataset: 7",
        ".eval_results/b.yaml": b"{[",
        ".eval_results/c.yaml": b"",
    }
    front = yaml.safe_dump(
        {"pipeline_tag": TASK, "model-index": card.results("x", TASK, "sst2", {"f1": 0.5})}
    )
    put("who/broken", {"README.md": f"---\n{front}---\n".encode(), **broken})
    assert [(one.metric, one.value) for one in results.of("who/broken", session)] == [("f1", 0.5)]


def test_a_dataset_nobody_names_is_said(session: Session) -> None:
    found = hf_nb.pick(TASK, dataset="no-such-benchmark", session=session)
    assert "None of them states a result on 'no-such-benchmark'." in found.notes
    assert {one.parts["result"] for one in found} == {merits.NOTHING}


def test_of_a_loss_less_is_better() -> None:
    some = [candidate("a/a", score(0.1, metric="loss")), candidate("b/b", score(0.5, metric="loss"))]
    found = merits.results(some, TASK)
    assert found["a/a"].merit > found["b/b"].merit


def test_a_result_that_is_no_number_counts_as_none() -> None:
    odd = candidate("a/a", score(float("nan")), score("very good"))  # type: ignore[arg-type]
    assert merits.results([odd], TASK)["a/a"] == merits.Result(merits.NOTHING)


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
