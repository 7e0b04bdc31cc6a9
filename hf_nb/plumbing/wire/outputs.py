"""The answers of the Hub's task routes, in one form each: the same task is answered in several shapes out there."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from hf_nb.errors import Broken
from hf_nb.plumbing.wire.asking import Who

# The task routes that answer with a text, and under which name.
TEXTS: Mapping[str, tuple[str, ...]] = {
    "text-generation": ("generated_text",),
    "code-generation": ("generated_text",),
    "text2text-generation": ("generated_text",),
    "summarization": ("summary_text", "generated_text"),
    "translation": ("translation_text", "generated_text"),
}


def text(task: str, answer: Any, who: Who) -> str:
    """The text of an answer that is one."""
    one = answer[0] if isinstance(answer, list) and answer else answer
    one = one[0] if isinstance(one, list) and one else one
    if isinstance(one, Mapping):
        for name in TEXTS[task]:
            if isinstance(one.get(name), str):
                return str(one[name])
    raise _nonsense(task, who)


def output(task: str, value: Any, answer: Any, who: Who) -> tuple[Any, str]:
    """Everything else, and what there is to be noted about it."""
    try:
        return _FORMS[task](answer, value)
    except (TypeError, KeyError, ValueError, IndexError, AttributeError):
        raise _nonsense(task, who) from None


def _labels(answer: Any, value: Any) -> tuple[Any, str]:
    """[[{"label", "score"}]] and [{"label", "score"}]; zero-shot also {"labels", "scores"}."""
    one = answer[0] if isinstance(answer, list) and isinstance(answer[0], list) else answer
    one = one[0] if isinstance(one, list) and "labels" in one[0] else one
    if isinstance(one, Mapping):
        one = [
            {"label": label, "score": score}
            for label, score in zip(one["labels"], one["scores"], strict=True)
        ]
    found = [{"label": str(row["label"]), "score": _figure(row["score"])} for row in one]
    return _some(found), ""


def _spans(answer: Any, value: Any) -> tuple[Any, str]:
    rows = answer[0] if answer and isinstance(answer[0], list) else answer
    if not isinstance(rows, list):
        raise TypeError(rows)
    found = [
        {
            "entity_group": str(row.get("entity_group") or row["entity"]),
            "score": _figure(row["score"]),
            "word": str(row.get("word", "")),
            "start": _place(row["start"], value),
            "end": _place(row["end"], value),
        }
        for row in rows
    ]
    return found, ""


def _extract(answer: Any, value: Any) -> tuple[Any, str]:
    row = answer[0] if isinstance(answer, list) else answer
    context = value["context"]
    places = {"start": _place(row["start"], context), "end": _place(row["end"], context)}
    return {"answer": str(row["answer"]), "score": _figure(row["score"]), **places}, ""


def _cells(answer: Any, value: Any) -> tuple[Any, str]:
    row = answer[0] if isinstance(answer, list) else answer
    table = [*value["table"].values()]
    places = [(int(line), int(column)) for line, column in row.get("coordinates") or ()]
    if not all(0 <= column < len(table) and 0 <= line < len(table[column]) for line, column in places):
        raise ValueError(places)
    return {
        "answer": str(row["answer"]),
        "coordinates": places,
        "cells": [str(cell) for cell in row.get("cells") or ()],
        "aggregator": row.get("aggregator"),
    }, ""


def _fills(answer: Any, value: Any) -> tuple[Any, str]:
    gaps = answer if isinstance(answer[0], list) else [answer]
    found = [
        [
            {
                "sequence": str(row["sequence"]),
                "score": _figure(row["score"]),
                "token": row.get("token"),
                "token_str": str(row["token_str"]),
            }
            for row in _some(gap)
        ]
        for gap in gaps
    ]
    return found if len(found) > 1 else found[0], ""


def _vectors(answer: Any, value: Any) -> tuple[Any, str]:
    """One vector a text; a model without pooling gives one a token, whose mean is taken."""
    many = isinstance(value, (list, tuple))
    rows = answer if many or _depth(answer) > 2 else [answer]
    if not many and _depth(answer) == 2 and len(answer) == 1:
        rows = answer
    note = "mean of the tokens' vectors" if _depth(rows) == 3 else ""
    found = [_mean(one) if _depth(one) == 2 else list(map(_figure, one)) for one in rows]
    if len(found) != (len(value) if many else 1) or len({len(one) for one in found}) != 1 or not found[0]:
        raise ValueError
    return found, note


def _scores(answer: Any, value: Any) -> tuple[Any, str]:
    if len(answer) != len(value["sentences"]):
        raise ValueError
    return [_figure(one) for one in answer], ""


def _mean(rows: list[list[float]]) -> list[float]:
    return [sum(map(_figure, column)) / len(rows) for column in zip(*rows, strict=True)]


def _depth(value: Any) -> int:
    return 1 + _depth(value[0]) if isinstance(value, list) and value else 0


def _figure(value: Any) -> float:
    figure = float(value)
    if not math.isfinite(figure):
        raise ValueError(value)
    return figure


def _place(value: Any, text: str) -> int:
    """A place in the text that was sent: one beyond it would show other words than were meant."""
    place = int(value)
    if not 0 <= place <= len(text):
        raise ValueError(value)
    return place


def _some(rows: list[Any]) -> list[Any]:
    if not rows:
        raise ValueError(rows)
    return rows


def _nonsense(task: str, who: Who) -> Broken:
    return Broken(f"{who.name} answered {task} with something that is no answer to it.")


_FORMS: Mapping[str, Callable[[Any, Any], tuple[Any, str]]] = {
    "text-classification": _labels,
    "zero-shot-classification": _labels,
    "token-classification": _spans,
    "question-answering": _extract,
    "table-question-answering": _cells,
    "fill-mask": _fills,
    "feature-extraction": _vectors,
    "sentence-similarity": _scores,
}
