"""A batch over places that are made up: every row once, bad rows beside good ones, places that fail, stop, go on."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hf_nb import infer
from hf_nb.errors import (
    BadInput,
    Broken,
    Busy,
    HfNbError,
    RateLimited,
    Refused,
    TooLarge,
    Unauthorized,
    Unreachable,
)
from hf_nb.infer.many.choice import chosen
from hf_nb.infer.many.journal import Journal
from hf_nb.plumbing.session import Session
from hf_nb.values import Batch
from tests.infer.many.places import Place, Whole, expected, several, targets

TEXTS = [f"text {number} {'bad' if number % 3 == 0 else ''}" for number in range(120)]
MODEL = {"model_type": "bert", "architectures": ["BertForSequenceClassification"]}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("hf_nb.infer.policies.waits.FIRST", 0.01)


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """A model's folder: nobody is asked what it is for."""
    import json

    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "config.json").write_text(json.dumps(MODEL))
    (tmp_path / "model" / "tokenizer.json").write_text("{}")
    (tmp_path / "model" / "model.safetensors").write_bytes(b"\x02\0\0\0\0\0\0\0{}")
    return str(tmp_path / "model")


def local(place: Place, folder: str, inputs: Any = None, **how: Any) -> Batch:
    """All of it by one place that stands for this machine."""
    made = infer.batch(
        TEXTS if inputs is None else inputs,
        model=folder,
        task="text-classification",
        provider="local",
        session=several(local=place),
        **how,
    )
    assert isinstance(made, Batch)
    return made


def spread(inputs: Any = None, **places: Place) -> tuple[Batch, Session]:
    session = several(**places)
    made = infer.batch(TEXTS if inputs is None else inputs, session=session, **targets(*places))
    assert isinstance(made, Batch)
    return made, session


def right(made: Batch, texts: list[str] = TEXTS) -> bool:
    return made.values == [expected(one) for one in texts]


def test_every_row_has_its_own_answer_in_its_own_place(folder: str) -> None:
    made = local(Whole(), folder)
    assert right(made)
    assert (made.rows, made.ok, made.failed, made.left) == (120, 120, 0, 0)


def test_bad_rows_stand_beside_good_ones_and_say_why(folder: str) -> None:
    made = local(Whole(), folder, ["a", None, "bad", "", "half \ud800", 3])
    assert made.values == ["good", None, "bad", None, None, None]
    assert [one.row for one in made.failures] == [1, 3, 4, 5]
    assert all(one.error == "BadInput" and one.problem for one in made.failures)
    assert made.rows == made.ok + made.failed


def test_they_are_counted_in_the_numbers_of_the_session(folder: str) -> None:
    session = several(local=Whole())
    infer.batch(TEXTS, model=folder, task="text-classification", provider="local", session=session)
    (row,) = infer.stats(session=session)
    assert (row.method, row.answers) == ("local", 120)


def test_no_rows_are_no_rows(folder: str) -> None:
    made = local(Whole(), folder, [])
    assert (made.rows, made.values, len(made)) == (0, [], 0)
    assert "0 rows" in str(made)


def test_only_bad_rows_load_no_model(folder: str) -> None:
    place = Whole()
    made = local(place, folder, [None, "", None])
    assert (made.failed, place.asked) == (3, [])


def test_equal_inputs_are_asked_once_and_answered_each(folder: str) -> None:
    place = Whole()
    made = local(place, folder, ["a", "bad", "a", "a", "bad"] * 40)
    assert sorted(place.asked) == ["a", "bad"]
    assert made.values == ["good", "bad", "good", "good", "bad"] * 40
    assert made.twice == 198


def test_a_row_that_breaks_a_pass_takes_nobody_with_it(folder: str) -> None:
    poison = {TEXTS[7], TEXTS[70], TEXTS[119]}
    place = Whole(passes=lambda text, _: Broken("The model failed: boom.") if text in poison else None)
    made = local(place, folder)
    assert [one.row for one in made.failures] == [7, 70, 119]
    assert all("boom" in one.problem for one in made.failures)
    assert len(place.groups) < 60  # halved, not one by one
    assert [one for at, one in enumerate(made.values) if at not in (7, 70, 119)] == [
        expected(one) for at, one in enumerate(TEXTS) if at not in (7, 70, 119)
    ]


