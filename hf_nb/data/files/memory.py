"""A file that is in memory."""

from __future__ import annotations

from collections.abc import Sequence

from hf_nb.data.files import meter
from hf_nb.data.files.file import Range


class Memory:
    """Bytes under a name."""

    remote = False

    def __init__(self, content: bytes, name: str = "memory") -> None:
        self.content, self.name = content, name

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.content)

    def tail(self, count: int) -> bytes:
        """The last bytes."""
        return self.content[max(0, self.size - count) :]

    def read(self, ranges: Sequence[Range]) -> list[bytes]:
        """The bytes of each range."""
        meter.look()
        return [self.content[one.begin : max(one.begin, one.end)] for one in ranges]

    def cost(self, ranges: Sequence[Range]) -> int:
        """Nothing is moved."""
        return 0
