"""Repositories in a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, overload

from hf_nb.values.base import Kind, Value

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, repr=False)
class Row(Value):
    """One repository in a list."""

    kind: Kind
    id: str
    task: str | None = None
    library: str | None = None
    licence: str | None = None
    languages: tuple[str, ...] = ()
    parameters: int | None = None
    downloads: int | None = None
    likes: int | None = None
    updated: datetime | None = None
    gated: str | None = None
    private: bool = False
    size: str | None = None
    sdk: str | None = None
    stage: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class SearchResult(Value, Sequence[Row]):
    """Rows of one kind, in the order asked for. `more`: the Hub has further ones."""

    kind: Kind
    query: dict[str, Any]
    rows: tuple[Row, ...]
    more: bool
    hub: str

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Row, ...]: ...
    def __getitem__(self, index: int | slice) -> Row | tuple[Row, ...]:
        return self.rows[index]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    @property
    def ids(self) -> list[str]:
        """The ids alone."""
        return [row.id for row in self.rows]

    def brief(self) -> list[str]:
        return self.ids

    def to_pandas(self) -> pandas.DataFrame:
        """One row per repository."""
        from hf_nb.plumbing.extras import require

        frame: pandas.DataFrame = require("pandas", "data", "to_pandas()").DataFrame(
            [row.to_dict() for row in self.rows]
        )
        return frame
