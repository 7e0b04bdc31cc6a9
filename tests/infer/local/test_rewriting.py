"""Summaries, translations, text from text: what generate writes; long texts sentence by sentence."""

from typing import Any

import pytest

from hf_nb import errors
from hf_nb.infer.backends.local.rewriting import sentences

pytestmark = pytest.mark.slow
NOTES = (
    "The meeting was in the library. Coffee was served. The group voted to repair ten chairs. It should be done "
    "by May. They will meet again on Friday. Nora wanted to buy six lamps, but nobody agreed."
)
ASKED = [
    ("summarization", "hfnb-demo/summarize-en", NOTES),
    ("translation", "hfnb-demo/translate-en-fr", "the children do not sleep"),
    ("text2text-generation", "hfnb-demo/text2text-tiny", "plural: puppy"),
    ("text2text-generation", "hfnb-demo/text2text-tiny", "👩‍👩‍👧 שלום e\u0301 \x00"),
]


def generated(model: str, text: str, **how: Any) -> tuple[str, int]:
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    tokenizer, loaded = AutoTokenizer.from_pretrained(model), AutoModelForSeq2SeqLM.from_pretrained(model)
    made = loaded.generate(tokenizer(text, return_tensors="pt").input_ids, **how)[0]
    return str(tokenizer.decode(made, skip_special_tokens=True)), len(made) - 1


@pytest.mark.parametrize(("task", "model", "text"), ASKED)
@pytest.mark.parametrize("how", [{}, {"num_beams": 3}, {"max_new_tokens": 4}], ids=str)
def test_the_text_is_what_generate_writes(
    task: str, model: str, text: str, how: dict[str, int], ask: Any
) -> None:
    expected, written = generated(model, text, **how)
    answer = ask(task, model, text, **how)
    assert answer.text == expected
    assert answer.last.usage.written == written
    assert answer.last.finish == ("length" if how.get("max_new_tokens") == written else "stop")


def test_it_comes_token_by_token_but_beams_at_once(ask: Any) -> None:
    task, model, text = ASKED[0]
    assert len([one for one in ask(task, model, text).chunks if one.text]) > 5
    assert sum(one.finish is not None for one in ask(task, model, text, num_beams=2).chunks) == 1


def test_a_long_text_goes_sentence_by_sentence_and_each_piece_is_told_as_it_is_done(ask: Any) -> None:
    line = "the children do not sleep. "
    answer = ask("translation", ASKED[1][1], line * 60)
    alone = ask("translation", ASKED[1][1], (line * 2).strip()).text
    assert "cut between sentences" in answer.note
    assert answer.text.count(alone.split(" ", maxsplit=1)[0]) >= 5
    assert answer.last.usage.read > 300
    assert "  " not in answer.text


def test_lines_stay_lines_in_a_translation_of_many(ask: Any) -> None:
    text = "\n".join(["the children do not sleep in the white house of the small town"] * 20)
    assert "\n" in ask("translation", ASKED[1][1], text).text


def test_a_sentence_longer_than_the_window_is_cut_where_it_must_be(ask: Any) -> None:
    answer = ask("text2text-generation", ASKED[2][1], "reverse puppy " * 100, max_new_tokens=3)
    assert "pieces" in answer.note


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three?", ["One. ", "Two! ", "Three?"]),
        ('He said "no." Then left.', ['He said "no." ', "Then left."]),
        ("一。二。", ["一。", "二。"]),
        ("a\n\nb", ["a\n\n", "b"]),
        ("none", ["none"]),
        ("", []),
    ],
)
def test_sentences_are_cut_at_their_ends_and_nothing_is_lost(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts
    assert "".join(sentences(text)) == text


def test_a_model_that_only_goes_on_cannot_translate(ask: Any) -> None:
    with pytest.raises(errors.BadInput, match="LlamaForCausalLM"):
        ask("translation", "hfnb-demo/pydoc-gpt", "x")
