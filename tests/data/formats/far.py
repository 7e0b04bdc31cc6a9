"""A file as another machine's: what is read of it is counted, and may be refused."""

from __future__ import annotations

from collections.abc import Sequence

from hf_nb.data.files import meter
from hf_nb.data.files.file import Range


class Far:
    """Bytes that cost something."""

    remote = True

    def __init__(self, content: bytes, name: str) -> None:
        self.content, self.name, self.size = content, name, len(content)
        self.read_of: list[Range] = []

    def tail(self, count: int) -> bytes:
        return self.read([Range(max(0, self.size - count), self.size)])[0]

    def read(self, ranges: Sequence[Range]) -> list[bytes]:
        meter.may(sum(map(len, ranges)), f"This part of {self.name}")
        meter.moved(sum(map(len, ranges)), requests=1)
        self.read_of += ranges
        return [self.content[one.begin : one.end] for one in ranges]

    def cost(self, ranges: Sequence[Range]) -> int:
        return sum(map(len, ranges))
