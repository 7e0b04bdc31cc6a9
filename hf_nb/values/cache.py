"""What lies in the local cache, and what a trim took out of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, overload

from hf_nb.values.base import Kind, Value

if TYPE_CHECKING:
    import pandas

CacheState = Literal["cached", "loading", "partial", "available", "damaged"]


@dataclass(frozen=True, repr=False)
class CachedRevision(Value):
    """One commit of one repository on this disk; `bytes` of its own are those no other commit shares."""

    kind: Kind
    repo: str
    commit: str
    refs: tuple[str, ...]
    size: int
    files: int
    used: datetime | None
    state: CacheState
    pinned: bool = False
    in_use: bool = False
    note: str = ""
    path: str = ""

    @property
    def id(self) -> str:
        """As a line names it: owner/name, datasets/owner/name."""
        return self.repo if self.kind == "model" else f"{self.kind}s/{self.repo}"

    def brief(self) -> list[str]:
        return [f"{self.id}@{self.commit}" if self.commit else self.id]


class _Revisions(Value, Sequence[CachedRevision]):
    """What values made of cached revisions share."""

    revisions: tuple[CachedRevision, ...]

    def __len__(self) -> int:
        return len(self.revisions)

    @overload
    def __getitem__(self, index: int) -> CachedRevision: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[CachedRevision, ...]: ...
    def __getitem__(self, index: int | slice) -> CachedRevision | tuple[CachedRevision, ...]:
        return self.revisions[index]

    def __iter__(self) -> Iterator[CachedRevision]:
        return iter(self.revisions)

    def brief(self) -> list[str]:
        return [line for one in self.revisions for line in one.brief()]

    def to_pandas(self) -> pandas.DataFrame:
        """One row per revision."""
        from hf_nb.plumbing.extras import require

        frame: pandas.DataFrame = require("pandas", "data", "to_pandas()").DataFrame(
            [one.to_dict() for one in self.revisions]
        )
        return frame


@dataclass(frozen=True, repr=False)
class CacheStatus(_Revisions):
    """The cache, most recently used first. `size` counts what several revisions share once."""

    revisions: tuple[CachedRevision, ...]
    folder: str
    size: int
    free: int | None = None
    budget: int = 0
    parts: int = 0
    verified: int | None = None
    of: str = ""


@dataclass(frozen=True, repr=False)
class Trimmed(_Revisions):
    """What was removed (or would be), least recently used first; `kept` may not go, and says why."""

    revisions: tuple[CachedRevision, ...]
    freed: int
    size: int
    budget: int
    dry_run: bool = False
    kept: tuple[CachedRevision, ...] = ()

    @property
    def enough(self) -> bool:
        """Whether the cache is inside the budget now."""
        return self.size <= self.budget
