"""Any rows of any file are those that pyarrow finds there."""

from __future__ import annotations

import io
import random
import threading
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from hf_nb.data.files.disk import Disk
from hf_nb.data.files.memory import Memory
from hf_nb.data.parquet import Parquet, plan
from hf_nb.errors import BadInput, Broken, NotFound
from tests.data.parquet.tables import WAYS, same, table, written

ROWS = 6000
OFFSETS = 15  # of each of the ways, in two manners: some 650


@pytest.fixture(scope="module")
def whole() -> pa.Table:
    return table(ROWS)


@pytest.mark.parametrize(
    "small", [0, plan.SMALL]
)  # nothing is small enough to be fetched whole, or all of it is
@pytest.mark.parametrize("way", WAYS)
def test_rows_anywhere_are_those_of_pyarrow(
    whole: pa.Table, way: str, small: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "SMALL", small)
    monkeypatch.setattr(plan, "ALONG", small)
    raw = written(whole, **WAYS[way])
    wanted = pq.ParquetFile(io.BytesIO(raw)).read()
    part, dice = Parquet(Memory(raw, "a.parquet")), random.Random(way)  # noqa: S311 -- the same each time, no secret
    assert part.count() == ROWS
    for _ in range(OFFSETS):
        start, count = dice.randrange(ROWS), dice.choice([1, 7, 100, 3000])
        columns = dice.choice([None, dice.sample(wanted.column_names, 4)])
        expected = wanted if columns is None else wanted.select(columns)
        same(part.read(start, count, columns), expected.slice(start, count))
    same(part.read(0, ROWS), wanted)


@pytest.mark.parametrize("way", ["small pages", "small pages indexed", "tiny row groups"])
def test_the_edges_of_a_file(whole: pa.Table, way: str) -> None:
    part = Parquet(Memory(written(whole, **WAYS[way])))
    same(part.read(ROWS - 3, 100), whole.slice(ROWS - 3))
    same(part.read(ROWS, 100), whole.slice(ROWS))
    same(part.read(10 * ROWS, 100), whole.slice(ROWS))
    same(part.read(5, 0), whole.slice(5, 0))
    assert part.read(10, 20, []).num_rows == 20
    same(part.read(10, 20, ["few", "few"]), whole.select(["few", "few"]).slice(10, 20))
    with pytest.raises(BadInput, match="no column 'nope'"):
        part.read(0, 1, ["nope"])
    with pytest.raises(BadInput):
        part.read(-1, 1)


_VALUES = {
    "int": st.integers(-(1 << 62), 1 << 62),
    "text": st.text(max_size=12),
    "list": st.lists(st.integers(0, 3), max_size=4),
    "nested": st.lists(st.lists(st.text(max_size=3), max_size=3), max_size=3),
    "struct": st.fixed_dictionaries(
        {"a": st.none() | st.integers(0, 9), "b": st.lists(st.booleans(), max_size=3)}
    ),
}
_TYPES = {
    "int": pa.int64(),
    "text": pa.string(),
    "list": pa.list_(pa.int64()),
    "nested": pa.list_(pa.list_(pa.string())),
    "struct": pa.struct([("a", pa.int64()), ("b", pa.list_(pa.bool_()))]),
}


@st.composite
def _files(draw: Any) -> tuple[pa.Table, bytes, list[tuple[int, int]]]:
    rows = draw(st.integers(0, 200))
    columns = {}
    for kind in draw(st.lists(st.sampled_from([*_VALUES]), min_size=1, max_size=3, unique=True)):
        few = draw(st.lists(st.none() | _VALUES[kind], min_size=1, max_size=8))
        dice = random.Random(draw(st.integers(0, 1 << 30)))  # noqa: S311 -- the same each time, no secret
        columns[kind] = pa.array([dice.choice(few) for _ in range(rows)], _TYPES[kind])
    made = pa.table(columns)
    raw = written(
        made,
        row_group_size=draw(st.sampled_from([1, 7, 50, 1000])),
        data_page_size=draw(st.sampled_from([20, 60, 1_000_000])),
        write_batch_size=draw(st.sampled_from([1, 5, 1000])),
        dictionary_pagesize_limit=draw(st.sampled_from([10, 1_000_000])),
        write_page_index=draw(st.booleans()),
        data_page_version=draw(st.sampled_from(["1.0", "2.0"])),
        compression=draw(st.sampled_from(["none", "snappy", "zstd", "lz4"])),
        use_dictionary=draw(st.booleans()),
    )
    span = st.tuples(st.integers(0, max(0, rows)), st.integers(0, 60))
    return made, raw, draw(st.lists(span, min_size=1, max_size=5))


