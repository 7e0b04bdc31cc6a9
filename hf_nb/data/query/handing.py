"""An Arrow table as DuckDB takes it: names told apart, types it does not know turned into those it does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hf_nb.data.query.names import told_apart

if TYPE_CHECKING:
    import numpy
    import pyarrow


def table(rows: pyarrow.Table, called: Mapping[str, str]) -> pyarrow.Table:
    """The same rows for DuckDB; `called`: its columns as SQL names them."""
    import pyarrow

    arrays = [known(column) for column in rows.columns]
    names = [called.get(name, name) for name in rows.column_names]
    if len(set(rows.column_names)) < len(names):
        names = told_apart(rows.column_names)
    return pyarrow.table(arrays, names=names)


def id_name(called: Mapping[str, str]) -> str:
    """What the column of row numbers is called, which no other column is."""
    return told_apart([*called.values(), "row"])[-1]


def numbered(rows: pyarrow.Table, called: Mapping[str, str], ids: numpy.ndarray) -> pyarrow.Table:
    """The same with the numbers of its rows."""
    import pyarrow

    name, numbers = id_name(called), pyarrow.array(ids)
    if not rows.num_columns:
        return pyarrow.table({name: numbers})
    return table(rows, called).append_column(name, numbers)


def known(column: pyarrow.ChunkedArray) -> pyarrow.ChunkedArray:
    """A column in a type that DuckDB reads; nothing is copied where it reads it already."""
    import pyarrow
    from pyarrow import types

    kind = column.type
    if types.is_float16(kind):
        return column.cast(pyarrow.float32())
    if types.is_decimal256(kind):
        try:
            return column.cast(pyarrow.decimal128(38, kind.scale))
        except pyarrow.ArrowInvalid:
            return column.cast(pyarrow.float64())
    if types.is_run_end_encoded(kind):
        import pyarrow.compute

        return pyarrow.chunked_array(
            [pyarrow.compute.run_end_decode(one) for one in column.chunks], kind.value_type
        )
    return column
