"""How each kind of file is written: pieces of a table go in, one after another.

Parquet    as `datasets` writes it: a page index, pages cut by content (what did not change is not sent again)
CSV        nested values as JSON, bytes as base64; what is missing is empty
JSONL      a line per row; NaN and infinity, which JSON has no word for, are null
Arrow      the stream that `datasets` reads; Feather is the same as a file
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Protocol

from hf_nb.data.saving.disk import Disk
from hf_nb.values.rows import plain, python

if TYPE_CHECKING:
    from typing import BinaryIO

    import pyarrow

GROUP = 100_000_000  # bytes of a row group in memory, as `datasets` makes them


class Writer(Protocol):
    """A file that takes pieces."""

    def write(self, piece: pyarrow.Table) -> None:
        """Some rows more."""

    def close(self) -> None:
        """The end of it. The file itself stays open."""


class Parquet:
    """Pieces are gathered to row groups."""

    def __init__(self, into: BinaryIO, schema: pyarrow.Schema) -> None:
        from pyarrow import parquet

        self._disk = Disk(into)
        self._writer = parquet.ParquetWriter(
            self._disk, schema, write_page_index=True, use_content_defined_chunking=True, compression="snappy"
        )
        self._waiting: list[pyarrow.Table] = []
        self._schema = schema

    def write(self, piece: pyarrow.Table) -> None:
        self._waiting.append(piece)
        if sum(one.nbytes for one in self._waiting) >= GROUP:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._writer.close()
        self._disk.check()

    def _flush(self) -> None:
        import pyarrow

        if self._waiting:
            table = pyarrow.concat_tables(self._waiting)
            self._writer.write_table(table, row_group_size=max(1, table.num_rows))
            self._waiting.clear()
            self._disk.check()


class Csv:
    """As Arrow writes it, every text in quotes."""

    def __init__(self, into: BinaryIO, schema: pyarrow.Schema, between: str = ",") -> None:
        import pyarrow
        from pyarrow import csv

        self._said = [_said(field.type) for field in schema]
        flat = pyarrow.schema(
            [
                pyarrow.field(field.name, pyarrow.string() if said else field.type)
                for field, said in zip(schema, self._said, strict=True)
            ]
        )
        self._writer = csv.CSVWriter(into, flat, write_options=csv.WriteOptions(delimiter=between))
        self._schema = flat

    def write(self, piece: pyarrow.Table) -> None:
        import pyarrow

        columns = [
            pyarrow.array([None if one is None else said(one) for one in python(column)], "string")
            if said
            else column
            for column, said in zip(piece.columns, self._said, strict=True)
        ]
        self._writer.write_table(pyarrow.Table.from_arrays(columns, schema=self._schema))

    def close(self) -> None:
        self._writer.close()


class Jsonl:
    """A line per row."""

    def __init__(self, into: BinaryIO, schema: pyarrow.Schema) -> None:
        self._into, self._names = into, schema.names

    def write(self, piece: pyarrow.Table) -> None:
        for row in zip(*map(python, piece.columns), strict=True):
            said = {name: _json(one) for name, one in zip(self._names, row, strict=True)}
            self._into.write((json.dumps(said, ensure_ascii=False) + "\n").encode("utf-8", "replace"))

    def close(self) -> None:
        """Nothing is kept."""


class Arrow:
    """Record batches."""

    def __init__(self, into: BinaryIO, schema: pyarrow.Schema, *, file: bool = False) -> None:
        from pyarrow import ipc

        self._writer = ipc.new_file(into, schema) if file else ipc.new_stream(into, schema)

    def write(self, piece: pyarrow.Table) -> None:
        self._writer.write_table(piece)

    def close(self) -> None:
        self._writer.close()


# ending -> what it is called, and who writes it
FORMATS: dict[str, tuple[str, Callable[[Any, Any], Writer]]] = {
    ".parquet": ("Parquet", Parquet),
    ".csv": ("CSV", Csv),
    ".tsv": ("TSV", lambda into, schema: Csv(into, schema, "\t")),
    ".jsonl": ("JSONL", Jsonl),
    ".ndjson": ("JSONL", Jsonl),
    ".arrow": ("Arrow", Arrow),
    ".feather": ("Feather", lambda into, schema: Arrow(into, schema, file=True)),
}


def _said(kind: pyarrow.DataType) -> Callable[[Any], str] | None:
    """How CSV says what it has no word for."""
    from pyarrow import types

    if types.is_dictionary(kind):
        return _said(kind.value_type) or str
    if types.is_nested(kind):
        return lambda one: json.dumps(_json(one), ensure_ascii=False)
    if types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind):
        return lambda one: base64.b64encode(one).decode("ascii")
    if types.is_duration(kind) or types.is_interval(kind) or types.is_float16(kind):
        return str
    return None


def _json(value: Any) -> Any:
    """What JSON can say; a number that is none is missing."""
    return _finite(plain(value, finite=False))


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    return list(_each(value)) if isinstance(value, list) else value


def _each(values: list[Any]) -> Iterator[Any]:
    return map(_finite, values)