@given(_files())
@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck])
def test_whatever_is_written_is_read(made: tuple[pa.Table, bytes, list[tuple[int, int]]]) -> None:
    whole, raw, spans = made
    assume(_pyarrow_reads(raw, whole))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hf_nb.data.parquet.plan.SMALL", 0)  # nothing is small enough to be fetched whole
        patch.setattr("hf_nb.data.parquet.plan.ALONG", 0)
        part = Parquet(Memory(raw))
        for start, count in spans:
            same(part.read(start, count), whole.slice(start, count))


def _pyarrow_reads(raw: bytes, whole: pa.Table) -> bool:
    """It, 26.0.1, misreads some of what it has written itself: pages without values before the first one."""
    try:
        return pq.ParquetFile(io.BytesIO(raw)).read().equals(whole)
    except pa.ArrowInvalid:
        return False


def test_blocks_hold_all_rows_once_and_are_read_by_themselves(whole: pa.Table) -> None:
    for way in ("small pages indexed", "small pages", "tiny row groups"):
        part = Parquet(Memory(written(whole, **WAYS[way])))
        blocks = part.blocks(["number", "text"])
        assert [one.first for one in blocks[1:]] == [one.first + one.rows for one in blocks[:-1]]
        assert blocks[0].first == 0
        assert sum(one.rows for one in blocks) == ROWS
        assert all(one.bytes > 0 for one in blocks)
        assert len(blocks) > 20 if way == "small pages indexed" else len(blocks) in (2, 62)


def test_many_threads_read_one_file(whole: pa.Table) -> None:
    part = Parquet(Memory(written(whole, **WAYS["small pages"])))
    wrong: list[BaseException] = []

    def work(seed: int) -> None:
        dice = random.Random(seed)  # noqa: S311 -- the same each time, no secret
        try:
            for _ in range(15):
                start = dice.randrange(ROWS)
                same(
                    part.read(start, 50, ["chat", "number"]),
                    whole.select(["chat", "number"]).slice(start, 50),
                )
        except BaseException as one:  # noqa: BLE001 -- shown below
            wrong.append(one)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not wrong, wrong[0]


def test_columns_of_one_name_are_all_read_and_the_first_is_meant() -> None:
    twice = pa.table([pa.array([1, 2]), pa.array(["a", "b"])], names=["x", "x"])
    part = Parquet(Memory(written(twice)))
    same(part.read(0, 2), twice)
    assert part.read(0, 2, ["x"]).column(0).to_pylist() == [1, 2]


def test_a_file_without_rows_and_one_with_two_thousand_columns() -> None:
    none = table(5).slice(0, 0)
    part = Parquet(Memory(written(none)))
    same(part.read(0, 10), pq.read_table(io.BytesIO(written(none))))
    assert part.blocks() == []
    wide = pa.table({f"c{at}": [at, at + 1] for at in range(2000)})
    same(Parquet(Memory(written(wide))).read(0, 2), wide)


def test_a_page_of_very_many_rows_is_not_decoded_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hf_nb.data.parquet.decode.BESIDE", 100)
    long = pa.table({"one": pa.array([7] * 50_000), "list": pa.array([[1], []] * 25_000)})
    raw = written(long, row_group_size=50_000, max_rows_per_page=50_000)
    for start in (0, 49_000, 99, 100, 101):
        same(Parquet(Memory(raw)).read(start, 30), long.slice(start, 30))


def test_a_file_on_the_disk_is_read_and_its_change_noticed(tmp_path: Any, whole: pa.Table) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(written(whole))
    part = Parquet(Disk(path))
    same(part.read(4000, 10), whole.slice(4000, 10))
    assert part.cost(0, 10) == 0
    assert part.bytes == path.stat().st_size
    path.write_bytes(b"other")
    with pytest.raises(Broken, match="changed"):
        part.read(0, 10)
    for name, error in (("missing", NotFound), (".", BadInput)):
        with pytest.raises(error):
            Parquet(Disk(tmp_path / name)).count()
