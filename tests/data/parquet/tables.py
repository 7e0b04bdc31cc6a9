"""Tables of every kind, written in every way; the same each time."""

from __future__ import annotations

import decimal
import io
import random
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

# Each a way of writing that has to be read otherwise.
WAYS: dict[str, dict[str, Any]] = {
    "as it comes": {},
    "indexed": {"write_page_index": True},
    "v2": {"data_page_version": "2.0"},
    "v2 indexed": {"data_page_version": "2.0", "write_page_index": True},
    "small pages": {"data_page_size": 1000, "write_batch_size": 64},
    "small pages indexed": {"data_page_size": 1000, "write_batch_size": 64, "write_page_index": True},
    "full dictionaries": {"dictionary_pagesize_limit": 3000, "data_page_size": 2000, "write_batch_size": 50},
    "full dictionaries indexed": {
        "dictionary_pagesize_limit": 3000,
        "data_page_size": 2000,
        "write_batch_size": 50,
        "write_page_index": True,
    },
    "no dictionaries": {"use_dictionary": False, "write_page_index": True},
    "tiny row groups": {"row_group_size": 97},
    "tiny row groups indexed": {"row_group_size": 97, "write_page_index": True},
    "uneven row groups": {"row_group_size": 2999, "data_page_size": 500, "write_batch_size": 20},
    "checksums": {"write_page_checksum": True, "data_page_size": 1000},
    "no stored schema": {"store_schema": False, "write_page_index": True, "data_page_size": 3000},
    "uncompressed": {"compression": "none", "data_page_size": 1000, "write_batch_size": 64},
    "gzip": {"compression": "gzip", "data_page_size": 1000, "write_batch_size": 64},
    "brotli": {"compression": "brotli", "data_page_size": 1000, "write_batch_size": 64},
    "zstd": {"compression": "zstd", "data_page_size": 1000, "write_batch_size": 64},
    "lz4": {"compression": "lz4", "data_page_size": 1000, "write_batch_size": 64},
    "content-defined": {"use_content_defined_chunking": True, "write_page_index": True},
    "delta": {
        "use_dictionary": False,
        "column_encoding": {"number": "DELTA_BINARY_PACKED", "text": "DELTA_BYTE_ARRAY"},
        "data_page_size": 1000,
        "write_page_index": True,
    },
    "byte stream split": {
        "use_dictionary": False,
        "column_encoding": {"float": "BYTE_STREAM_SPLIT", "text": "DELTA_LENGTH_BYTE_ARRAY"},
        "data_page_size": 1000,
        "write_batch_size": 64,
    },
}


def table(rows: int, seed: int = 1) -> pa.Table:
    """Flat and nested, with nulls and without, few values and many."""
    dice, numbers = random.Random(seed), np.random.default_rng(seed)  # noqa: S311 -- the same each time, no secret

    def maybe(value: Any, share: float = 0.1) -> Any:
        return None if dice.random() < share else value

    columns = {
        "number": pa.array(numbers.integers(0, 1 << 60, rows)),
        "float": pa.array(numbers.normal(size=rows)),
        "few": pa.array(numbers.integers(0, 5, rows).astype("int16")),
        "text": pa.array([maybe(dice.choice("abcdefg") * dice.randrange(20), 0.3) for _ in range(rows)]),
        "mostly null": pa.array([maybe(dice.random(), 0.97) for _ in range(rows)]),
        "label": pa.array([dice.choice(["yes", "no", "maybe"]) for _ in range(rows)]).dictionary_encode(),
        "bool": pa.array([dice.random() > 0.5 for _ in range(rows)]),
        "when": pa.array(numbers.integers(0, 10**15, rows), pa.timestamp("us", "Europe/Paris")),
        "list": pa.array([maybe([dice.randrange(9) for _ in range(dice.randrange(4))]) for _ in range(rows)]),
        "lists": pa.array(
            [[[dice.randrange(5)] * dice.randrange(3) for _ in range(dice.randrange(3))] for _ in range(rows)]
        ),
        "chat": pa.array(
            [
                maybe(
                    [{"role": "user", "content": "x" * dice.randrange(30)} for _ in range(dice.randrange(3))]
                )
                for _ in range(rows)
            ],
            pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())])),
        ),
        "image": pa.array(
            [maybe({"bytes": dice.randbytes(dice.randrange(40)), "path": "p"}) for _ in range(rows)]
        ),
        "map": pa.array(
            [[(f"k{one}", one) for one in range(dice.randrange(3))] for _ in range(rows)],
            pa.map_(pa.string(), pa.int64()),
        ),
        "money": pa.array([decimal.Decimal(dice.randrange(10**6)) / 100 for _ in range(rows)]),
        "nothing": pa.nulls(rows),
        "vector": pa.array([[1.0, float(dice.randrange(3))] for _ in range(rows)], pa.list_(pa.float32(), 2)),
        "large": pa.array(["big" * dice.randrange(9) for _ in range(rows)], pa.large_string()),
        "half": pa.array(numbers.normal(size=rows).astype("float16")),
        "a.b 'quoted' \"x\" 🙂": pa.array(numbers.integers(0, 3, rows)),
    }
    whole = pa.table(columns)
    must = pa.struct([pa.field("u", pa.int32(), False), pa.field("v", pa.string(), False)])
    values = [{"u": dice.randrange(9), "v": "w" * dice.randrange(50)} for _ in range(rows)]
    return whole.append_column(pa.field("required", must, False), pa.array(values, must))


def written(whole: pa.Table, **how: Any) -> bytes:
    """As a file's bytes."""
    how.setdefault("row_group_size", max(1, len(whole) // 2))
    if "column_encoding" in how:
        how["column_encoding"] = {
            name: way for name, way in how["column_encoding"].items() if name in whole.column_names
        }
    sink = io.BytesIO()
    pq.write_table(whole, sink, **how)
    return sink.getvalue()


def same(got: pa.Table, wanted: pa.Table) -> None:
    """Rows and types; how they are cut into chunks does not matter."""
    assert got.schema.equals(wanted.schema), (got.schema, wanted.schema)
    assert got.num_rows == wanted.num_rows
    for name, left, right in zip(wanted.column_names, got.columns, wanted.columns, strict=True):
        one, two = pa.chunked_array(left), pa.chunked_array(right)
        if not one.equals(two):
            assert one.to_pylist() == two.to_pylist(), name
