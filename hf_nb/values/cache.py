"""What lies in the local cache, and what a trim took out of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hf_nb.values.base import Kind, Listing, Value

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


class _Revisions(Listing[CachedRevision]):
    """What values made of cached revisions share."""

    revisions: tuple[CachedRevision, ...]

    def _items(self) -> tuple[CachedRevision, ...]:
        return self.revisions

    def brief(self) -> list[str]:
        return [line for one in self.revisions for line in one.brief()]


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
