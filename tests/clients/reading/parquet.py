"""Libraries that read through the client's file system."""

from __future__ import annotations

from huggingface_hub import HfFileSystem, hf_hub_download

from tests.clients.demo import DIGITS, TABLES
from tests.clients.reading.client import fresh


def pyarrow_over_the_file_system() -> None:
    import pyarrow.parquet

    disk = HfFileSystem(skip_instance_cache=True)
    for found in disk.glob(f"datasets/{DIGITS}/**/*.parquet"):
        table = pyarrow.parquet.read_table(found, filesystem=disk)
        path = found.partition(f"{DIGITS}/")[2]
        local = hf_hub_download(DIGITS, path, repo_type="dataset", cache_dir=fresh())
        assert table.equals(pyarrow.parquet.read_table(local))


def duckdb_over_the_file_system() -> None:
    import duckdb
    import pyarrow.parquet

    disk = HfFileSystem(skip_instance_cache=True)
    (found, *_) = disk.glob(f"datasets/{TABLES}/**/*.parquet")
    with duckdb.connect() as database:
        database.register_filesystem(disk)
        (row,) = database.sql(f"FROM 'hf://{found}'").count("*").fetchall()
    path = found.partition(f"{TABLES}/")[2]
    local = hf_hub_download(TABLES, path, repo_type="dataset", cache_dir=fresh())
    assert row[0] == pyarrow.parquet.read_metadata(local).num_rows > 0
