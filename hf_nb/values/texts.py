"""Answers that are texts, and conversations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hf_nb.values.answers import Source
from hf_nb.values.base import Value


@dataclass(frozen=True, repr=False)
class ToolCall(Value):
    """What a model wants done. `arguments` as it wrote them: JSON, if it did well; `result` once it was done."""

    name: str
    arguments: str
    id: str = ""
    result: str | None = None


@dataclass(frozen=True, repr=False)
class Written(Value):
    """A text a model wrote. `input`: what it was given."""

    text: str
    source: Source
    input: Any = ""

    def brief(self) -> list[str]:
        return self.text.splitlines()


@dataclass(frozen=True, repr=False)
class Reply(Value):
    """What a model said in a conversation; `messages`: all of it, this reply too.

    `data`: the reply read as JSON, where a schema was asked for.
    """

    text: str
    source: Source
    messages: tuple[Mapping[str, Any], ...] = ()
    calls: tuple[ToolCall, ...] = ()
    conversation: str = ""
    data: Any = None

    def brief(self) -> list[str]:
        return self.text.splitlines()
