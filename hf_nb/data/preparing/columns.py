"""Which columns are looked at, where nobody said: a row's own number makes no two rows different."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hf_nb.data.preparing import texts
from hf_nb.data.rows import picked
from hf_nb.errors import BadInput

if TYPE_CHECKING:
    from hf_nb.data.source import Source

_NUMBER = re.compile(r"(?i)(^|[_-])(id|idx|uuid|guid|key|rowid|index(_level_\d+__)?)$")
LOOKED = 500  # rows that say whether such a column numbers them


def compared(columns: str | Sequence[str] | None, source: Source) -> tuple[list[str], str]:
    """The columns by which rows are compared, and what is to be said of it."""
    chosen = picked(columns, source)
    if chosen:
        return chosen, ""
    names = list(dict.fromkeys(source.schema.names))
    numbers = [name for name in names if _NUMBER.search(name)]
    if numbers:
        first = source.read(0, LOOKED, numbers)
        numbers = [name for at, name in enumerate(numbers) if _all_different(first.column(at))]
    left = [name for name in names if name not in numbers]
    if not left or not numbers:
        return names, ""
    return left, f"Not compared: {', '.join(numbers[:5])}, of which every row has its own."


def _all_different(column: Any) -> bool:
    from pyarrow import compute

    try:
        return len(column) > 1 and compute.count_distinct(column, mode="all").as_py() == len(column)
    except Exception:  # noqa: BLE001 -- a list has no order; pyarrow's own classes
        return False


def textual(columns: str | Sequence[str] | None, source: Source, *, nested: bool = True) -> list[str]:
    """The columns that were named, or all that hold text."""
    fits = texts.holds_text if nested else texts.is_text
    chosen = picked(columns, source)
    names = chosen or list(dict.fromkeys(source.schema.names))
    found = [name for name in names if fits(source.schema.field(source.schema.get_field_index(name)).type)]
    if not found:
        said = f"{chosen[0]!r} holds no text." if chosen else "No column holds text."
        raise BadInput(said, f"Columns: {', '.join(source.schema.names[:20])}")
    return found


def one_text(column: str | None, source: Source) -> str:
    """The column that was named, or the one whose texts are the longest."""
    if column is not None:
        return textual([column], source)[0]
    there = textual(None, source)
    if len(there) == 1:
        return there[0]
    first = source.read(0, 100, there)
    lengths = [sum(len(one or "") for one in texts.cells(first.column(at))) for at in range(len(there))]
    return there[lengths.index(max(lengths))]
