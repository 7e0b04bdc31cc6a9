"""Files: every row as pyarrow and datasets read it again; whole or not at all; never over another unasked."""

from __future__ import annotations

import datetime as dt
import errno
import json
import threading
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas
import pyarrow as pa
import pyarrow.csv
import pyarrow.feather
import pyarrow.parquet
import pytest

import hf_nb
from hf_nb.data.saving import formats
from hf_nb.data.saving.batches import batches
from hf_nb.errors import BadInput, TooLarge
from hf_nb.offline.running import Running
from tests.hub.pulling import own_cache

ROWS = 5000


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def table() -> pa.Table:
    day = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
    return pa.table(
        {
            "n": pa.array([None if at % 7 == 0 else 2**60 + at for at in range(ROWS)]),
            "text": [f'line "{at}"\n, and €' for at in range(ROWS)],
            "score": [at / 3 for at in range(ROWS)],
            "when": pa.array([day + dt.timedelta(hours=at) for at in range(ROWS)], pa.timestamp("us", "UTC")),
            "price": pa.array([Decimal(at) / 4 for at in range(ROWS)], pa.decimal128(12, 2)),
            "nested": [{"a": [at, None], "b": "x"} for at in range(ROWS)],
            "bytes": [bytes([at % 256]) for at in range(ROWS)],
        }
    )


@pytest.mark.parametrize(("ending", "read"), [
    ("parquet", pa.parquet.read_table),
    ("feather", pa.feather.read_table),
    ("arrow", lambda path: pa.ipc.open_stream(path).read_all()),
], ids=["parquet", "feather", "arrow"])  # fmt: skip
def test_what_is_read_again_is_what_was_saved(table: pa.Table, ending: str, read: Any) -> None:
    done = hf_nb.data.save(table, f"t.{ending}")
    assert read(f"t.{ending}").equals(table)
    assert (done.rows, done.bytes) == (ROWS, Path(f"t.{ending}").stat().st_size)


def test_csv_holds_nested_values_as_json_and_bytes_as_base64(table: pa.Table) -> None:
    hf_nb.data.save(table, "t.csv")
    again = pandas.read_csv("t.csv", dtype_backend="pyarrow")
    assert again["text"].tolist() == table["text"].to_pylist()
    assert json.loads(again["nested"][3]) == {"a": [3, None], "b": "x"}
    assert again["bytes"][65] == "QQ=="
    assert again["n"].isna().sum() == table["n"].null_count
    assert int(again["n"][1]) == 2**60 + 1


def test_jsonl_is_json_on_every_line(table: pa.Table) -> None:
    odd = pa.table({"x": [1.5, float("nan"), float("-inf")], "é": ["\u2028", None, "€"]})
    hf_nb.data.save(odd, "odd.jsonl")
    lines = Path("odd.jsonl").read_text("utf-8").split("\n")
    assert [json.loads(line, parse_constant=pytest.fail) for line in lines if line] == [
        {"x": 1.5, "é": "\u2028"},
        {"x": None, "é": None},
        {"x": None, "é": "€"},
    ]
    hf_nb.data.save(table, "t.jsonl", limit=10, offset=3)
    assert json.loads(Path("t.jsonl").read_text().split("\n")[0])["n"] == 2**60 + 3


