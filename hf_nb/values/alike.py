"""Rows that are the same, or nearly: in one table, and between two."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hf_nb.values.base import Listing, Value

if TYPE_CHECKING:
    from hf_nb.values.looked import Looked

How = Literal["exact", "near"]


@dataclass(frozen=True, repr=False)
class Alike(Value):
    """Rows of one table that are alike, by their numbers; `likeness` is that of the two least alike that were compared.

    `count`: how many they are, where not all are listed.
    """

    rows: tuple[int, ...]
    count: int
    how: How
    likeness: float
    text: str


@dataclass(frozen=True, repr=False)
class Duplicates(Listing[Alike]):
    """Groups, the largest first. `extra`: the rows that could go, all but the first of each group.

    `exact` of them stand there word for word before, `near` nearly; `groups` in all, of which the first are listed.
    """

    alike: tuple[Alike, ...]
    groups: int
    exact: int
    near: int
    threshold: float | None
    extra: array[int]
    looked: Looked

    def _items(self) -> tuple[Alike, ...]:
        return self.alike

    def brief(self) -> list[str]:
        return [" ".join(map(str, one.rows)) for one in self.alike]


@dataclass(frozen=True, repr=False)
class Leak(Value):
    """Row `row` of the split that is tested is (nearly) row `source` of the one that is learned from."""

    row: int
    source: int
    how: How
    likeness: float
    text: str


@dataclass(frozen=True, repr=False)
class Leakage(Listing[Leak]):
    """What of `tested` stands in `looked`. `extra`: all such rows of it; the first leaks are listed."""

    leaks: tuple[Leak, ...]
    exact: int
    near: int
    threshold: float | None
    extra: array[int]
    looked: Looked
    tested: Looked

    def _items(self) -> tuple[Leak, ...]:
        return self.leaks

    def brief(self) -> list[str]:
        return [f"{one.row}\t{one.source}" for one in self.leaks]
