"""Words for gaps: the pipeline's, for one gap or several, in texts of any length."""

from typing import Any

import pytest

from hf_nb import errors

pytestmark = pytest.mark.slow
MODEL = "hfnb-demo/pydoc-mlm"
TEXTS = [
    "Return a new [MASK] with the same keys.",
    "[MASK]",
    "👍 Return the [MASK]\x00 שלום",
    "Raise [MASK] if it is.",
]


@pytest.fixture(scope="module")
def pipe(served_hub: Any) -> Any:
    from transformers import pipeline

    return pipeline("fill-mask", model=MODEL)


def brief(output: Any) -> list[tuple[int, str]]:
    return [(one["token"], one["token_str"]) for one in output]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("how", [{}, {"top_k": 3}, {"targets": ["list", "dictionary", "object"]}], ids=str)
def test_words_and_scores_are_the_pipelines(text: str, how: dict[str, Any], ask: Any, pipe: Any) -> None:
    got, expected = ask("fill-mask", MODEL, text, **how).output, pipe(text, **how)
    assert brief(got) == brief(expected)
    assert [one["score"] for one in got] == pytest.approx([one["score"] for one in expected], abs=1e-5)
    assert got[0]["sequence"] == text.replace("[MASK]", got[0]["token_str"].removeprefix("##"))


def test_two_gaps_are_filled_each_for_itself(ask: Any, pipe: Any) -> None:
    text = "Return a [MASK] with [MASK] keys."
    got, expected = ask("fill-mask", MODEL, text).output, pipe(text)
    assert [brief(one) for one in got] == [brief(one) for one in expected]
    assert got[1][0]["sequence"].startswith("Return a [MASK] with ")


def test_in_a_long_text_the_words_round_the_gap_count(ask: Any) -> None:
    filler = "It is called by the server. " * 2000
    alone = ask("fill-mask", MODEL, TEXTS[0]).output
    answer = ask("fill-mask", MODEL, filler + TEXTS[0] + filler)
    assert "round each gap" in answer.note
    assert answer.output[0]["token_str"] == alone[0]["token_str"]
    assert len(answer.output[0]["sequence"]) > len(filler)


def test_gaps_far_apart_in_a_long_text_are_all_filled(ask: Any) -> None:
    text = ("It is called by the server. " * 200 + "Return the [MASK]. ") * 3
    assert len(ask("fill-mask", MODEL, text).output) == 3


def test_another_models_way_of_writing_a_gap_is_understood(ask: Any) -> None:
    text = "Return a new <mask> with the same keys."
    assert brief(ask("fill-mask", MODEL, text).output) == brief(ask("fill-mask", MODEL, TEXTS[0]).output)


def test_without_a_gap_it_is_told_how_one_is_written(ask: Any) -> None:
    with pytest.raises(errors.BadInput, match=r"\[MASK\]"):
        ask("fill-mask", MODEL, "No gap here.")


@pytest.mark.parametrize("targets", [["zqxjv blah"], [], [3], "qqqqqqqqzz"], ids=repr)
def test_targets_that_cannot_fill_a_gap_are_said(targets: Any, ask: Any) -> None:
    with pytest.raises(errors.BadInput, match=r"target|token"):
        ask("fill-mask", MODEL, TEXTS[0], targets=targets)
