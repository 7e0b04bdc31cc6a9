"""Many rows from the panel: where they come from, the verdict as it comes, rows, slices, votes, what is taken along."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hf_nb.panels.compare import study
from tests.infer.remote.served import Served
from tests.panels.asking import Going, Page, until
from tests.panels.shapes import fits

WHO = [
    {"name": "plain", "model": "echo", "provider": "box", "task": "chat"},
    {"name": "loud", "model": "echo", "provider": "box", "task": "chat", "template": "{input} again"},
]
LINES = {"kind": "lines", "text": "one\tYou said: one\ntwo\tYou said: two again\nthree\tYou said: three\n"}


def ran(page: Page, **how: Any) -> tuple[dict[str, Any], Going]:
    going = page.begin("compare.rows", **{"contenders": WHO, "given": LINES, **how})
    done = going.answer()
    fits("compare", "Done", done)
    for event in going.events:
        fits("compare", "Progress", event)
    return done, going


def test_rows_are_answered_judged_and_paged(page: Page):
    done, going = ran(page)
    assert done["rows"] == 3
    assert done["differ"] == 3
    assert "plain" in done["verdict"]
    plain, loud = done["lines"]
    assert (plain["name"], plain["ok"], loud["ok"]) == ("plain", 3, 3)
    exact = {one["name"]: one["scores"][0]["value"] for one in done["lines"]}
    assert exact == {"plain": pytest.approx(2 / 3), "loud": pytest.approx(1 / 3)}
    assert plain["scores"][0]["low"] < 2 / 3 < plain["scores"][0]["high"]
    assert going.events[-1]["done"] == going.events[-1]["total"] == 6
    found = page.ask("compare.page", run=done["run"])
    fits("compare", "Page", found)
    assert found["total"] == 3
    first = found["rows"][0]
    assert (first["input"], first["label"]) == ("one", "You said: one")
    assert [one["answer"]["text"] for one in first["answers"]] == ["You said: one", "You said: one again"]
    assert [one["worth"] for one in first["answers"]] == [1, 0]
    whole = page.ask("compare.row", run=done["run"], row=1)
    fits("compare", "Row", whole)
    assert [one["worth"] for one in whole["answers"]] == [0, 1]
    assert whole["answers"][0]["seconds"] > 0, "of few rows each is asked alone"


def test_only_rows_that_differ_and_only_failures_are_shown(page: Page):
    who = [WHO[0], {"name": "other", "model": "whole", "provider": "box", "task": "chat"}]
    text = {"kind": "lines", "text": "a\nb\nc"}
    done, _ = ran(page, contenders=who, given=text)
    for only, total in (("all", 3), ("differ", 0), ("failures", 0)):
        assert page.ask("compare.page", run=done["run"], only=only)["total"] == total
    assert done["verdict"].startswith("Without labels")


def test_a_contender_that_fails_does_not_stop_the_other(page: Page):
    done, _ = ran(
        page, contenders=[WHO[0], {"name": "shut", "model": "no-key", "provider": "box", "task": "chat"}]
    )
    assert [one["ok"] for one in done["lines"]] == [3, 0]
    assert done["lines"][1]["wrong"]["message"]
    assert "shut gave no answer" in done["verdict"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"kind": "lines", "text": " \n "}, "nothing to ask"),
        ({"kind": "variable", "name": "nothing"}, "no variable"),
        ({"kind": "elsewhere"}, "No rows are named"),
        ({"kind": "lines", "text": "a", "limit": 0}, "from 1"),
        ({"kind": "dataset", "id": ""}, "No dataset"),
        ({"kind": "variable", "name": "x", "column": 5}, "the name of one"),
    ],
)
def test_rows_that_cannot_be_read_are_refused(
    given: dict[str, Any], says: str, page: Page, names: dict[str, Any]
):
    assert says in page.refused("compare.rows", contenders=WHO, given=given)["message"]


def test_variables_with_rows_are_offered_with_their_likely_columns(page: Page, names: dict[str, Any]):
    pandas = pytest.importorskip("pandas")
    names |= {
        "frame": pandas.DataFrame({"id": [1], "sentence": ["a"], "label": ["x"]}),
        "texts": ["a", "b"],
        "rows": [{"text": "a", "target": 1}],
        "number": 5,
        "numbers": [1, 2],
        "_hidden": ["a"],
        "made": {"text": ["a", "b"]},
        "kind": pandas.DataFrame,
    }
    found = page.ask("compare.inputs")
    fits("compare", "Variables", found)
    assert {one["name"]: one["rows"] for one in found["variables"]} == {
        "frame": 1,
        "texts": 2,
        "rows": 1,
        "made": 2,
    }
    columns = page.ask("compare.columns", given={"kind": "variable", "name": "frame"})
    fits("compare", "Columns", columns)
    assert (columns["column"], columns["labels"]) == ("sentence", "label")


def test_a_frame_is_compared_by_its_columns_and_taken_along(
    page: Page, names: dict[str, Any], tmp_path: Path
):
    pandas = pytest.importorskip("pandas")
    names["df"] = pandas.DataFrame({"text": ["one", "two"], "label": ["You said: one", "no"]})
    done, _ = ran(page, given={"kind": "variable", "name": "df", "column": "text", "labels": "label"})
    assert "inputs=df" in done["code"]["python"]
    assert done["code"]["magic"].endswith("--column text --labels label $df")
    taken = page.ask("compare.take", run=done["run"], name="compared")
    fits("compare", "Taken", taken)
    assert names["compared"]["plain"].tolist() == ["You said: one", "You said: two"]
    assert page.ask("compare.take", run=done["run"], name="compared", what="comparison")["replaced"]
    assert names["compared"].names == ("plain", "loud")
    for what, path in (("lines", "c.jsonl"), ("report", "c.html")):
        saved = page.ask("compare.save", run=done["run"], path=path, what=what)
        fits("compare", "Saved", saved)
        assert (tmp_path / path).stat().st_size == saved["bytes"] > 200
        assert page.refused("compare.save", run=done["run"], path=path, what=what)["type"] in (
            "Refused",
            "BadInput",
        )
    head = json.loads((tmp_path / "c.jsonl").read_text().splitlines()[0])
    assert [one["name"] for one in head["contenders"]] == ["plain", "loud"]


def test_pairs_of_its_rows_are_voted_on_once_each_and_become_pairs_to_train_on(page: Page, tmp_path: Path):
    done, _ = ran(page)
    seen = set()
    for _ in range(3):
        answer = page.ask("compare.next", run=done["run"])
        fits("compare", "Blind", answer)
        seen.add(answer["pair"]["row"])
        page.ask("compare.vote", pair=answer["pair"]["id"], outcome="left")
    assert seen == {0, 1, 2}
    assert page.ask("compare.next", run=done["run"])["pair"] is None
    made = study.find(done["run"]).so_far()
    assert sorted(one.item for one in made.votes) == [0, 1, 2]
    page.ask("compare.save", run=done["run"], path="pairs.jsonl", what="pairs")
    assert len((tmp_path / "pairs.jsonl").read_text().splitlines()) == 3
    again, _ = ran(page)  # as after a restart: the votes on these rows are known
    assert page.ask("compare.next", run=again["run"])["pair"] is None
    state = page.ask("compare.state", run=again["run"])
    fits("compare", "Standing", state)


def test_slices_of_the_rows_are_told(page: Page):
    lines = [
        f"{'word ' * (at % 3 * 10 + 1)}{at}\tYou said: {'word ' * (at % 3 * 10 + 1)}{at}" for at in range(30)
    ]
    done, _ = ran(page, given={"kind": "lines", "text": "\n".join(lines)})
    found = page.ask("compare.slices", run=done["run"], names=["length"])
    fits("compare", "Slices", found)
    (pair,) = found["pairs"]
    assert {one["column"] for one in pair["slices"]} == {"length"}
    assert sum(one["n"] for one in pair["slices"]) == 30


def test_what_is_long_waits_for_a_word_and_a_no_keeps_what_came(
    page: Page, monkeypatch: pytest.MonkeyPatch, served: Served
):
    monkeypatch.setattr(study, "LONG", 0.0)
    text = {"kind": "lines", "text": "\n".join(f"row {at}" for at in range(40))}
    going = page.begin("compare.rows", contenders=WHO, given=text)
    while not going.event()["asks"]:
        pass
    asked = going.events[-1]
    fits("compare", "Progress", asked)
    alone = asked["done"] // 2
    assert 0 < alone < 40
    assert asked["asks"]["rows"] == 40 - alone, "some were asked alone, and say what the rest takes"
    page.ask("compare.stop", run=asked["run"])
    done = going.answer()
    assert done["stopped"]
    assert [one["ok"] for one in done["lines"]] == [alone, alone]
    again = page.begin("compare.rows", contenders=WHO, given=text)
    while not again.event()["asks"]:
        pass
    page.ask("compare.agree", run=again.events[-1]["run"])
    assert [one["ok"] for one in again.answer()["lines"]] == [40, 40]
    assert not page.begin("compare.rows", contenders=WHO, given=text, agreed=True).answer()["stopped"]


def test_a_page_that_goes_away_stops_the_work(page: Page, served: Served):
    who = [
        {"name": one, "model": "stalled", "provider": "box", "task": "chat", "template": f"{one} {{input}}"}
        for one in "ab"
    ]
    going = page.begin("compare.rows", contenders=who, given={"kind": "lines", "text": "a\nb"})
    going.event()
    until(lambda: served.busy > 0)
    going.cancel()
    assert served.idle(5)
    until(lambda: page.desk.idle)


def test_a_run_that_is_gone_says_so(page: Page):
    for op in ("page", "state", "next"):
        assert page.refused(f"compare.{op}", run="c999999")["type"] == "NotFound"


def test_every_kind_of_answer_can_be_read_in_a_table():
    """The kinds of answers a row may have are all drawn as text or labels."""
    from hf_nb.panels.compare.table import answer

    assert answer("labels", [("b", 0.2), ("a", 0.8)], 50)["text"] == "a"
    assert answer("text", "x" * 100, 50)["text"] == "x" * 50
    assert answer("vectors", [0.125, 1.0], 50)["text"] == "0.125, 1"
    spans = [{"entity_group": "PER", "word": "Ann", "score": 0.5, "start": 0, "end": 3}]
    assert answer("spans", spans, 50)["text"] == "PER Ann"
