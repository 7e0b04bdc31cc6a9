"""What was looked at, and what that took: a part of everything that is said of a whole table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hf_nb.values.base import Value

if TYPE_CHECKING:
    from hf_nb.values.data import Origin


@dataclass(frozen=True, repr=False)
class Looked(Value):
    """`rows` of `of` (None while nobody knows how many there are), by these columns."""

    origin: Origin
    rows: int
    of: int | None
    columns: tuple[str, ...]
    moved: int = 0
    requests: int = 0
    notes: tuple[str, ...] = ()

    @property
    def all(self) -> bool:
        """Whether nothing was left out."""
        return self.of is not None and self.rows >= self.of
