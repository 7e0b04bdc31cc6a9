"""The shapes of answers, read out of the front end's own TypeScript, so that the two sides can never drift.

fits("models", "Page<ModelRow>", answer)      or an AssertionError that says where
"""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any

PANELS = Path(__file__).parents[2] / "labextension" / "src" / "panels"
_WORDS = re.compile(r"""'[^']*'|"[^"]*"|[A-Za-z_$][\w$]*|\d+|[{}\[\]()<>|,;:?=]""")
_COMMENTS = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)

Type = Any


class _Reader:
    """interface X<T> extends Y { name?: type; }   type X = a | b   { … }[]   (a | b)[]   Record<string, T>   X<Y>."""

    def __init__(self, text: str) -> None:
        text = _COMMENTS.sub("", re.sub(r"^import .*$", "", text, flags=re.MULTILINE))
        self.words = _WORDS.findall(text)
        self.at = 0
        self.declared: dict[str, tuple[list[str], Type]] = {}

    def read(self) -> dict[str, tuple[list[str], Type]]:
        while self.at < len(self.words):
            word = self._next()
            if word not in ("interface", "type"):
                continue
            name, parameters, above = self._next(), [], []
            if self._is("<"):
                while not self._is(">"):
                    parameters.append(self._next())
                    self._is(",")
            if word == "type":
                assert self._is("="), name
            elif self._is("extends"):
                above.append(self._one())
            shape = self._type()
            self.declared[name] = parameters, ("more", above[0], shape) if above else shape
        return self.declared

    def _type(self) -> Type:
        self._is("|")
        some = [self._several()]
        while self._is("|"):
            some.append(self._several())
        return some[0] if len(some) == 1 else ("or", some)

    def _several(self) -> Type:
        one = self._one()
        while self._is("["):
            assert self._is("]")
            one = ("list", one)
        return one

    def _one(self) -> Type:
        word = self._next()
        if word == "{":
            return self._fields()
        if word == "(":
            inside = self._type()
            assert self._is(")")
            return inside
        if word[0] in "'\"":
            return ("just", word[1:-1])
        if word in ("true", "false"):
            return ("just", word == "true")
        given = []
        if self._is("<"):
            while not self._is(">"):
                given.append(self._type())
                self._is(",")
        return ("name", word, given)

    def _fields(self) -> Type:
        fields: dict[str, tuple[bool, Type]] = {}
        while not self._is("}"):
            name, optional = self._next(), self._is("?")
            assert self._is(":"), name
            fields[name] = optional, self._type()
            self._is(";") or self._is(",")
        return ("fields", fields)

    def _next(self) -> str:
        self.at += 1
        return self.words[self.at - 1]

    def _is(self, word: str) -> bool:
        if self.at < len(self.words) and self.words[self.at] == word:
            self.at += 1
            return True
        return False


@functools.cache
def declared(panel: str) -> dict[str, tuple[list[str], Type]]:
    """What the panel's answers.ts declares, and the shapes all panels share."""
    files = (PANELS / "answers.ts", PANELS.parent / "protocol.ts", PANELS / panel / "answers.ts")
    found: dict[str, tuple[list[str], Type]] = {}
    for file in files:
        text = file.read_text("utf-8")
        if file.name == "protocol.ts":  # of it only what answers hold
            text = re.search(r"export interface Wrong \{.*?\n\}", text, re.DOTALL)[0]  # type: ignore[index]
        found |= _Reader(text).read()
    return found


def fits(panel: str, shape: str, value: Any) -> None:
    """Whether a value has a shape: every name that must be there, no other, and of the right type."""
    _held(value, _Reader(shape)._type(), declared(panel), {}, shape)


def _held(value: Any, shape: Type, known: dict[str, Any], given: dict[str, Type], where: str) -> None:
    match shape:
        case ("or", some):
            if not any(_is(value, one, known, given) for one in some):
                if isinstance(value, dict):  # the one that says most
                    _held(
                        value, next(one for one in some if one[0] in ("fields", "name")), known, given, where
                    )
                raise AssertionError(f"{where}: {value!r:.200} is none of {some}")
        case ("more", ("name", above, _), ("fields", fields)):
            _held(value, ("fields", {**known[above][1][1], **fields}), known, given, where)
        case ("list", one):
            assert isinstance(value, list), f"{where}: {value!r:.200} is no list"
            for place, item in enumerate(value):
                _held(item, one, known, given, f"{where}[{place}]")
        case ("just", word):
            assert (type(value), value) == (type(word), word), f"{where}: {value!r:.200} is not {word}"
        case ("fields", fields):
            assert isinstance(value, dict), f"{where}: {value!r:.200} has no fields"
            assert value.keys() <= fields.keys(), f"{where} has more: {value.keys() - fields.keys()}"
            for name, (optional, one) in fields.items():
                if name in value or not optional:
                    assert name in value, f"{where} lacks {name}"
                    _held(value[name], one, known, given, f"{where}.{name}")
        case ("name", name, types):
            _named(value, name, types, known, given, where)


def _named(value: Any, name: str, types: list[Type], known: Any, given: dict[str, Type], where: str) -> None:
    plain: dict[str, Any] = {"string": str, "boolean": bool, "null": type(None)}
    if name == "unknown":  # whatever JSON holds: an input of a task that is not looked into here
        return
    if name in given:
        _held(value, given[name], known, {}, where)
    elif name in plain:
        assert isinstance(value, plain[name]), f"{where}: {value!r:.200} is no {name}"
    elif name == "number":
        assert isinstance(value, (int, float)), f"{where}: {value!r:.200} is no number"
        assert not isinstance(value, bool), f"{where}: {value!r} is no number"
    elif name == "Record":
        assert isinstance(value, dict), f"{where}: {value!r:.200} is no record"
        for key, item in value.items():
            assert isinstance(key, str), where
            _held(item, types[1], known, given, f"{where}[{key!r}]")
    else:
        parameters, shape = known[name]
        _held(value, shape, known, dict(zip(parameters, types, strict=True)), where)


def _is(value: Any, shape: Type, known: Any, given: dict[str, Type]) -> bool:
    try:
        _held(value, shape, known, given, "")
    except AssertionError:
        return False
    return True
