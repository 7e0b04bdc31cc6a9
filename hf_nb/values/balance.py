"""The classes of a column, and how uneven they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hf_nb.values.base import Listing, Value

if TYPE_CHECKING:
    from hf_nb.values.looked import Looked


@dataclass(frozen=True, repr=False)
class ClassCount(Value):
    """One of them. `share`: of the rows that have one."""

    name: str
    rows: int
    share: float


@dataclass(frozen=True, repr=False)
class Balance(Listing[ClassCount]):
    """The largest first. `even`: as many classes of one size as would be as mixed as these (2 of 5: two rule)."""

    column: str
    classes: tuple[ClassCount, ...]
    missing: int
    even: float
    said: str
    looked: Looked

    def _items(self) -> tuple[ClassCount, ...]:
        return self.classes

    def brief(self) -> list[str]:
        return [f"{one.name}\t{one.rows}" for one in self.classes]
