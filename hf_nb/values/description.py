"""What the columns of a table hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hf_nb.values.base import Listing

if TYPE_CHECKING:
    from hf_nb.values.data import Column, Origin
    from hf_nb.values.summaries import Summary


@dataclass(frozen=True, repr=False)
class Description(Listing["Summary"]):
    """A summary per column. `rows`: of the table, or of those that were asked for; None while nobody knows."""

    origin: Origin
    columns: tuple[Column, ...]
    summaries: tuple[Summary, ...]
    rows: int | None = None
    moved: int = 0
    requests: int = 0
    of: str = ""  # the condition its rows meet

    def _items(self) -> tuple[Summary, ...]:
        return self.summaries

    def to_dict(self) -> dict[str, Any]:
        """A row per column."""
        return {
            "origin": self.origin.to_dict(),
            "rows_described": self.rows,
            "where": self.of,
            "moved": self.moved,
            "requests": self.requests,
            "rows": [
                {"type": column.type, **summary.to_dict()}
                for column, summary in zip(self.columns, self.summaries, strict=True)
            ],
        }

    def brief(self) -> list[str]:
        return [one.name for one in self.columns]
