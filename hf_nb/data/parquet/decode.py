"""Pages become rows: pyarrow decodes them, and what it cannot is an error of ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from hf_nb.data.files import meter
from hf_nb.data.parquet.footer import Footer, broken
from hf_nb.data.parquet.wrapped import Piece, wrapped

if TYPE_CHECKING:
    import pyarrow

# Rows of a page beyond those wanted that are decoded with them; of larger pages only what is needed is in memory.
BESIDE = 65_536


def decoded(
    footer: Footer,
    fields: Sequence[int],
    pieces: Mapping[tuple[int, int], Piece],
    group: int,
    begin: int,
    end: int,
) -> pyarrow.Table:
    """The rows from `begin` up to `end` of a row group, as a table of these columns."""
    import pyarrow

    found: dict[int, pyarrow.ChunkedArray] = {}
    for alike in _alike(footer, fields, pieces, group):
        meter.look()
        raw, first = wrapped(footer, alike)
        table = _read(footer, raw, begin - first, end - first)
        if table.num_rows != end - begin or table.num_columns != len(alike):
            raise broken(footer.name, "its pages hold fewer rows than it says")
        for pieces_of, column in zip(alike, table.columns, strict=True):
            found[pieces_of[0].chunk.leaf.field] = column
    schema = part_of(footer, fields)
    columns = [found[field] for field in fields]
    if any(column.type != field.type for column, field in zip(columns, schema, strict=True)):
        raise broken(footer.name, "its columns are of other types than it says")
    return pyarrow.Table.from_arrays(columns, schema=schema)


def part_of(footer: Footer, fields: Sequence[int]) -> pyarrow.Schema:
    """The schema of these columns."""
    import pyarrow

    return pyarrow.schema([footer.schema.field(field) for field in fields], footer.schema.metadata)


def _alike(
    footer: Footer, fields: Sequence[int], pieces: Mapping[tuple[int, int], Piece], group: int
) -> Iterator[list[list[Piece]]]:
    """Columns whose pages hold the same rows are decoded together."""
    same: dict[tuple[int, int], list[list[Piece]]] = {}
    for field in dict.fromkeys(fields):
        of = [pieces[group, leaf.number] for leaf in footer.fields[field]]
        span = min(one.begin for one in of), max(one.end for one in of)
        same.setdefault(span, []).append(of)
    yield from same.values()


def _read(footer: Footer, raw: bytes, begin: int, end: int) -> pyarrow.Table:
    import pyarrow
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(
            pyarrow.BufferReader(raw), page_checksum_verification=True, pre_buffer=False
        )
        if file.metadata.num_rows - (end - begin) <= BESIDE:
            return file.read().slice(begin, end - begin)
        return _some(file, begin, end)
    except (pyarrow.ArrowException, OSError, ValueError, TypeError, OverflowError) as wrong:
        lines = str(wrong).strip().splitlines()
        raise broken(footer.name, lines[0][:150].rstrip(".") if lines else "it makes no sense") from None


def _some(file: pyarrow.parquet.ParquetFile, begin: int, end: int) -> pyarrow.Table:
    import pyarrow

    at, kept = 0, []
    for batch in file.iter_batches(BESIDE):
        meter.look()
        if at + len(batch) > begin:
            kept.append(batch.slice(max(0, begin - at), end - max(begin, at)))
        at += len(batch)
        if at >= end:
            break
    return pyarrow.Table.from_batches(kept, file.schema_arrow)
