"""The texts of a cell as one SQL text, whatever they are nested in: a conversation is searched in its turns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_nb.data.query.names import text

if TYPE_CHECKING:
    import pyarrow

DEEPEST = 12  # levels of nesting that are looked into


def said(kind: pyarrow.DataType, value: str, depth: int = 0) -> str | None:
    """SQL for the texts of `value`, a line each; None where this type holds no text."""
    from pyarrow import types

    while hasattr(kind, "storage_type"):
        kind = kind.storage_type
    if types.is_dictionary(kind) or types.is_run_end_encoded(kind):
        return said(kind.value_type, value, depth)
    if types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind):
        return value
    if depth >= DEEPEST:
        return None
    if types.is_struct(kind):
        return _struct(kind, value, depth)
    if types.is_map(kind):
        sides = [
            _each(side, f"{name}({value})", depth)
            for name, side in (("map_keys", kind.key_type), ("map_values", kind.item_type))
        ]
        return _lines([side for side in sides if side])
    if _is_list(kind):
        return _each(kind.value_type, value, depth)
    return None


def _struct(kind: pyarrow.DataType, value: str, depth: int) -> str | None:
    fields = [kind.field(at) for at in range(kind.num_fields)]
    if {field.name for field in fields} == {"bytes", "path"}:
        return None  # a picture or a sound: the name of its file is no text of it
    names = [field.name.lower() for field in fields]
    parts = [
        said(field.type, f"struct_extract({value}, {text(field.name)})", depth + 1)
        for field, name in zip(fields, names, strict=True)
        if names.count(name) == 1  # DuckDB cannot tell the others apart
    ]
    return _lines([part for part in parts if part])


def _each(kind: pyarrow.DataType, value: str, depth: int) -> str | None:
    from pyarrow import types

    one = f"x{depth}"
    inner = said(kind, one, depth + 1)
    if inner is None:
        return None
    size = f"{value}::VARCHAR[]" if types.is_fixed_size_list(kind) else value
    each = size if inner == one else f"list_transform({size}, lambda {one}: {inner})"
    return f"array_to_string({each}, chr(10))"


def _lines(parts: list[str]) -> str | None:
    return None if not parts else f"concat_ws(chr(10), {', '.join(parts)})"


def _is_list(kind: pyarrow.DataType) -> bool:
    from pyarrow import types

    return any(
        is_one(kind)
        for is_one in (
            types.is_list,
            types.is_large_list,
            types.is_fixed_size_list,
            types.is_list_view,
            types.is_large_list_view,
        )
    )
