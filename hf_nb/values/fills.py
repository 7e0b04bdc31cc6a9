"""What may stand in a gap of a text, and which cells of a table answer a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hf_nb.values.answers import Source
from hf_nb.values.base import Listing, Value


@dataclass(frozen=True, repr=False)
class Fill(Value):
    """One word for a gap, and the whole text with it. `gap` counts from 0 where a text has several."""

    word: str
    score: float
    sequence: str
    gap: int = 0


@dataclass(frozen=True, repr=False)
class Fills(Listing[Fill]):
    """Words for the gaps, gap by gap, the most likely first."""

    fills: tuple[Fill, ...]
    source: Source
    input: str = ""

    def _items(self) -> tuple[Fill, ...]:
        return self.fills

    @property
    def word(self) -> str:
        """The most likely word."""
        return self.fills[0].word

    def brief(self) -> list[str]:
        return [one.word for one in self.fills]


@dataclass(frozen=True, repr=False)
class Cells(Value):
    """The cells of a table that answer a question; `places` are (row, column) from 0, `how` they become the answer."""

    answer: str
    cells: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    how: str
    query: str
    table: Mapping[str, Sequence[str]]
    source: Source

    def brief(self) -> list[str]:
        return [self.answer]
