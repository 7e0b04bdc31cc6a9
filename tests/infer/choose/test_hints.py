"""What an input says about its task, and which language it is in."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from hf_nb.infer.choose import languages
from hf_nb.infer.choose.hints import hint

SAYS: list[tuple[Any, str, str]] = [
    ("translate to French: The house is small.", "translation", "to French"),
    ("Translate the following text from German to English:\nDas Haus", "translation", "to English"),
    ("In Spanish: The house", "translation", "to Spanish"),
    ("Summarize: The ferry leaves at nine.", "summarization", "a text to sum up"),
    ("Summarise this text:\nThe ferry.", "summarization", "a text to sum up"),
    ("tl;dr: The ferry leaves.", "summarization", "a text to sum up"),
    ("Question: Where? Context: In Geneva.", "question-answering", "a question and a text"),
    ("Context: In Geneva.\nQuestion: Where?", "question-answering", "a question and a text"),
    ({"question": "Where?", "context": "Here."}, "question-answering", "question and context"),
    ('{"question": "Where?", "context": "Here."}', "question-answering", "question and context"),
    ({"text": "a", "candidate_labels": ["b"]}, "zero-shot-classification", "text and candidate labels"),
    ({"source_sentence": "a", "sentences": ["b"]}, "sentence-similarity", "source sentence and sentences"),
    ({"query": "a", "table": {}}, "table-question-answering", "query and table"),
    ({"messages": []}, "chat", "messages"),
    ([{"role": "user", "content": "a"}], "chat", "messages"),
    ('[{"role": "user", "content": "a"}]', "chat", "messages"),
    (["a", "b"], "feature-extraction", "several texts"),
    ("The [MASK] is small.", "fill-mask", "a gap to fill"),
    ("The <mask> is small.", "fill-mask", "a gap to fill"),
    ("def add(a, b):", "code-generation", "Python code"),
    ("```python\nimport os\n", "code-generation", "Python code"),
    ("function add(a, b) {", "code-generation", "JavaScript code"),
    ("SELECT name FROM people", "code-generation", "SQL code"),
    ("#include <stdio.h>", "code-generation", "C code"),
    ("What is the capital of France?", "chat", "a question"),
    ("Write a poem about a ferry.", "chat", "a request"),
    ("Translate to Klingon: hello", "chat", "a request"),
]


@pytest.mark.parametrize(("value", "task", "reason"), SAYS, ids=lambda one: str(one)[:30])
def test_an_input_says_what_it_is_for(value: Any, task: str, reason: str) -> None:
    found = hint(value)
    assert found is not None
    assert (found.task, found.reason) == (task, reason)


@pytest.mark.parametrize(
    "value",
    ["I love it", "x", "", "   ", 3, None, [], {}, {"a": 1}, [1, 2], "from here to there: a road", "{broken"],
    ids=repr,
)
def test_what_says_nothing_gives_no_hint(value: Any) -> None:
    assert hint(value) is None


def test_the_words_that_said_it_are_no_part_of_the_text() -> None:
    found = hint("Translate from English to French:  The house: small.\nAnd red.")
    assert found is not None
    assert found.input == "The house: small.\nAnd red."
    assert found.params == {"src_lang": "en", "tgt_lang": "fr"}
    asked = hint("Question: Where does she live? Context: She lives in Geneva.")
    assert asked is not None
    assert asked.input == {"question": "Where does she live?", "context": "She lives in Geneva."}


ASKS = "question: a" + " " * 200_000 + "?"
NOWHERE = "translate to French" + "\n" * 200_000


def test_a_long_text_is_looked_at_quickly() -> None:
    import time

    for text in (
        "a" * 200_000,
        "translate " * 20_000,
        "context: " * 20_000,
        "[{" * 50_000,
        " " * 200_000,
        ASKS,
        NOWHERE,
    ):
        began = time.perf_counter()
        hint(text)
        assert time.perf_counter() - began < 1.0, text[:10]


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("French", "fr"),
        ("français", "fr"),
        ("fr", "fr"),
        ("fra", "fr"),
        ("fr-CA", "fr"),
        ("fr_XX", "fr"),
        ("fra_Latn", "fr"),
        ("日本語", "ja"),
        ("Klingon", None),
        ("", None),
    ],
)
def test_a_language_has_many_names(word: str, code: str | None) -> None:
    assert languages.code(word) == code


TEXTS = [
    ("The room was small, but we loved the view.", "en"),
    ("What a waste of time.", "en"),
    ("La maison est petite et le jardin est très beau.", "fr"),
    ("Das Haus ist klein und der Garten ist nicht schön.", "de"),
    ("La casa es pequeña y el jardín no está mal.", "es"),
    ("小さな家です", "ja"),
    ("작은 집입니다", "ko"),
    ("το σπίτι είναι μικρό", "el"),
]


@pytest.mark.parametrize(("text", "code"), TEXTS)
@pytest.mark.parametrize("library", [True, False], ids=["trained", "by words"])
def test_a_text_is_known_by_its_language_with_and_without_the_library(
    text: str, code: str, *, library: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not library:
        monkeypatch.setitem(sys.modules, "py3langid", None)
        monkeypatch.setitem(sys.modules, "py3langid.langid", None)
    languages._identifier.cache_clear()
    try:
        assert languages.detect(text) == code
    finally:
        languages._identifier.cache_clear()


@pytest.mark.parametrize("text", ["", "x", "12345", "!?", "Fine."])
def test_what_is_no_language_in_particular_is_not_guessed(text: str) -> None:
    assert languages.detect(text) is None
