"""What people say about a repository, and what they propose to change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, overload

from hf_nb.values.base import Kind, Value
from hf_nb.values.diff import Diff

if TYPE_CHECKING:
    import pandas

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
class Discussions(Value, Sequence[Discussion]):
    """Discussions and pull requests, the newest first. `more`: the Hub has further ones."""

    kind: Kind
    id: str
    status: str
    rows: tuple[Discussion, ...]
    more: bool
    hub: str
    note: str | None = None

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, index: int) -> Discussion: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Discussion, ...]: ...
    def __getitem__(self, index: int | slice) -> Discussion | tuple[Discussion, ...]:
        return self.rows[index]

    def __iter__(self) -> Iterator[Discussion]:
        return iter(self.rows)

    def brief(self) -> list[str]:
        return [str(one.num) for one in self.rows]

    def to_pandas(self) -> pandas.DataFrame:
        """One row per discussion."""
        from hf_nb.plumbing.extras import require

        frame: pandas.DataFrame = require("pandas", "data", "to_pandas()").DataFrame(
            [row.to_dict() for row in self.rows]
        )
        return frame


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
