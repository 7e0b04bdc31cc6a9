"""One type for what two pieces of a table hold: the first rows of a text file never say what the last ones are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow


def wider(one: pyarrow.DataType, other: pyarrow.DataType) -> pyarrow.DataType | None:
    """A type that holds both: whole and broken numbers are numbers; None where there is none but text."""
    import pyarrow

    if one.equals(other):
        return one
    # Arrow would make true a 1, and text of a date's number: neither is what stands in the file.
    if pyarrow.types.is_boolean(one) != pyarrow.types.is_boolean(other) and not (
        pyarrow.types.is_null(one) or pyarrow.types.is_null(other)
    ):
        return None
    if pyarrow.types.is_date(one) and pyarrow.types.is_timestamp(other):
        return other
    if pyarrow.types.is_timestamp(one) and pyarrow.types.is_date(other):
        return one
    # Words of a dictionary are the words they stand for.
    one, other = (type_.value_type if pyarrow.types.is_dictionary(type_) else type_ for type_ in (one, other))
    schemas = [pyarrow.schema([("x", type_)]) for type_ in (one, other)]
    try:
        joined = pyarrow.unify_schemas(schemas, promote_options="permissive")
    except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError, pyarrow.ArrowNotImplementedError):
        return None
    return joined.field("x").type


def merged(known: pyarrow.Schema, met: pyarrow.Schema, *, last: pyarrow.DataType | None) -> pyarrow.Schema:
    """`known`, widened so that it holds `met`; new columns come behind. `last`: what holds anything, if anything."""
    import pyarrow

    fields: dict[str, pyarrow.DataType] = {field.name: field.type for field in known}
    for field in met:
        if field.name not in fields:
            fields[field.name] = field.type
            continue
        both = wider(fields[field.name], field.type)
        if both is None and last is None:
            raise pyarrow.ArrowTypeError(field.name)
        fields[field.name] = both if both is not None else last
    return pyarrow.schema(list(fields.items()), metadata=known.metadata)


def changed(before: pyarrow.Schema, after: pyarrow.Schema, row: int) -> list[str]:
    """What widening did, in sentences."""
    from hf_nb.data.columns import in_words

    said = []
    for field in after:
        at = before.get_field_index(field.name)
        if at < 0:
            said.append(f"Column {field.name!r} begins after row {row:,}.")
        elif not before.field(at).type.equals(field.type) and in_words(before.field(at).type) != "nothing":
            was, now = in_words(before.field(at).type), in_words(field.type)
            if was != now:
                said.append(f"Column {field.name!r} is {now} rather than {was}: see after row {row:,}.")
    return said


def distinct(names: list[str]) -> list[str]:
    """Names made different from each other, as `datasets` does it: a, a.1, a.2."""
    taken: set[str] = set()
    found = []
    for name in names:
        number, candidate = 0, name
        while candidate in taken:
            number += 1
            candidate = f"{name}.{number}"
        taken.add(candidate)
        found.append(candidate)
    return found
