"""Rows whose answer is kept from before are not asked again, and it is said; a journal and they never disagree."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hf_nb import infer
from hf_nb.infer import backends, remembered
from hf_nb.infer.backends.local import Local
from hf_nb.infer.many import before
from hf_nb.plumbing.session import Session
from hf_nb.values import Batch

if TYPE_CHECKING:
    from hf_nb.offline.running import Running

MODEL, VECTORS = "hfnb-demo/sentiment-en", "hfnb-demo/minilm-embeddings"
TEXTS = [f"Room {number} was {'lovely' if number % 2 else 'awful'}." for number in range(60)]


@pytest.fixture(autouse=True)
def _answers_of_this_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_NB_ANSWERS_CACHE", "20000000")
    monkeypatch.setenv("HF_NB_CACHE_DIR", str(tmp_path / "kept"))
    monkeypatch.chdir(tmp_path)


def another() -> Session:
    """As in another kernel, but for the models in memory."""
    made, here = Session(), _loaded.setdefault("session", Session())
    made.backends["local"] = backends.find("local", here)
    return made


_loaded: dict[str, Session] = {}


@pytest.fixture
def passed(hub: Running, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What went through a model on this machine."""
    seen: list[Any] = []
    plainly = Local.several

    def several(self: Any, calls: Any, terms: Any) -> Any:
        for number, said in plainly(self, calls, terms):
            seen.append(calls[number].input)
            yield number, said

    monkeypatch.setattr(Local, "several", several)
    return seen


def run(texts: Any, session: Session | None = None, **how: Any) -> Batch:
    """In a session of its own, as another kernel's would be."""
    made = infer.batch(texts, **{"model": MODEL, "journal": False, **how}, session=session or another())
    assert isinstance(made, Batch)
    return made


def settled(session: Session) -> None:
    remembered.of(session).disk.flush()


def test_what_was_answered_before_is_not_asked_again_and_it_is_said(passed: list[Any]) -> None:
    first = another()
    whole = run(TEXTS, first)
    settled(first)
    assert (len(passed), whole.kept) == (60, 0)
    more = [*TEXTS[:40], *(f"{one} Again." for one in TEXTS[:20])]
    again = run(more)
    assert set(passed[60:]) == set(more[40:])
    assert again.kept == 40
    assert again.values[:40] == whole.values[:40]
    assert again.scores[:40] == pytest.approx(whole.scores[:40], abs=1e-6)
    assert "40 of 60 kept from before" in str(again)
    assert "40 of 60 kept from before" in again._repr_mimebundle_()["text/html"]
    assert again.to_dict()["kept"] == 40
    assert "kept from before" not in str(whole)


def test_a_single_question_and_a_row_are_the_same_question(passed: list[Any]) -> None:
    session = another()
    one: Any = infer.run(TEXTS[0], model=MODEL, session=session)
    made = run(TEXTS[:3], session)
    assert (made.kept, len(passed)) == (1, 2)
    assert made.values[0] == one.label
    other: Any = infer.run(TEXTS[1], model=MODEL, session=session)
    assert other.source.kept is not None
    (stat,) = infer.stats(session=session)
    assert stat.hits == 2


def test_fresh_asks_every_row_and_so_do_other_parameters(passed: list[Any]) -> None:
    session = another()
    run(TEXTS[:5], session)
    assert run(TEXTS[:5], session, fresh=True).kept == 0
    assert run(TEXTS[:5], session, params={"top_k": 1}).kept == 0
    assert len(passed) == 15
    assert run(TEXTS[:5], session).kept == 5


def test_rows_with_the_same_text_are_answered_with_the_one_that_was_kept(passed: list[Any]) -> None:
    session = another()
    run(TEXTS[:1], session)
    made = run([TEXTS[0], TEXTS[1], TEXTS[0], TEXTS[0]], session)
    assert (made.ok, made.kept, made.twice, len(passed)) == (4, 1, 2, 2)


def test_vectors_come_back_to_the_last_bit(passed: list[Any]) -> None:
    session = another()
    how: dict[str, Any] = {"model": VECTORS, "task": "feature-extraction"}
    first = run(TEXTS[:8], session, **how)
    again = run(TEXTS[:8], session, **how)
    assert again.kept == 8
    assert (first.vectors == again.vectors).all()


