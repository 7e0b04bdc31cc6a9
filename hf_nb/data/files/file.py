"""A file that is read in parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, order=True)
class Range:
    """Bytes from `begin` up to `end`."""

    begin: int
    end: int

    def __len__(self) -> int:
        return max(0, self.end - self.begin)


class File(Protocol):
    """One file. Reading is thread-safe; what it moves is told to the meters that count (`files.meter`)."""

    @property
    def name(self) -> str:
        """For people: a path in its repository, on the disk, or an address without what is secret in it."""

    @property
    def remote(self) -> bool:
        """Whether reading it moves bytes over a network."""

    @property
    def size(self) -> int:
        """Bytes; asked for when nobody knows it yet."""

    def tail(self, count: int) -> bytes:
        """The last bytes: one request, which tells the size too."""

    def read(self, ranges: Sequence[Range]) -> list[bytes]:
        """The bytes of each range, in this order. Near ones are fetched together, far ones at the same time.

        Shorter only where the file ends before the range does.
        """

    def cost(self, ranges: Sequence[Range]) -> int:
        """Bytes that would be moved by reading them now: what is kept costs nothing."""
