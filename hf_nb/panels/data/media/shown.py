"""A picture or a sound, ready for a page."""

from __future__ import annotations

from dataclasses import dataclass

# Bytes of one: a message holds half a megabyte, and some words beside it.
LONGEST = 500_000


@dataclass(frozen=True)
class Shown:
    """`text` says what it is: "64 × 64, PNG, 2.1 KB"."""

    bytes: bytes
    mime: str
    text: str
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
