"""Arrow arrays as cells: by column, and never more of a long value than is shown."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from hf_nb.render.stored import MEDIA, Cell, described, marks, media, shortened, shown, words

if TYPE_CHECKING:
    import pyarrow

    from hf_nb.values.data import Column

# A sign may be made of several characters: so many more are read, to end between two signs.
OVER = 40


def cells(array: pyarrow.Array, column: Column, chars: int) -> list[Cell]:
    """By how it is stored."""
    import pyarrow
    from pyarrow import types

    kind = array.type
    if isinstance(kind, pyarrow.BaseExtensionType):
        return cells(array.storage, column, chars)
    if types.is_null(kind):
        return [None] * len(array)
    if types.is_dictionary(kind):
        known = cells(array.dictionary, column, chars)
        return [None if at is None else known[at] for at in array.indices.to_pylist()]
    if types.is_run_end_encoded(kind):
        import pyarrow.compute

        return cells(pyarrow.compute.run_end_decode(array), column, chars)
    if column.kind in MEDIA or _is_bytes(kind):
        return _media(array)
    if types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind):
        return _texts(array, chars)
    if types.is_nested(kind):
        return _nested(array, column, chars)
    return _plain(array, column, chars)


def _is_bytes(kind: Any) -> bool:
    from pyarrow import types

    return bool(
        types.is_binary(kind)
        or types.is_large_binary(kind)
        or types.is_binary_view(kind)
        or types.is_fixed_size_binary(kind)
    )


def _media(array: pyarrow.Array) -> list[Cell]:
    """Bytes, or a struct of bytes and a path; only their beginnings are touched."""
    from pyarrow import types

    paths: list[Any] = [None] * len(array)
    data = array
    if types.is_struct(array.type):
        names = array.type.names
        data = array.field("bytes") if "bytes" in names else None
        paths = array.field("path").to_pylist() if "path" in names else paths
    elif not _is_bytes(array.type):  # a path alone, or something nobody foresaw
        return [None if one is None else _of_media(str(one)) for one in array.to_pylist()]
    valid = array.is_valid().to_pylist()
    return [_medium(data, at, paths[at]) if valid[at] else None for at in range(len(array))]


def _medium(data: Any, at: int, path: str | None) -> Cell:
    one = data[at] if data is not None else None
    if one is None or not one.is_valid:
        return _of_media(words.stored_file({"path": path})) if path else None
    held = one.as_buffer()
    return _of_media(described(held[: min(held.size, media.READ)].to_pybytes(), held.size))


def _of_media(said: str) -> Cell:
    return {"text": marks.visible(said), "media": True}


def _texts(array: pyarrow.Array, chars: int) -> list[Cell]:
    import pyarrow
    from pyarrow import compute

    if pyarrow.types.is_string_view(array.type):
        array = array.cast(pyarrow.large_string())
    longest = compute.max(compute.binary_length(array)).as_py() or 0
    try:
        if longest <= chars:
            return [None if one is None else marks.visible(one) for one in array.to_pylist()]
        heads = compute.utf8_slice_codeunits(array, 0, chars + OVER).to_pylist()
        lengths = compute.utf8_length(array).to_pylist()
    except (pyarrow.ArrowInvalid, UnicodeDecodeError):  # bytes that are no text were stored as one
        return [_broken(one, chars) for one in array]
    return [
        None if head is None else shortened(head, chars, length)
        for head, length in zip(heads, lengths, strict=True)
    ]


def _broken(one: Any, chars: int) -> Cell:
    """Bytes that are no text, as far as they are one."""
    if not one.is_valid:
        return None
    held = one.as_buffer()
    head = held[: min(held.size, 4 * (chars + OVER))].to_pybytes().decode("utf-8", "replace")
    return shortened(head, chars, None if len(head) <= chars else max(len(head), held.size // 4))


def _plain(array: pyarrow.Array, column: Column, chars: int) -> list[Cell]:
    from pyarrow import types

    kind = array.type
    if column.kind == "label" and types.is_integer(kind):
        return [shown(one, column, chars) for one in array.to_pylist()]
    if types.is_floating(kind):
        return [None if one is None else words.number(one) for one in _floats(array)]
    if types.is_interval(kind):
        return [None if one is None else _interval(*one) for one in array.to_pylist()]
    if types.is_duration(kind):
        return [None if one is None else _duration(one, kind.unit) for one in array.cast("int64").to_pylist()]
    if types.is_temporal(kind):
        return [None if one is None else words.moment(one) for one in _times(array)]
    return [None if one is None else shortened(words.one(one), chars) for one in array.to_pylist()]


def _floats(array: pyarrow.Array) -> list[str | None]:
    """The fewest digits that give the same number again, of its own width."""
    values = array.drop_null().to_numpy(zero_copy_only=False)
    said = iter(map(repr, values.tolist()) if array.type.bit_width == 64 else map(str, values))
    return [next(said) if there else None for there in array.is_valid().to_pylist()]


def _times(array: pyarrow.Array) -> list[str | None]:
    import pyarrow

    try:
        said: list[str | None] = array.cast(pyarrow.string()).to_pylist()
    except pyarrow.ArrowException:  # a zone this machine does not know
        unzoned = array.cast(pyarrow.timestamp(array.type.unit))
        said = [one and f"{one} UTC" for one in unzoned.cast(pyarrow.string()).to_pylist()]
    return said


def _duration(count: int, unit: str) -> str:
    nanos = count * {"s": 1_000_000_000, "ms": 1_000_000, "us": 1000, "ns": 1}[unit]
    days, left = divmod(nanos, 86_400_000_000_000)
    return words.duration(days, *divmod(left, 1_000_000_000))


def _interval(months: int, days: int, nanos: int) -> str:
    return f"{months} months {_duration(days * 86_400_000_000_000 + nanos, 'ns')}"


def _nested(array: pyarrow.Array, column: Column, chars: int) -> list[Cell]:
    """Lists and structs: of each as much as is shown."""
    lengths = _lengths(array)
    say = words.chat if column.kind == "chat" else words.nested
    made: list[Cell] = []
    for value, length in zip(_values(_trimmed(array, chars + OVER)), lengths, strict=True):
        if value is None:
            made.append(None)
            continue
        whole = say(value, max(8 * chars, 2000))
        # of a list that was trimmed about as much as its part says
        scale = length / len(value) if length and len(value) else 1.0
        made.append(shortened(whole, chars, max(len(whole), round(len(whole) * scale))))
    return made


def _values(array: pyarrow.Array) -> list[Any]:
    """As Python's own lists and dicts; what is neither nor a text, already said in words."""
    from pyarrow import types

    kind = array.type
    there = array.is_valid().to_pylist()
    if types.is_struct(kind):
        if {*kind.names} == {"bytes", "path"}:
            said = [
                words.Said(f"[{one['text']}]") if isinstance(one, dict) else None for one in _media(array)
            ]
            return [one if valid else None for one, valid in zip(said, there, strict=True)]
        fields = [_values(array.field(at)) for at in range(kind.num_fields)]
        return [
            dict(zip(kind.names, (field[at] for field in fields), strict=True)) if valid else None
            for at, valid in enumerate(there)
        ]
    if types.is_list(kind) or types.is_large_list(kind) or types.is_map(kind):
        offsets = array.offsets.to_pylist()
        inner = array.values.slice(offsets[0], offsets[-1] - offsets[0]) if offsets else array.values
        items = [tuple(one.values()) for one in _values(inner)] if types.is_map(kind) else _values(inner)
        return [
            items[offsets[at] - offsets[0] : offsets[at + 1] - offsets[0]] if valid else None
            for at, valid in enumerate(there)
        ]
    if types.is_fixed_size_list(kind) or types.is_list_view(kind) or types.is_large_list_view(kind):
        import pyarrow

        return _values(array.cast(pyarrow.large_list(kind.value_type)))
    return _leaves(array)