def test_a_poisoned_first_row_does_not_stop_the_others(folder: str) -> None:
    place = Whole(passes=lambda text, _: Broken("boom.") if text in TEXTS[:2] else None)
    made = local(place, folder)
    assert [one.row for one in made.failures] == [0, 1]
    assert made.ok == 118


def test_what_is_wrong_with_the_model_is_said_once_and_not_of_every_row(folder: str) -> None:
    place = Whole(passes=lambda *_: BadInput("This model cannot classify."))
    with pytest.raises(BadInput, match="cannot classify"):
        local(place, folder)
    assert len(place.groups) <= 5


def test_what_is_refused_to_every_row_is_raised_too(folder: str) -> None:
    place = Whole(says=lambda *_: BadInput("No such parameter."))
    with pytest.raises(BadInput, match="No such parameter"):
        local(place, folder, [f"text {number}" for number in range(500)])
    assert len(place.asked) <= 64


def test_an_iterator_without_a_length_is_enough(folder: str) -> None:
    made = local(Whole(), folder, (one for one in TEXTS))
    assert right(made)
    assert made[3].input == TEXTS[3]


def test_rows_that_come_slowly_are_written_down_while_others_are_waited_for(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hf_nb.infer.many.journal.EVERY", 0.0)
    kept = tmp_path / "kept.jsonl"

    def rows() -> Iterator[str]:
        for number in range(200):
            time.sleep(0.01)
            if kept.exists() and '"answer"' in kept.read_text():
                return
            yield f"row {number}"
        yield ""

    made = local(Whole(), folder, rows(), journal=kept)
    assert made.failed == 0, "nothing was written down before the last row was read"


def test_rows_that_cannot_be_read_any_more_leave_those_before(folder: str) -> None:
    def rows() -> Any:
        yield from TEXTS[:100]
        raise OSError("the disk is gone")

    made = local(Whole(), folder, rows())
    assert made.ok == 100
    assert "the disk is gone" in made.notes[-1]


def test_neither_task_nor_model_is_asked_for() -> None:
    with pytest.raises(BadInput, match="Which task, or which model"):
        infer.batch(["a"], session=Session())


def test_a_wrong_parameter_is_refused_before_anything_is_asked(folder: str) -> None:
    place = Whole()
    with pytest.raises(BadInput, match="no parameter topk"):
        local(place, folder, params={"topk": 1})
    assert not place.asked


def test_a_substitute_for_vectors_is_refused(folder: str) -> None:
    with pytest.raises(BadInput, match="must not meet"):
        infer.batch(["a"], task="feature-extraction", provider="hashing", fallback=["x/y"], session=Session())


# -- several places


def test_rows_go_to_all_places_and_none_is_lost_or_asked_twice() -> None:
    one, other = Place(pace=0.002), Place(pace=0.002)
    made, _ = spread(a=one, b=other)
    assert right(made)
    assert one.asked
    assert other.asked
    assert sorted(one.asked + other.asked) == sorted(TEXTS)
    assert sum(made.served.values()) == 120


def test_the_faster_place_answers_more() -> None:
    slow, fast = Place(pace=0.05), Place(pace=0.002)
    made, _ = spread(slow=slow, fast=fast)
    assert right(made)
    assert made.served["fast"] > 3 * made.served["slow"]


def test_a_place_that_dies_gives_its_rows_back() -> None:
    dead = Place(lambda *_: Unreachable("No connection."))
    alive = Place(pace=0.002)
    made, _ = spread(dead=dead, alive=alive)
    assert right(made)
    assert made.served == {"alive": 120}
    assert len(dead.asked) <= 12


def test_a_place_that_may_not_be_asked_is_out_at_once() -> None:
    shut = Place(lambda *_: Unauthorized("No access."))
    made, _ = spread(shut=shut, open=Place(pace=0.002))
    assert right(made)
    assert len(shut.asked) <= 4


def test_a_place_that_was_refused_before_the_batch_is_not_waited_for() -> None:
    here = several(a=Place(lambda *_: Unauthorized("There is no token.", "%hf login")))
    for _ in range(2):
        with pytest.raises(HfNbError, match="no token"):
            infer.batch(["one"], **targets("a"), journal=False, session=here)


def test_a_limited_place_pauses_and_nobody_else_does() -> None:
    free = Place(pace=0.001)
    limited = Place(lambda *_: RateLimited("Too often.", after=300))
    made, session = spread(limited=limited, free=free)
    assert right(made)
    assert made.seconds < 60
    assert len(limited.asked) <= 4
    assert session.settings.batch_at_once == 4


def test_a_server_that_hiccups_is_asked_again_and_loses_nothing() -> None:
    flaky = Place(lambda text, time: Busy("Overloaded.") if time == 1 and "7 " in text else None)
    made, _ = spread(flaky=flaky)
    assert right(made)


def test_a_row_that_one_place_cannot_do_fails_alone() -> None:
    bad = TEXTS[5]
    made, _ = spread(a=Place(lambda text, _: TooLarge("Too long.") if text == bad else None), b=Place())
    assert made.failed <= 1
    assert made.ok + made.failed == 120


def test_when_all_are_gone_what_was_answered_stays_and_the_rest_can_be_asked_again() -> None:
    gone = threading.Event()

    def says(text: str, _: int) -> Any:
        return Unauthorized("The key was taken back.") if gone.is_set() else None

    place = Place(says)
    session = several(a=place)

    def rows() -> Any:
        yield from TEXTS[:80]
        place.answered.wait(30)
        gone.set()
        yield from TEXTS[80:]

    made = infer.batch(rows(), session=session, **targets("a"))
    assert isinstance(made, Batch)
    assert 0 < made.ok < 120
    assert made.ok + made.failed == made.rows
    assert any("taken back" in one for one in made.notes)
    assert all(one.passing for one in made.failures)


def test_rows_that_were_not_reached_when_all_are_gone_fail_too_and_none_is_lost() -> None:
    rows = [f"row {number}" for number in range(10_000)]
    place = Place(lambda *_: Unauthorized("The key was taken back.") if len(place.asked) > 20 else None)
    made, _ = spread(rows, a=place)
    assert made.rows == 10_000
    assert 0 < made.ok <= 20
    assert made.ok + made.failed == 10_000
    assert not made.stopped
    assert len(made.to_pandas()) == 10_000
    assert all(one.passing for one in made.failures)


def test_a_row_that_may_not_be_sent_fails_alone() -> None:
    place = Place(lambda text, _: Refused("This holds a key.", found=["key"]) if text == TEXTS[60] else None)
    made, _ = spread(a=place)
    assert [one.row for one in made.failures] == [60]
    assert made.ok == 119


def test_nobody_left_and_nothing_answered_is_the_error_itself() -> None:
    with pytest.raises(Unauthorized):
        spread(a=Place(lambda *_: Unauthorized("No access.")), b=Place(lambda *_: Unauthorized("No access.")))


def test_failed_rows_are_asked_again_alone_and_the_others_are_kept() -> None:
    place = Place(lambda text, time: TooLarge("Too long today.") if "7" in text and time == 1 else None)
    made, _ = spread(a=place)
    assert made.failed
    before = len(place.asked)
    again = made.again()
    assert right(again)
    assert len(place.asked) - before == made.failed


# -- stopped


def test_the_stop_button_returns_what_is_done_and_it_goes_on_from_there() -> None:
    place = Place()
    session = several(a=place)

    def rows() -> Any:
        yield from TEXTS[:80]
        assert place.answered.wait(30)
        raise KeyboardInterrupt

    made = infer.batch(rows(), session=session, **targets("a"))
    assert isinstance(made, Batch)
    assert made.stopped
    assert made.rows == made.ok + made.failed + made.left
    assert made.ok
    assert "not reached" in str(made) or not made.left
    job = session.jobs.seen()[0]
    assert (job.kind, job.state) == ("batch", "stopped")


def test_it_is_a_job_that_can_be_stopped_from_elsewhere() -> None:
    place = Place()
    place.hold = threading.Event()
    session = several(a=place)
    found: list[Any] = []
    thread = threading.Thread(
        target=lambda: found.append(infer.batch(TEXTS, session=session, **targets("a")))
    )
    thread.start()
    while not place.asked:
        thread.join(0.01)
    (job,) = session.jobs.seen()
    assert (job.kind, job.total) == ("batch", 120)
    session.jobs.stop(job.id, 30)
    thread.join(30)
    assert found[0].stopped
    assert found[0].left == 120
    assert not [one for one in threading.enumerate() if one.name == "hf_nb a"]  # nobody works on
    place.hold.set()
    place.hold = None
    assert right(found[0].again())
    place.asked.clear()
    assert job.again is not None
    assert right(job.again()), "the job repeated asks for all of its rows"
    assert sorted(place.asked) == sorted(TEXTS)


# -- written down


def test_the_same_call_finds_what_was_done_and_asks_only_for_the_rest(tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    place = Place()
    first = infer.batch(TEXTS[:50], session=several(a=place), journal=kept, **targets("a"))
    whole = infer.batch(TEXTS, session=several(a=place), journal=kept, **targets("a"))
    assert isinstance(first, Batch)
    assert isinstance(whole, Batch)
    assert right(whole)
    assert whole.there == 50
    assert sorted(place.asked) == sorted(TEXTS)
    assert "50 of 120 rows were there." in whole.notes


def test_a_changed_row_is_asked_again_and_passing_failures_too(tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    down = {"b": True}
    place = Place(lambda text, _: Busy("Overloaded.") if text == "b" and down["b"] else None)
    how: dict[str, Any] = {"journal": kept, **targets("a")}
    first = infer.batch(["a", "b", None], session=several(a=place), **how)
    assert isinstance(first, Batch)
    assert [one.error for one in first.failures] == ["Busy", "BadInput"]
    down["b"] = False
    place.asked.clear()
    again = infer.batch(["a!", "b", None], session=several(a=place), **how)
    assert isinstance(again, Batch)
    assert again.values == ["good", "good", None]
    assert sorted(place.asked) == ["a!", "b"]


def test_a_short_batch_leaves_no_file_behind_and_journal_true_does(folder: str, tmp_path: Path) -> None:
    local(Whole(), folder)
    assert not (tmp_path / ".hf_nb").exists()
    local(Whole(), folder, journal=True)
    (kept,) = (tmp_path / ".hf_nb" / "batches").glob("*.jsonl")
    assert len(kept.read_text().splitlines()) == 121
    local(Whole(), folder, TEXTS[:20], journal=True)
    assert len([*kept.parent.glob("*.jsonl")]) == 2


def test_one_that_takes_long_is_written_down_by_itself_from_its_first_row(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hf_nb.infer.many.batch.JOURNAL_AFTER", 0.0)
    made = local(Whole(), folder)
    (kept,) = (tmp_path / ".hf_nb" / "batches").glob("*.jsonl")
    assert right(made)
    assert len(kept.read_text().splitlines()) == 121
    again = local(Whole(), folder)
    assert again.there == 120


def test_what_failed_for_want_of_room_is_asked_again_and_by_again_all_that_failed(tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    full = {"b": True}

    def says(text: str, _: int) -> HfNbError | None:
        return TooLarge("No room today.") if text == "b" and full["b"] else None

    place = Place(says)
    made = infer.batch(["a", "b", None], session=several(a=place), journal=kept, **targets("a"))
    assert isinstance(made, Batch)
    assert made.failed == 2
    full["b"] = False
    place.asked.clear()
    again = made.again()
    assert again.values == ["good", "good", None]
    assert place.asked == ["b"]


def test_what_another_model_answered_is_no_answer_of_this_one_another_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept.jsonl"

    def by_another(*given: Any) -> Any:
        found = chosen(*given)
        tiers = tuple(tuple(replace(one, equal=False) for one in tier) for tier in found.tiers)
        return replace(found, tiers=tiers)

    with monkeypatch.context() as patched:
        patched.setattr("hf_nb.infer.many.batch.chosen", by_another)
        first = infer.batch(["a", "b", "b"], session=several(a=Place()), journal=kept, **targets("a"))
    assert isinstance(first, Batch)
    assert first.ok == 3
    assert first.source.substitute
    second = infer.batch(["a", "b", "b"], session=several(a=Place()), journal=kept, **targets("a"))
    assert isinstance(second, Batch)
    assert second.there == 0
    assert not second.source.substitute


def test_a_journal_that_another_run_holds_stops_only_a_run_that_asked_for_it(
    folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(_: Journal) -> None:
        raise Busy("Another process is at this very batch.")

    monkeypatch.setattr(Journal, "open", held)
    monkeypatch.setattr("hf_nb.infer.many.batch.JOURNAL_AFTER", 0.0)
    made = local(Whole(), folder)
    assert right(made)
    assert any("Not written down" in one for one in made.notes)
    with pytest.raises(Busy):
        local(Whole(), folder, journal=True)
