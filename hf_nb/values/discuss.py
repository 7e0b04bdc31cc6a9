"""What people say about a repository, and what they propose to change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hf_nb.values.base import Kind, Listing, Value
from hf_nb.values.diff import Diff

Said = Literal["comment", "status", "commit", "title", "other"]


@dataclass(frozen=True, repr=False)
class Discussion(Value):
    """One line of the list."""

    num: int
    title: str
    status: str
    author: str
    created: datetime | None
    pull_request: bool
    comments: int | None = None

    def brief(self) -> list[str]:
        return [str(self.num)]


@dataclass(frozen=True, repr=False)
class Discussions(Listing[Discussion]):
    """Discussions and pull requests, the newest first. `more`: the Hub has further ones."""

    kind: Kind
    id: str
    status: str
    rows: tuple[Discussion, ...]
    more: bool
    hub: str
    note: str | None = None

    def _items(self) -> tuple[Discussion, ...]:
        return self.rows

    def brief(self) -> list[str]:
        return [str(one.num) for one in self.rows]


@dataclass(frozen=True, repr=False)
class Event(Value):
    """One thing that happened: a comment with its Markdown, a commit, another title or status."""

    sort: Said
    author: str
    when: datetime | None
    text: str = ""
    commit: str | None = None
    edited: bool = False
    hidden: bool = False


@dataclass(frozen=True, repr=False)
class Thread(Value):
    """A discussion with everything that was said; a pull request with what it changes."""

    kind: Kind
    id: str
    num: int
    title: str
    status: str
    author: str
    created: datetime | None
    pull_request: bool
    events: tuple[Event, ...]
    url: str
    target: str | None = None
    conflicts: tuple[str, ...] = ()
    merged_as: str | None = None
    diff: Diff | None = None
    note: str | None = None

    def brief(self) -> list[str]:
        return [self.url]
