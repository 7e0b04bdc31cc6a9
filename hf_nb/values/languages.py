"""The languages of a column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hf_nb.values.base import Listing, Value

if TYPE_CHECKING:
    from hf_nb.values.looked import Looked


@dataclass(frozen=True, repr=False)
class Language(Value):
    """One of them: its code (None: none can be told), and some rows in it."""

    code: str | None
    rows: int
    share: float
    samples: tuple[int, ...]
    text: str


@dataclass(frozen=True, repr=False)
class Languages(Listing[Language]):
    """The most frequent first; shares are of the rows with a text that were looked at."""

    column: str
    languages: tuple[Language, ...]
    empty: int
    looked: Looked

    def _items(self) -> tuple[Language, ...]:
        return self.languages

    def brief(self) -> list[str]:
        return [f"{one.code or '?'}\t{one.share:.4f}" for one in self.languages]
