"""A comparison written down: read back whole, as a frame, as pairs for training, as a page that does nothing."""

from __future__ import annotations

import json
from array import array
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from hf_nb import compare, render
from hf_nb.compare.judge import judged
from hf_nb.errors import BadInput, NotFound
from hf_nb.values import Comparison, Contender, FailedRow, Showing, Source

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)> $x^2$ \x1b[31m"
WHO = ("text-generation", "local")


def showing(name: str, outputs: list[Any], **how: Any) -> Showing:
    who = Contender(
        name, f"owner/{name}", "text-generation", params={"seed": 1}, template="Say {input}", **how
    )
    source = Source(who.model, "2" * 40, "local", "named", 0.5, "cpu", "text-generation", 0.1, 5, 9)
    failures = tuple(
        FailedRow(at, "Busy", "503", "Again later") for at, one in enumerate(outputs) if one is None
    )
    alone = {at: source for at, one in enumerate(outputs) if one is not None}
    return Showing(who, tuple(outputs), failures, alone, source, 1_000, 0.25, 2.0)


@pytest.fixture
def made() -> Comparison:
    texts = ["a cat", EVIL, "third", "fourth"]
    return Comparison(
        "text-generation", "text", texts,
        (showing("a", ["x", EVIL, "c c", "d"]), showing("b", ["y", f"{EVIL} more", "c d", None])),
        ["x", EVIL, "c d", "d"], {"kind": ["one", "two", "one", "two"]}, ("kind",), ("exact_match",),
        versions={"hf_nb": "0.1.0"}, seconds=3.0,
    )  # fmt: skip


def test_what_is_read_back_says_the_same(made: Comparison, tmp_path: Path) -> None:
    made.vote(0, "a", rater="me")
    whole = judged(made, lambda _q, first, _s: "first" if first in ("x", "c c") else "second")
    whole.to_jsonl(tmp_path / "kept.jsonl")
    back = compare.load(tmp_path / "kept.jsonl")
    assert back.to_dict() == whole.to_dict()
    assert str(back.verdict) == str(whole.verdict)
    assert str(back) == str(whole)
    assert back.judged is not None
    assert whole.judged is not None
    assert back.judged.votes == whole.judged.votes
    assert back.showings[0].alone == whole.showings[0].alone


def test_labels_and_vectors_come_back_as_they_were(tmp_path: Path) -> None:
    for kind, task, one in (
        ("labels", "text-classification", (("good", 0.75), ("bad", 0.25))),
        ("vectors", "feature-extraction", array("f", [0.1, 0.2])),
    ):
        both = tuple(Showing(Contender(name, f"o/{name}", task), (one, None)) for name in "ab")
        path = tmp_path / f"{kind}.jsonl"
        Comparison(task, kind, ["x", {"text": "y"}], both).to_jsonl(path)
        back = compare.load(path)
        assert back["a"].outputs == (one, None)
        assert back.inputs == ["x", {"text": "y"}]


def test_all_that_asks_the_same_again_is_in_the_file(made: Comparison, tmp_path: Path) -> None:
    made.to_jsonl(tmp_path / "kept.jsonl")
    head, *rows = [json.loads(line) for line in (tmp_path / "kept.jsonl").read_text().splitlines()]
    assert len(rows) == 4
    one = head["contenders"][0]
    assert (one["model"], one["params"], one["template"]) == ("owner/a", {"seed": 1}, "Say {input}")
    assert one["source"]["revision"] == "2" * 40
    assert head["versions"]["hf_nb"] == "0.1.0"


@pytest.mark.parametrize(
    "text", ["", "nonsense", '{"hf_nb": "batch"}\n', '{"hf_nb": "comparison", "version": 1}\n']
)
def test_a_file_that_is_none_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "odd.jsonl").write_text(text)
    with pytest.raises(BadInput, match="no comparison"):
        compare.load(tmp_path / "odd.jsonl")
    with pytest.raises(NotFound):
        compare.load(tmp_path / "nowhere.jsonl")


def test_a_file_that_was_cut_off_is_refused(made: Comparison, tmp_path: Path) -> None:
    made.to_jsonl(tmp_path / "kept.jsonl")
    whole = (tmp_path / "kept.jsonl").read_text()
    for at in range(10, len(whole) - 2, 97):
        (tmp_path / "cut.jsonl").write_text(whole[:at])
        lines = whole[:at].count("\n")
        if whole[at - 1] == "\n" and lines >= 1:
            continue
        with pytest.raises(BadInput):
            compare.load(tmp_path / "cut.jsonl")


def test_nothing_is_written_over_unasked(made: Comparison, tmp_path: Path) -> None:
    path = tmp_path / "there.txt"
    path.write_text("mine")
    for write in (made.to_jsonl, made.report, made.preferences):
        with pytest.raises(BadInput, match="there already"):
            write(path)
    assert path.read_text() == "mine"
    made.report(path, replace=True)
    assert path.read_text().startswith("<!doctype html>")
    assert [one.name for one in tmp_path.iterdir()] == ["there.txt"]


