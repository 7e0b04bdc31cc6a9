"""What belongs to somebody, and where it stands; never the thing itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hf_nb.values.base import Listing, Value

if TYPE_CHECKING:
    from hf_nb.values.looked import Looked


@dataclass(frozen=True, repr=False)
class Trace(Value):
    """One piece of it: row, column, and the value with most of it hidden."""

    kind: str
    row: int
    column: str
    masked: str


@dataclass(frozen=True, repr=False)
class Personal(Listing[Trace]):
    """`kinds`: how many pieces of each kind; `holding`: rows with some. The first traces of each kind are listed."""

    traces: tuple[Trace, ...]
    kinds: tuple[tuple[str, int], ...]
    holding: int
    looked: Looked

    def _items(self) -> tuple[Trace, ...]:
        return self.traces

    def brief(self) -> list[str]:
        return [f"{one.row}\t{one.column}\t{one.kind}" for one in self.traces]
