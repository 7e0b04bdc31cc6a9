"""Branches, tags and commits of one repository."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, overload

from hf_nb.values.base import Kind, Value

if TYPE_CHECKING:
    import pandas

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
class Refs(Value, Sequence[Ref]):
    """Every branch, tag and pull request of a repository."""

    kind: Kind
    id: str
    refs: tuple[Ref, ...]
    hub: str
    note: str | None = None

    def __len__(self) -> int:
        return len(self.refs)

    @overload
    def __getitem__(self, index: int) -> Ref: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Ref, ...]: ...
    def __getitem__(self, index: int | slice) -> Ref | tuple[Ref, ...]:
        return self.refs[index]

    def __iter__(self) -> Iterator[Ref]:
        return iter(self.refs)

    def brief(self) -> list[str]:
        return [one.ref for one in self.refs]

    def to_pandas(self) -> pandas.DataFrame:
        """One row per name."""
        return _frame(self.refs)


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
class Log(Value, Sequence[Commit]):
    """Commits, the newest first. `older` is where the next page begins: a revision to ask `log` for."""

    kind: Kind
    id: str
    revision: str
    commits: tuple[Commit, ...]
    older: str | None
    hub: str
    note: str | None = None

    def __len__(self) -> int:
        return len(self.commits)

    @overload
    def __getitem__(self, index: int) -> Commit: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Commit, ...]: ...
    def __getitem__(self, index: int | slice) -> Commit | tuple[Commit, ...]:
        return self.commits[index]

    def __iter__(self) -> Iterator[Commit]:
        return iter(self.commits)

    def brief(self) -> list[str]:
        return [one.id for one in self.commits]

    def to_pandas(self) -> pandas.DataFrame:
        """One row per commit."""
        return _frame(self.commits)


def _frame(rows: Sequence[Value]) -> pandas.DataFrame:
    from hf_nb.plumbing.extras import require

    frame: pandas.DataFrame = require("pandas", "data", "to_pandas()").DataFrame(
        [row.to_dict() for row in rows]
    )
    return frame
