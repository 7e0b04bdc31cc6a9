"""A table made ready."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hf_nb.values.base import Listing, Value

if TYPE_CHECKING:
    from hf_nb.values.looked import Looked


@dataclass(frozen=True, repr=False)
class Shard(Value):
    """One file of it."""

    path: str
    split: str
    rows: int
    bytes: int


@dataclass(frozen=True, repr=False)
class Prepared(Listing[Shard]):
    """The files in `folder`, `splits` with their rows, and how much of it was there from a run that broke off."""

    folder: str
    splits: tuple[tuple[str, int], ...]
    columns: tuple[str, ...]
    shards: tuple[Shard, ...]
    resumed: int
    blocks: int
    seconds: float
    looked: Looked

    def _items(self) -> tuple[Shard, ...]:
        return self.shards

    def brief(self) -> list[str]:
        return [one.path for one in self.shards]
