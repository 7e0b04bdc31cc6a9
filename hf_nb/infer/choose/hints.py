"""What an input says about the task, where none was named.

hint("translate to French: The house is small.")     translation, of "The house is small.", to fr
hint({"question": …, "context": …})                  question-answering
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hf_nb.infer.choose import languages
from hf_nb.tasks import FIELDS, In

_BY_FIELDS = {
    frozenset(FIELDS[kind]): task
    for kind, task in {
        In.LABELLED: "zero-shot-classification",
        In.QUESTION: "question-answering",
        In.SENTENCES: "sentence-similarity",
        In.TABLE: "table-question-answering",
        In.CHAT: "chat",
    }.items()
}
# Tasks whose texts may say what is wanted in words that are no part of the text.
REWRITTEN = frozenset({"translation", "summarization", "question-answering"})
_FLAGS = re.IGNORECASE | re.DOTALL
_MASK = re.compile(r"\[MASK\]|<mask>")
_TRANSLATE = re.compile(
    r"\s*(?:please )?translate(?: (?:this|the following|it))?(?: \w+)??(?: from (?P<src>[^\W\d_]+))?"
    r" (?:in)?to (?P<tgt>[^\W\d_]+)\s*[:\n]\s*(?P<text>\S.*)",
    _FLAGS,
)
_IN_LANGUAGE = re.compile(r"\s*(?:in|auf|en) (?P<tgt>[^\W\d_]+)\s*:\s*(?P<text>\S.*)", _FLAGS)
_SUMMARIZE = re.compile(
    r"\s*(?:please )?(?:summari[sz]e|sum up|tl;?dr)(?: (?:this|the following))?(?: text| article)?"
    r"\s*[:\n]\s*(?P<text>\S.*)",
    _FLAGS,
)
_QUESTION = re.compile(r"\b(?:question|q)\s?:", re.IGNORECASE)
_CONTEXT = re.compile(r"\b(?:context|text)\s?:", re.IGNORECASE)
_CODE = (
    (
        "Python",
        re.compile(
            r"\s*(?:async )?def \w+\(|\s*class \w+\s*[(:]|\s*(?:import [\w.]+$|from [\w.]+ import )",
            re.MULTILINE,
        ),
    ),
    ("JavaScript", re.compile(r"\s*(?:async )?function \w*\(|\s*(?:const|let) \w+\s*=")),
    ("C", re.compile(r"\s*#include\s*[<\"]")),
    ("SQL", re.compile(r"\s*SELECT\s.+\sFROM\s", re.DOTALL)),
    ("Rust", re.compile(r"\s*(?:pub )?fn \w+\s*[(<]")),
    ("Go", re.compile(r"\s*func (?:\(\w+ \*?\w+\) )?\w+\(")),
)
_ORDER = re.compile(
    r"\s*(?:please )?(?:write|explain|list|tell|give|describe|compare|show|suggest|translate|imagine|help)\s",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Hint:
    """A task, why it is thought so, and the input without the words that said it (None: as it was)."""

    task: str
    reason: str
    input: Any = None
    params: Mapping[str, Any] = field(default_factory=dict)


def hint(value: Any) -> Hint | None:
    """The first that fits."""
    if isinstance(value, str):
        return _of_json(value) or _of_text(value)
    if isinstance(value, Mapping):
        return _of_fields(value)
    if isinstance(value, Sequence) and value:
        if all(isinstance(one, Mapping) and "role" in one for one in value):
            return Hint("chat", "messages")
        if all(isinstance(one, str) for one in value):
            return Hint("feature-extraction", "several texts")
    return None


def _of_fields(value: Mapping[Any, Any]) -> Hint | None:
    task = _BY_FIELDS.get(frozenset(map(str, value)))
    if task is None:
        return None
    names = FIELDS[In.CHAT] if task == "chat" else tuple(map(str, value))
    return Hint(task, " and ".join(names).replace("_", " "))


def _of_json(value: str) -> Hint | None:
    if not value.lstrip().startswith(("{", "[{")):
        return None
    try:
        read = json.loads(value)
    except ValueError:
        return None
    return hint(read) if isinstance(read, (dict, list)) else None


def _of_text(text: str) -> Hint | None:
    text = text.strip()
    return (
        _mask(text) or _translation(text) or _summary(text) or _question(text) or _code(text) or _chat(text)
    )


def _mask(text: str) -> Hint | None:
    return Hint("fill-mask", "a gap to fill") if _MASK.search(text) else None


def _translation(text: str) -> Hint | None:
    found = _TRANSLATE.fullmatch(text) or _IN_LANGUAGE.fullmatch(text)
    if found is None or (tgt := languages.code(found["tgt"])) is None:
        return None
    params = {"tgt_lang": tgt}
    said = found.groupdict().get("src")
    if said and (src := languages.code(said)):
        params["src_lang"] = src
    return Hint("translation", f"to {languages.name(tgt)}", found["text"], params)


def _summary(text: str) -> Hint | None:
    found = _SUMMARIZE.fullmatch(text)
    return Hint("summarization", "a text to sum up", found["text"]) if found else None


def _question(text: str) -> Hint | None:
    """Both marks, one of them at the very beginning."""
    marks = [_QUESTION.search(text), _CONTEXT.search(text)]
    if None in marks or not (first := next((one for one in marks if one and one.start() == 0), None)):
        return None
    second = next(one for one in marks if one and one is not first)
    parts = (text[first.end() : second.start()].strip(), text[second.end() :].strip())
    if not all(parts):
        return None
    question, context = parts if first is marks[0] else reversed(parts)
    return Hint("question-answering", "a question and a text", {"question": question, "context": context})


def _code(text: str) -> Hint | None:
    bare = re.sub(r"^\s*```\w*\n", "", text)
    for language, pattern in _CODE:
        if pattern.match(bare):
            return Hint("code-generation", f"{language} code")
    return None


def _chat(text: str) -> Hint | None:
    if text.rstrip().endswith(("?", "\uff1f")):
        return Hint("chat", "a question")
    return Hint("chat", "a request") if _ORDER.match(text) else None
