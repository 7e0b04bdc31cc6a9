"""The little of FlatBuffers that Arrow's headers need, every place checked against the buffer's length."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from hf_nb.errors import Broken


@dataclass(frozen=True)
class Table:
    """A table of fields, by their number in Arrow's format."""

    buffer: bytes
    at: int

    def number(self, field: int, form: str, otherwise: int = 0) -> int:
        """A plain value."""
        place = self._place(field)
        return otherwise if place is None else _unpack(form, self.buffer, place)

    def table(self, field: int) -> Table | None:
        """A table it holds."""
        place = self._place(field)
        return None if place is None else Table(self.buffer, place + _unpack("<I", self.buffer, place))

    def vector(self, field: int) -> tuple[int, int]:
        """Where a list's first element is, and how many there are."""
        place = self._place(field)
        if place is None:
            return 0, 0
        start = place + _unpack("<I", self.buffer, place)
        return start + 4, _unpack("<I", self.buffer, start)

    def _place(self, field: int) -> int | None:
        fields = self.at - _unpack("<i", self.buffer, self.at)
        if 4 + 2 * field >= _unpack("<H", self.buffer, fields):
            return None
        offset = _unpack("<H", self.buffer, fields + 4 + 2 * field)
        return self.at + offset if offset else None


def root(buffer: bytes) -> Table:
    """The outermost table."""
    return Table(buffer, _unpack("<I", buffer, 0))


def _unpack(form: str, buffer: bytes, at: int) -> int:
    if at < 0 or at + struct.calcsize(form) > len(buffer):
        raise Broken("An Arrow header makes no sense.", "Is the file whole?")
    return int(struct.unpack_from(form, buffer, at)[0])
