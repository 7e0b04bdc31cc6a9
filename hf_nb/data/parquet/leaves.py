"""A column of several leaves, put together from its leaves, each decoded by itself.

Leaves of one list must agree on how long it is in every row that is decoded, and their pages seldom begin with the
same row. So each is decoded with its siblings left out, cut to the wanted rows, and only then are they joined.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow


def can_join(kind: pyarrow.DataType) -> bool:
    """Whether leaves of this type can be decoded alone: in lists and structs, not in maps."""
    from pyarrow import types

    if types.is_struct(kind):
        return all(can_join(kind.field(at).type) for at in range(kind.num_fields))
    if types.is_list(kind) or types.is_large_list(kind):
        return can_join(kind.value_type)
    return not types.is_nested(kind) or (
        types.is_fixed_size_list(kind) and not types.is_nested(kind.value_type)
    )


def joined(parts: Sequence[Any], kind: pyarrow.DataType) -> Any:
    """One array of `kind` out of arrays that each hold a part of its leaves."""
    from pyarrow import types

    if len(parts) == 1 and parts[0].type == kind:
        return parts[0]
    if types.is_struct(kind):
        return _struct(parts, kind)
    if types.is_list(kind) or types.is_large_list(kind):
        return _list(parts, kind)
    raise ValueError("its leaves do not fit together")


def _struct(parts: Sequence[Any], kind: Any) -> Any:
    import pyarrow
    from pyarrow import compute

    children = []
    for at in range(kind.num_fields):
        field = kind.field(at)
        holding = [part.field(field.name) for part in parts if part.type.get_field_index(field.name) >= 0]
        children.append(joined(holding, field.type))
    fields = [kind.field(at) for at in range(kind.num_fields)]
    return pyarrow.StructArray.from_arrays(children, fields=fields, mask=compute.is_null(parts[0]))


def _list(parts: Sequence[Any], kind: Any) -> Any:
    import pyarrow
    from pyarrow import compute, types

    first = parts[0]
    offsets = _offsets(first)
    if any(not _offsets(part).equals(offsets) for part in parts[1:]):
        raise ValueError("its lists differ in length")
    values = joined([_values(part) for part in parts], kind.value_type)
    array = pyarrow.LargeListArray if types.is_large_list(kind) else pyarrow.ListArray
    return array.from_arrays(offsets, values, type=kind, mask=compute.is_null(first))


def _offsets(part: Any) -> Any:
    from pyarrow import compute

    return compute.subtract(part.offsets, part.offsets[0])


def _values(part: Any) -> Any:
    begin, end = part.offsets[0].as_py(), part.offsets[-1].as_py()
    return part.values.slice(begin, end - begin)
