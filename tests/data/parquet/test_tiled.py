"""Ten gigabytes are looked at here and there: what is kept in memory stays small."""

from __future__ import annotations

import io
import random

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hf_nb.data.files import meter, remote
from hf_nb.data.files.kept import Kept
from hf_nb.data.files.memory import Memory
from hf_nb.data.files.remote import Remote
from hf_nb.data.parquet import Parquet
from tests.data.parquet.tables import same, table, written
from tests.data.parquet.tiled import tiled
from tests.data.serving import serving


def test_a_tiled_file_is_one_that_pyarrow_reads() -> None:
    whole = table(300).select(["number", "text", "chat", "few"])
    made = tiled(written(whole, row_group_size=300, write_page_index=True, data_page_size=500), 3)
    raw = made.part(0, made.size)
    same(pq.ParquetFile(io.BytesIO(raw)).read(), pa.concat_tables([whole] * 3))
    part = Parquet(Memory(raw))
    same(part.read(590, 20), pa.concat_tables([whole.slice(290), whole.slice(0, 10)]))


def test_a_file_that_does_not_say_which_pages_need_the_dictionary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hf_nb.data.parquet.plan.SMALL", 0)
    monkeypatch.setattr("hf_nb.data.parquet.plan.ALONG", 0)
    whole = table(600).select(["number", "text", "chat", "few"])
    how = {"data_page_size": 500, "write_batch_size": 20, "write_page_index": True}
    for full in (300, 1_000_000):
        raw = tiled(written(whole, row_group_size=600, dictionary_pagesize_limit=full, **how), 2)
        part = Parquet(Memory(raw.part(0, raw.size)))
        assert part.footer.chunks(0)[0].coded is None
        for start in (1190, 700, 0, 590, 333, 90):
            same(part.read(start, 10), pa.concat_tables([whole] * 2).slice(start, 10))


def test_two_hundred_jumps_on_ten_gigabytes_stay_small(monkeypatch: pytest.MonkeyPatch) -> None:
    store = Kept()
    monkeypatch.setattr(remote, "kept", store)
    rows, dice = 20_000, np.random.default_rng(3)
    whole = pa.table(
        {"id": np.arange(rows), "blob": pa.array([dice.bytes(1000) for _ in range(rows)], pa.binary())}
        | {f"float {at}": dice.normal(size=rows) for at in range(4)}
    )
    made = tiled(written(whole, row_group_size=rows, write_page_index=True), 500)
    assert made.size > 10e9
    where = random.Random(5)  # noqa: S311 -- the same each time, no secret
    with serving({"/a": made}) as server, meter.counting() as spent:
        part = Parquet(Remote(server.url("/a")))
        assert part.count() == 10_000_000
        part.read(0, 100)
        before, most = pa.total_allocated_bytes(), 0
        for _ in range(200):
            start = where.randrange(10_000_000 - 100)
            got = part.read(start, 100, ["id", "blob"])
            assert got["id"][0].as_py() == start % rows
            most = max(most, pa.total_allocated_bytes() - before + store.bytes)
        assert spent.bytes < 200 * 3_000_000
    assert store.bytes <= store.most
    assert most < 150_000_000
