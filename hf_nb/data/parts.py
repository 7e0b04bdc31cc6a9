"""One file, or one thing in memory, as rows. A Source is made of such parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import pyarrow


@dataclass(frozen=True)
class Block:
    """Rows that can be read without their neighbours. `bytes`: what fetching them for the asked columns moves."""

    first: int
    rows: int
    bytes: int


@dataclass(frozen=True)
class Facts:
    """What a file says about one of its columns by itself: exact, and free. None: it does not say."""

    nulls: int | None = None
    low: Any = None
    high: Any = None
    distinct: int | None = None

    def of_some(self, rows: int, all_: int) -> Facts:
        """What it says of some of the rows it is about: how many of them are missing only where none is, or each."""
        if rows == all_ or self.nulls in (None, 0):
            return self
        return Facts(rows if self.nulls == all_ else None, self.low, self.high)


class Part(Protocol):
    """Thread-safe. What it reads is counted by `files.meter`."""

    @property
    def name(self) -> str:
        """For people: the file's path."""

    @property
    def bytes(self) -> int | None:
        """The whole of it, as stored."""

    @property
    def schema(self) -> pyarrow.Schema:
        """Its columns. May read a little."""

    @property
    def rows(self) -> int | None:
        """None while nobody knows: before its footer was read, or its end reached."""

    def count(self) -> int:
        """How many rows, whatever it takes: a footer, or the whole file."""

    def read(self, start: int, count: int, columns: Sequence[str] | None = None) -> pyarrow.Table:
        """Rows from `start`: `count` of them, or fewer at the end. Columns in the order asked for."""

    def cost(self, start: int, count: int, columns: Sequence[str] | None = None) -> int:
        """Bytes that reading them would move now, as well as that is known; what is kept costs nothing."""

    def blocks(self, columns: Sequence[str] | None = None) -> Sequence[Block]:
        """All its rows, in order, in the smallest runs that can be read by themselves."""

    def facts(self) -> Mapping[str, Facts]:
        """Of the columns it says something about."""