def test_bad_rows_stand_beside_kept_ones(passed: list[Any]) -> None:
    session = another()
    run(TEXTS[:3], session)
    made = run([TEXTS[0], None, TEXTS[2], ""], session)
    assert (made.ok, made.failed, made.kept) == (2, 2, 2)


def test_a_batch_fills_a_part_of_the_store_and_leaves_the_rest(
    passed: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    session = another()
    run(["What was here before."], session)
    session.settings.answers_cache = 60_000
    made = run([f"Text {number} of many." for number in range(200)], session)
    assert made.ok == 200
    entries = infer.answers(session=session).entries
    assert 10 < entries < 200
    other = another()
    assert run(["What was here before."], other).kept == 1
    again = run([f"Text {number} of many." for number in range(200)], other)
    assert again.kept > 0.5 * entries


def test_with_nothing_kept_every_row_is_asked(passed: list[Any]) -> None:
    session = another()
    session.settings.answers_cache = 0
    for _ in range(2):
        assert run(TEXTS[:3], session).kept == 0
    assert len(passed) == 6


def test_what_a_journal_holds_counts_before_what_is_kept(passed: list[Any], tmp_path: Path) -> None:
    session, journal = Session(), tmp_path / "journal.jsonl"
    run(TEXTS[:6], session, journal=journal)
    lines = journal.read_text().splitlines()
    journal.write_text("\n".join(lines[:4]) + "\n")  # three rows of six
    made = run(TEXTS[:6], session, journal=journal)
    assert (made.there, made.kept, made.ok, len(passed)) == (3, 3, 6, 6)
    rows = [json.loads(line)["row"] for line in journal.read_text().splitlines()[1:]]
    assert sorted(rows) == [*range(6)]  # what was kept is written down too: a kill finds it there


def test_a_fresh_run_goes_on_with_its_own_journal_alone_and_ends_with_it(
    passed: list[Any], tmp_path: Path
) -> None:
    session = another()
    run(TEXTS[:4], session, journal=True)
    for _ in range(2):
        made = run(TEXTS[:4], session, journal=True, fresh=True)
        assert (made.there, made.kept) == (0, 0)
    assert len(passed) == 12
    assert run(TEXTS[:4], session, journal=True).there == 4


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_killed_batch_finds_what_it_had_kept_without_any_journal(
    hub: Running, passed: list[Any], tmp_path: Path
) -> None:
    texts = [f"A note about room {number}." for number in range(1_200)]
    line = (
        "import json, sys, hf_nb\n"
        f"hf_nb.infer.batch(json.loads(sys.stdin.read()), model={MODEL!r}, journal=False)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", line],
        env={**os.environ, **hub.environment, "HF_NB_CACHE_DIR": str(tmp_path / "kept")},
        cwd=Path(__file__).parents[3],
        stdin=subprocess.PIPE,
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(texts).encode())
    process.stdin.close()
    until = time.monotonic() + 200
    session = another()
    while infer.answers(session=session).entries < 32:
        assert time.monotonic() < until
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait(30)
    made = run(texts, session)
    assert made.ok == 1_200
    assert made.kept >= 32
    assert len(passed) == 1_200 - made.kept  # each that was not on the disk, once


def test_what_is_sent_away_masked_is_neither_looked_for_nor_kept(
    hub: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hf_nb.infer.call import Target
    from hf_nb.infer.choose import Choice, Wish
    from hf_nb.infer.many.choice import Chosen
    from hf_nb.infer.many.rows import Row
    from hf_nb.infer.shapes import Tally
    from hf_nb.tasks import TASKS

    target = Target("hf/somebody", "owner/model", "c0ffee")
    task = TASKS["text-classification"]
    chosen = Chosen(Choice(task.name, (target,), ""), task, {}, ((target,),))
    session = another()
    one = before.Before(chosen, Wish("owner/model", mask=True), session)
    said = Tally(output=[{"label": "a", "score": 1.0}], finish="stop", parts=1)
    rows = [Row(0, "Write to ann@example.org", "a"), Row(1, "Write to nobody", "b")]
    assert one.find(rows) == {}
    for row in rows:
        one.keep(row, said, target)
    one.flush()
    assert set(one.find(rows)) == {1}
