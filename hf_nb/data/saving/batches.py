"""A table in pieces of a few megabytes, one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from hf_nb.data.files import meter

if TYPE_CHECKING:
    import pyarrow

BYTES = 16_000_000  # of a piece in memory
FIRST, MOST = 1_000, 200_000  # rows of a piece

Reader = Callable[[int, int, Sequence[str] | None], "pyarrow.Table"]


def batches(
    read: Reader, offset: int, limit: int | None, columns: Sequence[str] | None
) -> Iterator[pyarrow.Table]:
    """Pieces from `offset` on, `limit` rows or all; as many rows each as fit. The first one always, for its schema."""
    rows, done = FIRST, 0
    while limit is None or done < limit or not done:
        meter.look()
        asked = rows if limit is None else min(rows, limit - done)
        piece = read(offset + done, asked, columns)
        if piece.num_rows or not done:
            yield piece
        if piece.num_rows < asked or not asked:
            return
        done += piece.num_rows
        each = max(1, piece.nbytes // piece.num_rows)
        rows = max(1, min(MOST, 4 * rows, BYTES // each))
