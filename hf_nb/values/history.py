"""Branches, tags and commits of one repository."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hf_nb.values.base import Kind, Listing, Value

Sort = Literal["branch", "tag", "pull request", "convert"]


@dataclass(frozen=True, repr=False)
class Ref(Value):
    """A name for a commit. `ref` is what a revision may be: a branch's or tag's name, `refs/pr/3`."""

    sort: Sort
    name: str
    ref: str
    commit: str

    def brief(self) -> list[str]:
        return [self.ref]


@dataclass(frozen=True, repr=False)
class Refs(Listing[Ref]):
    """Every branch, tag and pull request of a repository."""

    kind: Kind
    id: str
    refs: tuple[Ref, ...]
    hub: str
    note: str | None = None

    def _items(self) -> tuple[Ref, ...]:
        return self.refs

    def brief(self) -> list[str]:
        return [one.ref for one in self.refs]


@dataclass(frozen=True, repr=False)
class Commit(Value):
    """One commit: who, when, and what it says of itself."""

    id: str
    title: str
    message: str = ""
    authors: tuple[str, ...] = ()
    date: datetime | None = None

    def brief(self) -> list[str]:
        return [self.id]


@dataclass(frozen=True, repr=False)
class Log(Listing[Commit]):
    """Commits, the newest first. `older` is where the next page begins: a revision to ask `log` for."""

    kind: Kind
    id: str
    revision: str
    commits: tuple[Commit, ...]
    older: str | None
    hub: str
    note: str | None = None

    def _items(self) -> tuple[Commit, ...]:
        return self.commits

    def brief(self) -> list[str]:
        return [one.id for one in self.commits]