def test_parquet_has_a_page_index_and_is_cut_by_content(table: pa.Table) -> None:
    hf_nb.data.save(table, "a.parquet")
    column = pa.parquet.ParquetFile("a.parquet").metadata.row_group(0).column(1)
    assert column.has_offset_index
    assert column.has_column_index
    many = pa.table({"text": [f"{at} {'word ' * (at % 50)}" for at in range(60_000)]})
    hf_nb.data.save(many, "many.parquet")
    hf_nb.data.save(pa.concat_tables([many.slice(9, 3), many]), "more.parquet")
    old, new = Path("many.parquet").read_bytes(), Path("more.parquet").read_bytes()
    end = old[len(old) // 2 : len(old) // 2 + 4096]
    assert end in new, "rows in front leave the pages behind as they are"


def test_the_part_that_was_asked_for_is_saved(table: pa.Table) -> None:
    hf_nb.data.save(
        table,
        "few.parquet",
        where="score > 10 and n is not null",
        sort="score:desc",
        columns="score,n",
        limit=4,
    )
    right = table.to_pandas().query("score > 10 and n.notna()").sort_values("score", ascending=False)[:4]
    assert pa.parquet.read_table("few.parquet")["score"].to_pylist() == right.score.tolist()
    none = hf_nb.data.save(table, "none.parquet", where="score < 0")
    assert none.rows == 0
    assert pa.parquet.read_table("none.parquet").schema.names == table.schema.names


def test_labels_and_pictures_come_back_as_datasets_knows_them(
    hub: Running, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import datasets  # type: ignore[import-untyped]

    own_cache(folder / "cache", monkeypatch)
    hf_nb.data.save("hfnb-demo/digits", "digits.parquet", split="test", limit=5)
    again = datasets.Dataset.from_parquet("digits.parquet", cache_dir=str(folder / "again"))
    assert isinstance(again.features["label"], datasets.ClassLabel)
    assert again[0]["image"].size == (8, 8)


def test_a_file_that_is_there_stays_unless_it_is_to_be_replaced(table: pa.Table) -> None:
    Path("t.csv").write_text("mine")
    with pytest.raises(BadInput, match="already"):
        hf_nb.data.save(table, "t.csv")
    assert Path("t.csv").read_text() == "mine"
    hf_nb.data.save(table, "t.csv", replace=True)
    assert Path("t.csv").read_text().startswith('"n"')


@pytest.mark.parametrize("path", ["t.xyz", "t", "nowhere/t.csv", ".", "folder.csv"])
def test_a_place_that_is_none_is_refused_before_anything_is_read(path: str) -> None:
    Path("folder.csv").mkdir()
    with pytest.raises(BadInput) as caught:
        hf_nb.data.save(object(), path)
    assert len(caught.value._render_traceback_()) <= 3


def test_what_breaks_off_leaves_nothing(table: pa.Table, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(formats.Csv):
        def write(self, piece: pa.Table) -> None:
            super().write(piece)
            raise OSError(errno.ENOSPC, "No space left on device")

    Path("t.csv").write_text("mine")
    monkeypatch.setitem(formats.FORMATS, ".csv", ("CSV", Full))
    with pytest.raises(TooLarge, match="disk is full"):
        hf_nb.data.save(table, "t.csv", replace=True)
    assert [one.name for one in Path().iterdir()] == ["t.csv"]
    assert Path("t.csv").read_text() == "mine"


def test_the_stop_button_leaves_nothing(table: pa.Table, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stopping(formats.Csv):
        def write(self, piece: pa.Table) -> None:
            raise KeyboardInterrupt

    monkeypatch.setitem(formats.FORMATS, ".csv", ("CSV", Stopping))
    with pytest.raises(KeyboardInterrupt):
        hf_nb.data.save(table, "t.csv")
    assert not list(Path().iterdir())


def test_a_table_without_columns_or_rows_is_said_or_saved() -> None:
    with pytest.raises(BadInput, match="without columns"):
        hf_nb.data.save(pa.table({}), "t.csv")
    hf_nb.data.save(pa.table({"a": pa.array([], "int64")}), "t.parquet")
    assert pa.parquet.read_table("t.parquet").num_rows == 0


def test_pieces_are_as_large_as_fits_and_all_rows_are_in_them() -> None:
    asked: list[int] = []

    def read(offset: int, limit: int, columns: Any) -> pa.Table:
        asked.append(limit)
        return pa.table({"x": ["y" * 5000] * max(0, min(limit, 30_000 - offset))})

    pieces = list(batches(read, 0, None, None))
    assert sum(piece.num_rows for piece in pieces) == 30_000
    assert max(piece.nbytes for piece in pieces) < 40_000_000
    assert asked[0] == 1000
    assert sum(piece.num_rows for piece in batches(read, 29_990, 100, None)) == 10


def test_memory_stays_bounded_whatever_is_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "GROUP", 20_000_000)
    whole = pa.table({"x": ["y" * 1000] * 100_000})
    before = pa.total_allocated_bytes()
    most = [0]
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.01):
            most[0] = max(most[0], pa.total_allocated_bytes() - before)

    watching = threading.Thread(target=watch)
    watching.start()
    hf_nb.data.save(whole, "big.parquet")
    over.set()
    watching.join()
    assert most[0] < 80_000_000