def _leaves(array: pyarrow.Array) -> list[Any]:
    from pyarrow import types

    from hf_nb.values.data import Column

    kind = array.type
    if types.is_nested(kind):  # a union
        return list(array.to_pylist())
    if types.is_string(kind) or types.is_large_string(kind):
        with contextlib.suppress(UnicodeDecodeError):
            return list(array.to_pylist())
        return [
            one.as_buffer().to_pybytes().decode("utf-8", "replace") if one.is_valid else None for one in array
        ]
    inner = cells(array, Column("", "", "number", ""), words.MOST)
    texts = types.is_dictionary(kind) or types.is_string_view(kind)
    return (
        [one["text"] if isinstance(one, dict) else one for one in inner]
        if texts
        else [_said(one) for one in inner]
    )


def _said(one: Cell) -> words.Said | None:
    return None if one is None else words.Said(one["text"] if isinstance(one, dict) else one)


def _lengths(array: pyarrow.Array) -> list[int | None]:
    import pyarrow
    from pyarrow import compute

    lengths: list[int | None] = [None] * len(array)
    with contextlib.suppress(pyarrow.ArrowNotImplementedError, pyarrow.ArrowInvalid):
        lengths = compute.list_value_length(array).to_pylist()
    return lengths


def _trimmed(array: pyarrow.Array, most: int) -> pyarrow.Array:
    """The same, with at most `most` items a list and characters a text: what is cut off would not be shown."""
    import pyarrow
    from pyarrow import compute, types

    kind = array.type
    try:
        if types.is_string(kind) or types.is_large_string(kind):
            return compute.utf8_slice_codeunits(array, 0, most)
        if types.is_list(kind) or types.is_large_list(kind):
            short = compute.list_slice(array, 0, most // 3 + 2)  # an item takes three signs at least
            make = pyarrow.ListArray if types.is_list(short.type) else pyarrow.LargeListArray
            inner = _trimmed(short.values, most)
            return make.from_arrays(short.offsets, inner, mask=short.is_null())
        if types.is_fixed_size_list(kind) and kind.list_size > most:
            return _trimmed(compute.list_slice(array, 0, most // 3 + 2, return_fixed_size_list=False), most)
        if types.is_struct(kind) and kind.num_fields:
            fields = [_trimmed(array.field(at), most) for at in range(kind.num_fields)]
            return pyarrow.StructArray.from_arrays(fields, names=kind.names, mask=array.is_null())
    except (pyarrow.ArrowException, NotImplementedError):
        return array
    return array
