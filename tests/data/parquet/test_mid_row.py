"""Old writers ended a page in the middle of a row: its rows are read whole all the same."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hf_nb.data.files.memory import Memory
from hf_nb.data.parquet import Parquet
from hf_nb.data.parquet.thrift import BINARY, I32, I64, LIST, STRUCT, list_of, struct_of, varint

# Nine numbers in three rows; a page holds two.
ROWS = [[0, 1, 2], [3], [4, 5, 6, 7, 8]]


def page(values: list[tuple[int, int]]) -> bytes:
    """A page (v1, plain) of (repetition level, number)."""
    levels = b"".join(varint(1 << 1) + bytes([level]) for level, _ in values)
    full = varint(len(values) << 1) + b"\1"
    body = b"".join(len(one).to_bytes(4, "little") + one for one in (levels, full))
    body += b"".join(number.to_bytes(4, "little") for _, number in values)
    data = struct_of((1, I32, len(values)), (2, I32, 0), (3, I32, 3), (4, I32, 3))
    return struct_of((1, I32, 0), (2, I32, len(body)), (3, I32, len(body)), (5, STRUCT, data)) + body


def file() -> bytes:
    """Such a file."""
    values = [(0 if at == 0 else 1, number) for row in ROWS for at, number in enumerate(row)]
    body = b"".join(page(values[at : at + 2]) for at in range(0, len(values), 2))
    schema = [
        struct_of((4, BINARY, b"schema"), (5, I32, 1)),
        struct_of((3, I32, 0), (4, BINARY, b"a"), (5, I32, 1), (6, I32, 3)),
        struct_of((3, I32, 2), (4, BINARY, b"list"), (5, I32, 1)),
        struct_of((1, I32, 1), (3, I32, 0), (4, BINARY, b"element")),
    ]
    meta = struct_of(
        (1, I32, 1),
        (2, LIST, list_of(I32, [0, 3])),
        (3, LIST, list_of(BINARY, [b"a", b"list", b"element"])),
        (4, I32, 0),
        (5, I64, len(values)),
        (6, I64, len(body)),
        (7, I64, len(body)),
        (9, I64, 4),
    )
    group = struct_of(
        (1, LIST, list_of(STRUCT, [struct_of((2, I64, 0), (3, STRUCT, meta))])),
        (2, I64, len(body)),
        (3, I64, 3),
    )
    tail = struct_of(
        (1, I32, 1), (2, LIST, list_of(STRUCT, schema)), (3, I64, 3), (4, LIST, list_of(STRUCT, [group]))
    )
    return b"PAR1" + body + tail + len(tail).to_bytes(4, "little") + b"PAR1"


def test_rows_that_go_over_pages_are_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hf_nb.data.parquet.plan.SMALL", 0)
    monkeypatch.setattr("hf_nb.data.parquet.plan.PAGE_ROWS", 1)
    raw = file()
    wanted = pq.ParquetFile(io.BytesIO(raw)).read()
    assert wanted["a"].to_pylist() == ROWS
    for start in (0, 1, 2):
        for count in (1, 2):
            got = Parquet(Memory(raw)).read(start, count)
            assert pa.chunked_array(got["a"]).to_pylist() == ROWS[start : start + count]
