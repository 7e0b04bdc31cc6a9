"""Every task on texts nobody expects: an answer or one of our errors of at most three lines, never anything else."""

from typing import Any

import pytest

from hf_nb import errors, tasks
from hf_nb.infer.backends.local import WAYS

pytestmark = pytest.mark.slow
MODELS = {
    "text-classification": "sentiment-en",
    "zero-shot-classification": "nli-en",
    "token-classification": "ner-en",
    "question-answering": "qa-en",
    "fill-mask": "pydoc-mlm",
    "feature-extraction": "similar-en",
    "sentence-similarity": "similar-en",
    "summarization": "summarize-en",
    "translation": "translate-en-fr",
    "text2text-generation": "text2text-tiny",
    "text-generation": "pydoc-gpt",
    "code-generation": "pydoc-gpt",
    "chat": "chat-en",
}
TEXTS = {
    "one sign": "x",
    "spaces": " \n\t ",
    "nothing": "",
    "NUL": "\x00",
    "control": "\x07\x1b[31m",
    "zero width": "\u200b\u200d\ufeff",
    "emoji": "👩‍👩‍👧🏽" * 20,
    "combining": "e" + "\u0301" * 300,
    "right to left": "\u202e\u05e9\u05dc\u05d5\u05dd\u202c" * 10,
    "half a character": "a\ud83d b",
    "no spaces": "x" * 5000,
    "long": "The ferry was late. " * 300,
    "special words": "<|endoftext|>[CLS][SEP][MASK]</s><pad>" * 3,
}

MAY_BE_REFUSED = ("half a character", "long", "no spaces", "emoji", "combining", "right to left")


def field(task: str, text: str) -> Any:
    """The input of a task, made of one text wherever it may stand."""
    if task == "fill-mask" and "[MASK]" not in text:
        return f"{text} [MASK]"
    example = tasks.TASKS[task].example
    if task == "chat":
        return {"messages": [{"role": "user", "content": text}]}
    if isinstance(example, str):
        return text
    return {name: [text, "other"] if isinstance(one, list) else text for name, one in example.items()}


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("task", MODELS)
def test_any_text_gets_an_answer_or_one_of_our_errors(task: str, name: str, ask: Any) -> None:
    how = {"max_new_tokens": 3} if tasks.TASKS[task].streams else {}
    model = f"hfnb-demo/{MODELS[task]}"
    refused: errors.HfNbError | None = None
    try:
        answer = ask(task, model, field(task, TEXTS[name]), **how)
    except errors.HfNbError as wrong:
        refused = wrong
    if refused is None:
        assert name != "half a character"
        assert answer.last.finish in ("stop", "length")
    else:
        assert isinstance(refused, (errors.BadInput, errors.TooLarge)), refused
        assert len(str(refused).splitlines()) <= 3
        assert name in MAY_BE_REFUSED, refused
    if name == "half a character":
        assert isinstance(refused, errors.BadInput), refused
        assert "lone surrogate" in refused.problem


def test_every_task_has_a_way(local: Any) -> None:
    assert set(WAYS) == set(tasks.TASKS)
