"""What of a column is measured: numbers themselves, texts and lists by their length, pictures by their size."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pyarrow

    from hf_nb.values.data import Column

# whole and real: numbers; moment and stretch: microseconds; length and size: of what is in a cell; value: it is counted
Sort = Literal["whole", "real", "moment", "stretch", "length", "size", "value", "none"]


@dataclass(frozen=True)
class Way:
    """SQL over a column `{}`: `number` is what the bars are of, `value` what is counted, `same` what is different."""

    sort: Sort
    number: str = ""
    value: str = ""
    same: str = ""
    top: bool = False  # the most frequent values may be its bars
    unit: str = ""
    kind: str = "BIGINT"  # how DuckDB keeps `number`

    def over(self, column: str) -> Way:
        """The same over a column of this name."""
        number, value = self.number.format(column), self.value.format(column)
        return replace(self, number=number, value=value, same=(self.same or self.value).format(column))

    @property
    def bars(self) -> bool:
        """Whether it has bars at all."""
        return self.sort not in {"none", "size"}


def way(field: pyarrow.Field, column: Column) -> Way:
    """How this column is measured."""
    from pyarrow import types

    kind = field.type
    while True:
        if hasattr(kind, "storage_type"):
            kind = kind.storage_type
        elif types.is_dictionary(kind) or types.is_run_end_encoded(kind):
            kind = kind.value_type
        else:
            break
    if column.kind in {"image", "audio", "video", "binary"}:
        return _media(kind)
    if types.is_boolean(kind):
        return Way("value", value="{}", top=True)
    if types.is_integer(kind):
        if column.kind == "label":
            return Way("value", value="{}", top=True)
        return Way("whole", "{}", "{}", kind="UBIGINT" if types.is_uint64(kind) else "BIGINT")
    if types.is_floating(kind):
        return Way("real", "{}::DOUBLE", "{}", kind="DOUBLE")
    if types.is_decimal(kind):
        return Way("real", "{}::DOUBLE", "{}", kind="DOUBLE")
    if types.is_timestamp(kind):
        # of a column with a zone, moments and whole days are those of UTC, and said to be
        zoned = kind.tz is not None
        number = f"epoch_us({{}}::TIMESTAMP{'TZ' if zoned else ''})"
        return Way("moment", number, "{}", unit="UTC" if zoned else "")
    if types.is_date(kind):
        return Way("moment", "epoch_us({})", "{}", unit="day")
    if types.is_time(kind) or types.is_duration(kind):
        return Way("stretch", "epoch_us({})", "{}")
    if types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind):
        return Way("length", "length({})", "{}", top=True, unit="character")
    if types.is_map(kind):
        return Way("length", "cardinality({})::BIGINT", unit="item")
    if types.is_nested(kind) and not types.is_struct(kind) and not types.is_union(kind):
        return Way("length", "len({})", unit="turn" if column.kind == "chat" else "item")
    if types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind):
        return Way("size", "octet_length({})")
    return Way("none")


def _media(kind: pyarrow.DataType) -> Way:
    from pyarrow import types

    if types.is_struct(kind):
        names = [kind.field(at).name for at in range(kind.num_fields)]
        return (
            Way("size", "octet_length(struct_extract({}, 'bytes'))")
            if names.count("bytes") == 1
            else Way("none")
        )
    if types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind):
        return Way("size", "octet_length({})")
    return Way("none")
