"""Pages become rows: pyarrow decodes them, and what it cannot is an error of ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from hf_nb.data.files import meter
from hf_nb.data.parquet.footer import Footer, broken
from hf_nb.data.parquet.leaves import joined
from hf_nb.data.parquet.pages import DICTIONARY, header
from hf_nb.data.parquet.thrift import Malformed
from hf_nb.data.parquet.wrapped import Piece, wrapped
from hf_nb.errors import TooLarge

if TYPE_CHECKING:
    import pyarrow

# Rows of a page beyond those wanted that are decoded with them; of larger pages only what is needed is in memory.
BESIDE = 65_536
# Bytes that decoding may make of them at a time, and in all: a file of some kilobytes can say as much as a library.
AT_ONCE = 1_000_000_000
LARGEST = 2_000_000_000
TEXT = 6


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
    apart, together = _sorted(footer, fields, pieces, group)
    for of in apart:
        field = of[0].chunk.leaf.field
        found[field] = _apart(footer, of, footer.schema.field(field).type, begin, end)
    for alike in together:
        meter.look()
        raw, first = wrapped(footer, alike)
        table = _read(footer, raw, begin - first, end - first, _batch(footer, alike))
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


def _apart(
    footer: Footer, pieces: Sequence[Piece], kind: pyarrow.DataType, begin: int, end: int
) -> pyarrow.ChunkedArray:
    """A column whose leaves are decoded each by itself."""
    import pyarrow

    parts = []
    for at, piece in enumerate(pieces):
        meter.look()
        alone = [
            one if one is piece else Piece(one.chunk, b"", b"", 0, piece.begin, piece.begin) for one in pieces
        ]
        raw, first = wrapped(footer, [alone])
        table = _read(footer, raw, begin - first, end - first, _batch(footer, [alone]), [at])
        if table.num_rows != end - begin:
            raise broken(footer.name, "its pages hold fewer rows than it says")
        parts.append(pyarrow.concat_arrays(table.column(0).chunks))
    try:
        whole = joined(parts, kind)
        whole.validate()
    except (pyarrow.ArrowException, ValueError, KeyError) as wrong:
        raise broken(footer.name, str(wrong).splitlines()[0][:150].rstrip(".")) from None
    return pyarrow.chunked_array([whole])


def _sorted(
    footer: Footer, fields: Sequence[int], pieces: Mapping[tuple[int, int], Piece], group: int
) -> tuple[list[list[Piece]], list[list[list[Piece]]]]:
    """Columns whose leaves are decoded apart; and the others, those together whose pages hold the same rows."""
    same: dict[tuple[int, int], list[list[Piece]]] = {}
    apart = []
    for field in dict.fromkeys(fields):
        of = [pieces[group, leaf.number] for leaf in footer.fields[field]]
        span = min(one.begin for one in of), max(one.end for one in of)
        if any(one.chunk.leaf.repetition and (one.begin, one.end) != span for one in of):
            apart.append(of)
        else:
            same.setdefault(span, []).append(of)
    return apart, list(same.values())


def _batch(footer: Footer, fields: Sequence[Sequence[Piece]]) -> int:
    """Rows that are safely decoded at a time: one short number may stand for a dictionary's longest entry."""
    heaviest = 0
    for piece in (piece for field in fields for piece in field):
        raw = piece.dictionary or piece.pages
        if raw and piece.chunk.leaf.stored == TEXT:
            try:
                found = header(raw, 0)
            except Malformed as wrong:
                raise broken(footer.name, str(wrong)) from None
            if found.kind == DICTIONARY:
                heaviest = max(heaviest, found.unpacked * piece.values // max(1, piece.end - piece.begin))
    return max(1, min(BESIDE, AT_ONCE // max(1, heaviest)))


def _read(
    footer: Footer, raw: bytes, begin: int, end: int, batch: int, only: list[int] | None = None
) -> pyarrow.Table:
    import pyarrow
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(
            pyarrow.BufferReader(raw), page_checksum_verification=True, pre_buffer=False
        )
        rows = file.metadata.num_rows
        if batch >= min(rows, BESIDE) and rows - (end - begin) <= BESIDE:
            # by number: a leaf's name may hold dots
            return file.reader.read_all(column_indices=only, use_threads=True).slice(begin, end - begin)
        return _some(footer, file.reader.iter_batches(batch, [0], column_indices=only), begin, end)
    except (pyarrow.ArrowException, OSError, ValueError, TypeError, OverflowError) as wrong:
        lines = str(wrong).strip().splitlines()
        raise broken(footer.name, lines[0][:150].rstrip(".") if lines else "it makes no sense") from None


def _some(footer: Footer, batches: Iterable[pyarrow.RecordBatch], begin: int, end: int) -> pyarrow.Table:
    """The wanted rows out of batches that come one after another."""
    import pyarrow

    at, held, kept = 0, 0, []
    for batch in batches:
        meter.look()
        if at + len(batch) > begin:
            kept.append(batch.slice(max(0, begin - at), end - max(begin, at)))
            held += kept[-1].nbytes
            if held > LARGEST:
                raise TooLarge(
                    f"These rows of {footer.name} hold more than {LARGEST // 1_000_000_000} GB.",
                    "Take fewer rows, or fewer columns.",
                )
        at += len(batch)
        if at >= end:
            break
    return pyarrow.Table.from_batches(kept)
