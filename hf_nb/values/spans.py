"""Places in a text."""

from __future__ import annotations

from dataclasses import dataclass

from hf_nb.values.answers import Source
from hf_nb.values.base import Listing, Value


@dataclass(frozen=True, repr=False)
class Span(Value):
    """A stretch of a text and what it is: `text[start:end] == word`."""

    label: str
    score: float
    word: str
    start: int
    end: int


@dataclass(frozen=True, repr=False)
class Spans(Listing[Span]):
    """What was found in a text, from its beginning to its end."""

    spans: tuple[Span, ...]
    source: Source
    input: str = ""

    def _items(self) -> tuple[Span, ...]:
        return self.spans

    def brief(self) -> list[str]:
        return [f"{one.label}\t{one.word}" for one in self.spans]


@dataclass(frozen=True, repr=False)
class Extract(Value):
    """The words of a text that answer a question: `context[start:end]`; empty where it holds no answer."""

    answer: str
    score: float
    start: int
    end: int
    question: str
    context: str
    source: Source

    def brief(self) -> list[str]:
        return [self.answer]
