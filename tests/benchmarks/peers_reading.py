"""What a reader takes to show a hundred rows of a remote Parquet file. Run in the reader's own environment.

    python peers_reading.py READER http://127.0.0.1:PORT/served/big.parquet '["a", "b"]' OFFSET...

For each offset a line of JSON: seconds, and the megabytes of memory that it has come to above the loaded library. Then
it waits for a line, so that the server's counts can be read in between. `null` for the columns means all of them.
"""

from __future__ import annotations

import datetime
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

from tests.benchmarks.memory import memory

ROWS = 100
Read = Callable[[int], int]
Columns = list[str] | None


def hf_nb(url: str, columns: Columns) -> Read:
    """Ours, as `hf_nb.data.preview` opens it; somebody has agreed to more than 64 MB, where it takes that."""
    from hf_nb.data import finding
    from hf_nb.data.files import meter

    source = finding.open(url)

    def read(offset: int) -> int:
        with meter.counting():
            return int(source.read(offset, ROWS, columns).num_rows)

    return read


def polars(url: str, columns: Columns) -> Read:
    import polars

    rows = polars.scan_parquet(url)
    chosen = rows if columns is None else rows.select(columns)
    return lambda offset: int(chosen.slice(offset, ROWS).collect().height)


def datafusion(url: str, columns: Columns) -> Read:
    from datafusion import SessionContext
    from datafusion.object_store import AmazonS3

    # Its plain HTTP store refuses addresses without TLS; the one for buckets takes them.
    host, _, path = url.removeprefix("http://").partition("/")
    bucket, _, name = path.partition("/")
    store = AmazonS3(
        bucket,
        region="none",
        access_key_id="a",
        secret_access_key="b",
        endpoint=f"http://{host}",
        allow_http=True,
    )
    context = SessionContext()
    context.register_object_store("s3://", store, bucket)
    context.register_parquet("t", f"s3://{bucket}/{name}")
    return lambda offset: int(context.sql(_query("t", columns, offset)).to_arrow_table().num_rows)


def duckdb(url: str, columns: Columns) -> Read:
    import duckdb
    from fsspec import AbstractFileSystem, filesystem

    http = filesystem("http", skip_instance_cache=True)

    class Served(AbstractFileSystem):  # type: ignore[misc]  # fsspec says nothing of its types
        """DuckDB takes http:// addresses for itself, with an extension; under another name they come through fsspec."""

        protocol = "served"

        def info(self, path: str, **_: Any) -> dict[str, Any]:
            return {**http.info(url), "name": path}

        def modified(self, path: str) -> datetime.datetime:
            return datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)

        def _open(self, path: str, mode: str = "rb", **_: Any) -> Any:
            return http.open(url, cache_type="none")

    connection = duckdb.connect()
    connection.register_filesystem(Served())
    table = "read_parquet('served://big.parquet')"
    return lambda offset: int(connection.execute(_query(table, columns, offset)).to_arrow_table().num_rows)


def pyarrow(url: str, columns: Columns) -> Read:
    import fsspec
    import pyarrow.parquet

    file = fsspec.filesystem("http", skip_instance_cache=True).open(url, cache_type="none")

    def read(offset: int) -> int:
        if not offset:
            near = pyarrow.parquet.ParquetFile(file, pre_buffer=False, buffer_size=65_536)
            first: Any = next(near.iter_batches(ROWS, columns=columns))
            return int(first.num_rows)
        # Further in, a batch after the other would take thousands of small reads: the row group is read instead.
        whole, group = pyarrow.parquet.ParquetFile(file, pre_buffer=True), 0
        while offset >= (rows := whole.metadata.row_group(group).num_rows):
            offset, group = offset - rows, group + 1
        return int(whole.read_row_group(group, columns=columns).slice(offset, ROWS).num_rows)

    return read


def datasets(url: str, columns: Columns) -> Read:
    import datasets

    rows = datasets.load_dataset("parquet", data_files=url, split="train", streaming=True, columns=columns)
    return lambda offset: len(list(rows.skip(offset).take(ROWS)))


def pandas(url: str, columns: Columns) -> Read:
    import pandas

    return lambda offset: len(pandas.read_parquet(url, columns=columns)[offset : offset + ROWS])


READERS: dict[str, Callable[[str, Columns], Read]] = {
    one.__name__: one for one in (hf_nb, datafusion, polars, duckdb, pyarrow, datasets, pandas)
}
# What `import` loads of a library only when it is first used.
LOADED = {
    "hf_nb": (
        "hf_nb.data.finding.gathered",
        "hf_nb.data.parquet",
        "pyarrow.parquet",
        "huggingface_hub.utils._http",
    ),
    "pyarrow": ("fsspec", "pyarrow.parquet"),
}


def _query(table: str, columns: Columns, offset: int) -> str:
    named = "*" if columns is None else ", ".join(f'"{one}"' for one in columns)
    return f"select {named} from {table} limit {ROWS} offset {offset}"  # noqa: S608 -- our own names


def main(reader: str, url: str, columns: Columns, offsets: list[int]) -> None:
    """One reading after the other."""
    for module in LOADED.get(reader, (reader,)):  # loading the library is not what is measured
        __import__(module)
    before, began, read = memory("VmRSS"), time.perf_counter(), None
    for offset in offsets:
        read = read or READERS[reader](url, columns)
        rows = read(offset)
        seconds = time.perf_counter() - began
        if rows != ROWS:
            raise SystemExit(f"{reader} gave {rows} rows")
        print(json.dumps({"seconds": seconds, "memory": memory("VmHWM") - before}), flush=True)
        sys.stdin.readline()
        began = time.perf_counter()
    os._exit(0)  # some of them do not end well


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3]), [int(one) for one in sys.argv[4:]])
