"""Spans in a text: those the pipeline finds, at their exact places, in texts of any length and script."""

from itertools import pairwise
from typing import Any

import pytest

from hf_nb import errors

pytestmark = pytest.mark.slow
MODEL = "hfnb-demo/ner-en"
TEXTS = [
    "Maria Keller moved from Lisbon to Geneva.",
    "Maria Keller and Tom Brown work for Nordwind in Oslo; Anna does not.",
    "👩‍👩‍👧 Maria Keller lives in 👉 Geneva 👈.",
    "Mari\u0301a Keller vit a\u0300 Gene\u0300ve.",
    "\u200fMaria Keller גרה ב Geneva\u200f",
    "Maria\x00 Keller lives in Geneva.",
    "   Maria   Keller\n\nGeneva  ",
    "?!",
]


@pytest.fixture(scope="module")
def pipe(served_hub: Any) -> Any:
    from transformers import pipeline

    return pipeline("token-classification", model=MODEL)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("strategy", ["none", "simple", "first", "average", "max"])
def test_spans_are_the_pipelines(text: str, strategy: str, ask: Any, pipe: Any) -> None:
    key = "entity" if strategy == "none" else "entity_group"
    got = ask("token-classification", MODEL, text, aggregation_strategy=strategy).output
    expected = pipe(text, aggregation_strategy=strategy)
    assert [(one[key], one["start"], one["end"]) for one in got] == [
        (one[key], one["start"], one["end"]) for one in expected
    ]
    assert [one["score"] for one in got] == pytest.approx([float(one["score"]) for one in expected], abs=1e-5)


@pytest.mark.parametrize("text", TEXTS)
def test_a_span_is_the_words_at_its_place(text: str, ask: Any) -> None:
    for one in ask("token-classification", MODEL, text).output:
        assert text[one["start"] : one["end"]] == one["word"] == one["word"].strip() != ""


def test_names_in_a_long_text_are_found_wherever_it_is_cut(ask: Any) -> None:
    sentence = "Maria Keller moved from Lisbon to Geneva. "
    text = sentence * 400
    answer = ask("token-classification", MODEL, text)
    assert "joined by their places" in answer.note
    words = [one["word"] for one in answer.output]
    assert words.count("Maria Keller") == 400, "no name is cut in two, lost or found twice"
    places = [(one["start"], one["end"]) for one in answer.output]
    assert all(first[1] <= second[0] for first, second in pairwise(places))
    assert all(text[one["start"] : one["end"]] == one["word"] for one in answer.output)


def test_labels_can_be_left_out_or_all_be_kept(ask: Any) -> None:
    text = TEXTS[0]
    assert {
        one["entity_group"] for one in ask("token-classification", MODEL, text, ignore_labels=["PER"]).output
    } == {
        "LOC",
        "O",
    }
    assert "".join(
        one["word"] for one in ask("token-classification", MODEL, text, ignore_labels=[]).output
    ).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    "wrong", [{"aggregation_strategy": "best"}, {"stride": 100}, {"stride": -1}], ids=str
)
def test_parameters_that_make_no_sense_are_said(wrong: dict[str, Any], ask: Any) -> None:
    with pytest.raises(errors.BadInput, match=next(iter(wrong))):
        ask("token-classification", MODEL, "x", **wrong)
