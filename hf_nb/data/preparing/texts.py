"""What of a row is text: cells as they are, and those inside lists and objects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from hf_nb.values.rows import python

if TYPE_CHECKING:
    import pyarrow

_WHO = {"role", "from"}  # of a message: who says it is no part of what is said
DEEP = 32


def is_text(kind: pyarrow.DataType) -> bool:
    """Whether its cells are texts."""
    from pyarrow import types

    if types.is_dictionary(kind):
        return is_text(kind.value_type)
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def holds_text(kind: pyarrow.DataType, deep: int = 0) -> bool:
    """Whether its cells are texts, or have some inside."""
    from pyarrow import types

    if types.is_map(kind):
        return holds_text(kind.key_type, deep + 1) or holds_text(kind.item_type, deep + 1)
    if types.is_struct(kind):
        return deep < DEEP and any(holds_text(kind.field(at).type, deep + 1) for at in range(kind.num_fields))
    if types.is_nested(kind) and not types.is_union(kind) and not types.is_dictionary(kind):
        return deep < DEEP and holds_text(kind.value_type, deep + 1)
    return is_text(kind)


def cells(column: pyarrow.ChunkedArray) -> list[str | None]:
    """A text per row; of a list or an object the texts in it, a line each."""
    values = python(column)
    if is_text(column.type):
        return [None if one is None else str(one) for one in values]
    return [None if one is None else "\n".join(_inside(one)) for one in values]


def rows(table: pyarrow.Table) -> list[str]:
    """The texts of each row, a line per column."""
    columns = [cells(column) for column in table.columns]
    if len(columns) == 1:
        return [one or "" for one in columns[0]]
    return ["\n".join(one for one in row if one) for row in zip(*columns, strict=True)]


def _inside(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        skipped = (
            _WHO if any(key not in _WHO and isinstance(one, str) for key, one in value.items()) else set()
        )
        for key, one in value.items():
            if key not in skipped:
                yield from _inside(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _inside(one)
