"""Arrow files and streams: every row is the one pyarrow reads, and only its batch is fetched."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy
import pytest

from hf_nb.data import formats
from hf_nb.data.files.disk import Disk
from hf_nb.data.files.memory import Memory
from hf_nb.data.files.meter import counting
from hf_nb.errors import HfNbError
from tests.data.formats.far import Far


def written(
    kind: str, rows: int = 1000, batch: int = 100, compression: str | None = None
) -> tuple[Any, bytes]:
    import pyarrow

    table = pyarrow.table(
        {
            "n": numpy.arange(rows),
            "word": pyarrow.array(["ä", None, "c"] * (rows // 3 + 1))[:rows],
            "kind": pyarrow.array(["x", "y"] * (rows // 2 + 1))[:rows].dictionary_encode(),
            "nested": [{"list": [n, None]} for n in range(rows)],
        }
    )
    kept = io.BytesIO()
    options = pyarrow.ipc.IpcWriteOptions(compression=compression)
    make = pyarrow.ipc.new_file if kind == "file" else pyarrow.ipc.new_stream
    with make(kept, table.schema, options=options) as writer:
        writer.write_table(table, max_chunksize=batch)
    return table, kept.getvalue()


@pytest.mark.parametrize("kind", ["file", "stream"])
@pytest.mark.parametrize("compression", [None, "lz4", "zstd"])
def test_any_rows_are_pyarrows(kind: str, compression: str | None) -> None:
    table, raw = written(kind, compression=compression)
    part = formats.part(Memory(raw, "table.arrow"))
    for start, count in ((0, 5), (95, 10), (399, 202), (999, 5), (1000, 5), (0, 1000)):
        assert part.read(start, count).equals(table.slice(start, count))
    assert part.read(150, 3, ["nested", "n"]).equals(table.select(["nested", "n"]).slice(150, 3))
    assert part.count() == part.rows == 1000
    assert [block.rows for block in part.blocks()] == [100] * 10


@pytest.mark.parametrize("kind", ["file", "stream"])
def test_from_a_disk_as_from_memory(kind: str, tmp_path: Path) -> None:
    import pyarrow

    table = pyarrow.table({"n": numpy.arange(1_000_000)})
    path = tmp_path / "x.arrow"
    make = pyarrow.ipc.new_file if kind == "file" else pyarrow.ipc.new_stream
    with make(str(path), table.schema) as writer:
        writer.write_table(table, max_chunksize=500_000)
    part = formats.part(Disk(path))
    before = pyarrow.total_allocated_bytes()
    assert part.read(700_000, 3).column("n").to_pylist() == [700_000, 700_001, 700_002]
    assert pyarrow.total_allocated_bytes() - before < 1_000_000


@pytest.mark.parametrize("kind", ["file", "stream"])
def test_only_the_batch_of_the_rows_is_fetched(kind: str) -> None:
    _, raw = written(kind, rows=200_000, batch=10_000)
    part = formats.part(Far(raw, "table.arrow"))
    with counting() as moved:
        part.read(5, 10)
    assert moved.bytes < len(raw) / 20 + 3 * 64_000
    with counting() as moved:
        part.read(20, 10)
    assert moved.bytes == 0


def test_feather_is_read() -> None:
    import pyarrow.feather

    table, _ = written("file")
    kept = io.BytesIO()
    pyarrow.feather.write_feather(table, kept)
    assert formats.part(Memory(kept.getvalue(), "x.feather")).read(0, 2000).to_pylist() == table.to_pylist()


@pytest.mark.parametrize("kind", ["file", "stream"])
def test_a_damaged_file_is_an_error_in_our_words(kind: str) -> None:
    dice = numpy.random.default_rng(3)
    _, raw = written(kind, rows=300)
    for at in range(120):
        broken = bytearray(raw)
        if at % 3 == 0:
            broken = broken[: int(dice.integers(len(raw)))]
        else:
            for place in dice.integers(len(raw), size=4):
                broken[int(place)] = int(dice.integers(256))
        part = formats.part(Memory(bytes(broken), "x.arrow"))
        try:
            part.read(0, 1000)
        except HfNbError:
            continue
        except Exception as wrong:  # noqa: BLE001 -- any other class is the failure
            pytest.fail(f"{type(wrong).__name__}: {wrong}")