def test_pairs_come_from_labels_where_one_was_right_and_the_other_wrong(
    made: Comparison, tmp_path: Path
) -> None:
    made.preferences(tmp_path / "pairs.jsonl")
    pairs = [json.loads(line) for line in (tmp_path / "pairs.jsonl").read_text().splitlines()]
    assert pairs == [
        {"prompt": "a cat", "chosen": "x", "rejected": "y"},
        {"prompt": EVIL, "chosen": EVIL, "rejected": f"{EVIL} more"},
        {"prompt": "third", "chosen": "c d", "rejected": "c c"},
    ]


def test_pairs_come_from_votes_where_there_are_any(made: Comparison, tmp_path: Path) -> None:
    made.vote(0, "b")
    made.vote(2, None)
    made.preferences(tmp_path / "pairs.jsonl")
    (pair,) = [json.loads(line) for line in (tmp_path / "pairs.jsonl").read_text().splitlines()]
    assert (pair["chosen"], pair["rejected"]) == ("y", "x")


def test_without_any_preference_there_are_no_pairs(tmp_path: Path) -> None:
    same = Comparison("text-generation", "text", ["q"], (showing("a", ["x"]), showing("b", ["x"])))
    with pytest.raises(BadInput, match="No answer is preferred"):
        same.preferences(tmp_path / "pairs.jsonl")


def test_a_frame_has_a_column_for_each_contender_and_says_why_a_row_failed(made: Comparison) -> None:
    frame = made.to_pandas()
    assert list(frame.columns) == ["input", "label", "kind", "a", "a_seconds", "b", "b_seconds", "b_error"]
    assert frame["b_error"][3] == "Busy: 503"
    assert len(frame) == 4


class Tags(HTMLParser):
    """What a browser would make of it."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def test_a_page_and_a_cell_hold_no_script_and_ask_nobody(made: Comparison, tmp_path: Path) -> None:
    made.report(tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text()
    for text in (page, render.html(made)):
        tags = Tags()
        tags.feed(text)
        names = {name for name, _ in tags.seen}
        assert not names & {"script", "img", "link", "iframe", "object", "a", "form"}
        assert not any(
            name.startswith("on") or name in ("src", "href") for _, found in tags.seen for name in found
        )
    assert "default-src 'none'" in page
    assert "<mark>" in page
    assert "\x1b" not in render.text(made)


def test_a_page_says_who_took_part_and_every_test(made: Comparison, tmp_path: Path) -> None:
    made.report(tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text()
    for said in (
        "owner/a",
        "2" * 40,
        "seed=1",
        "Say {input}",
        "exact match",
        "permutation",
        "kind: one",
        "(Busy)",
    ):
        assert said in page


def test_a_cell_stays_small_whatever_is_in_it() -> None:
    rows = 400
    texts = [f"{EVIL} {'word ' * 500}{at}" for at in range(rows)]
    both = tuple(showing(name * 60, [f"{text} {name}" for text in texts]) for name in "abcd")
    html = render.html(Comparison("text-generation", "text", texts, both, texts))
    assert len(html.encode()) < 20_000


def test_of_one_prompt_the_answers_are_shown_with_the_words_that_differ() -> None:
    both = (showing("a", ["the cat sat here"]), showing("b", [f"the dog sat {EVIL}"]), showing("c", [None]))
    made = Comparison("text-generation", "text", ["q"], both)
    html, text = render.html(made), render.text(made)
    assert "the <mark>dog </mark>sat " in html
    assert "<script" not in html
    assert "a:\nthe cat sat here" in text
    assert "(Busy)" in text
    assert "c gave no answer (Busy: 503)" in text
    long = tuple(showing(name, [f"{EVIL} {name} word " * 3_000]) for name in "abcd")
    assert len(render.html(Comparison("text-generation", "text", ["q"], long))) < 40_000


def test_a_token_in_an_answer_leaves_in_no_way(tmp_path: Path) -> None:
    token = "hf_" + "aBcDeFgHiJ" * 3 + "aBcD"
    both = (showing("a", [f"use {token}"]), showing("b", ["no"]))
    made = Comparison("text-generation", "text", ["q"], both, ["no"])
    made.to_jsonl(tmp_path / "kept.jsonl")
    made.report(tmp_path / "report.html")
    made.preferences(tmp_path / "pairs.jsonl")
    shown = [render.html(made), render.text(made), *(one.read_text() for one in tmp_path.iterdir())]
    assert not any(token in one for one in shown)


def test_the_picture_is_one_of_the_notebook_and_has_words(made: Comparison) -> None:
    plot = made.plot()
    bundle = plot._repr_mimebundle_()
    spec = bundle["application/vnd.vegalite.v5+json"]
    assert [one["who"] for one in spec["data"]["values"]] == ["a", "b"]
    assert bundle["text/plain"].startswith("a: exact match")
    assert plot.unit == "dollars"  # all have a price
