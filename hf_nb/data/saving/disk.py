"""A file for writers that cannot be told of a full disk: Arrow's Parquet, cut by content, ends the process with it."""

from __future__ import annotations

from typing import BinaryIO


class Disk:
    """Takes everything; what went wrong is raised by `check`, and nothing more is written after it."""

    def __init__(self, into: BinaryIO) -> None:
        self._into, self._at = into, 0
        self._wrong: Exception | None = None

    @property
    def closed(self) -> bool:
        """It is its owner's to close."""
        return False

    def write(self, content: bytes) -> int:
        """Written, as far as that goes."""
        size = memoryview(content).nbytes
        self._at += size
        if self._wrong is None:
            try:
                self._into.write(content)
            except (OSError, ValueError) as wrong:
                # full; or closed, when a writer that failed is cleared away
                self._wrong = wrong
        return size

    def tell(self) -> int:
        """How much it took."""
        return self._at

    def flush(self) -> None:
        """When its owner does."""

    def check(self) -> None:
        """Raises what went wrong."""
        if self._wrong is not None:
            raise self._wrong
