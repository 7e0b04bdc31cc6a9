"""Some pages of some columns as a small Parquet file of their own, which pyarrow decodes.

All leaves of a column must begin and end with the same rows. Where their pages do not, empty rows are put before and
behind; they lie outside what is wanted, and are cut off after decoding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hf_nb.data.parquet import thrift
from hf_nb.data.parquet.footer import Chunk, Footer
from hf_nb.data.parquet.pages import DATA_V2
from hf_nb.data.parquet.thrift import BINARY, FALSE, I32, I64, LIST, STRUCT, list_of, struct_of

_PLAIN, _RLE = 0, 3
# Bytes a value of each physical type takes: Boolean, Int32, Int64, Int96, Float, Double; a text its length.
_WIDTHS = {1: 4, 2: 8, 3: 12, 4: 4, 5: 8, 6: 4}


@dataclass(frozen=True)
class Piece:
    """Pages of one leaf: their bytes, with the dictionary's first, and the rows from `begin` up to `end`."""

    chunk: Chunk
    dictionary: bytes
    pages: bytes
    values: int
    begin: int
    end: int


def wrapped(footer: Footer, fields: Sequence[Sequence[Piece]]) -> tuple[bytes, int]:
    """A file of these columns, each a list of its leaves' pieces; and the row it begins with."""
    pieces = [piece for field in fields for piece in field]
    begin, end = min(piece.begin for piece in pieces), max(piece.end for piece in pieces)
    out: list[bytes] = [b"PAR1"]
    at, columns = 4, []
    for piece in pieces:
        before = padding(piece.chunk, piece.begin - begin)
        behind = padding(piece.chunk, end - piece.end)
        body = (piece.dictionary, before, piece.pages, behind)
        out += body
        size = sum(map(len, body))
        columns.append(_column(piece, at, size, end - begin - (piece.end - piece.begin)))
        at += size
    group = struct_of((1, LIST, list_of(STRUCT, columns)), (2, I64, at - 4), (3, I64, end - begin))
    numbers = [field[0].chunk.leaf.field for field in fields]
    tail = struct_of(
        (1, I32, 2),
        (2, LIST, list_of(STRUCT, _schema(footer, numbers))),
        (3, I64, end - begin),
        (4, LIST, list_of(STRUCT, [group])),
        (5, LIST, _arrow(footer, numbers)),
        (6, BINARY, footer.made_by),
    )
    out += (tail, len(tail).to_bytes(4, "little"), b"PAR1")
    return b"".join(out), begin


def padding(chunk: Chunk, rows: int) -> bytes:
    """A page of so many rows that hold nothing."""
    if rows <= 0:
        return b""
    leaf = chunk.leaf
    repetition = _zeros(rows, leaf.repetition)
    definition = _zeros(rows, leaf.definition)
    values = b""
    if not leaf.definition:  # must have a value
        values = bytes((rows + 7) // 8 if leaf.stored == 0 else rows * _width(chunk))
    size = len(repetition) + len(definition) + len(values)
    more = struct_of(
        (1, I32, rows),
        (2, I32, rows if leaf.definition else 0),
        (3, I32, rows),
        (4, I32, _PLAIN),
        (5, I32, len(definition)),
        (6, I32, len(repetition)),
        (7, FALSE, True),  # not compressed
    )
    head = struct_of((1, I32, DATA_V2), (2, I32, size), (3, I32, size), (8, STRUCT, more))
    return head + repetition + definition + values


def _zeros(count: int, highest: int) -> bytes:
    """One run of zeros, as levels up to `highest` are written."""
    if not highest:
        return b""
    return thrift.varint(count << 1) + bytes((highest.bit_length() + 7) // 8)


def _width(chunk: Chunk) -> int:
    return _WIDTHS.get(chunk.leaf.stored) or int(chunk.leaf.element.get(2, 0))


def _column(piece: Piece, at: int, size: int, padded: int) -> bytes:
    leaf = piece.chunk.leaf
    dictionary = at if piece.dictionary else None
    encodings = sorted({*piece.chunk.encodings, *((_PLAIN, _RLE) if padded else ())})
    meta = struct_of(
        (1, I32, leaf.stored),
        (2, LIST, list_of(I32, encodings)),
        (3, LIST, list_of(BINARY, leaf.path)),
        (4, I32, piece.chunk.codec),
        (5, I64, piece.values + padded),
        (6, I64, max(piece.chunk.raw, size)),
        (7, I64, size),
        (9, I64, at + len(piece.dictionary)),
        (11, I64, dictionary),
    )
    return struct_of((2, I64, 0), (3, STRUCT, meta))


def _schema(footer: Footer, numbers: Sequence[int]) -> list[bytes]:
    root = struct_of((4, BINARY, b"schema"), (5, I32, len(numbers)))
    return [root, *(element for number in numbers for element in footer.subtree(number))]


def _arrow(footer: Footer, numbers: Sequence[int]) -> bytes | None:
    """The types that pyarrow is to make of them, where the file says so."""
    stored = footer.stored_schema
    if stored is None:
        return None
    import base64

    import pyarrow

    part = pyarrow.schema([stored.field(number) for number in numbers])
    value = base64.b64encode(part.serialize().to_pybytes())
    return list_of(STRUCT, [struct_of((1, BINARY, b"ARROW:schema"), (2, BINARY, value))])
