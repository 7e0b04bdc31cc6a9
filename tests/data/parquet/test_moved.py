"""Bytes and requests are gates: how much of a large file is moved for a few of its rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hf_nb.data.files import meter, remote
from hf_nb.data.files.kept import Kept
from hf_nb.data.files.remote import Remote
from hf_nb.data.parquet import Parquet
from hf_nb.errors import Costly
from tests.data.parquet.tables import same, written
from tests.data.serving import OnDisk, Server, serving

ROWS, GROUP = 400_000, 100_000


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "kept", Kept())


@pytest.fixture(scope="module")
def whole() -> pa.Table:
    """Eleven columns: numbers that are all different, a few words, texts."""
    dice = np.random.default_rng(7)
    return pa.table(
        {f"float {at}": dice.normal(size=ROWS) for at in range(7)}
        | {
            "id": np.arange(ROWS),
            "stamp": pa.array(dice.integers(0, 10**15, ROWS), pa.timestamp("us")),
            "word": pa.array(dice.integers(0, 50, ROWS)).cast(pa.string()),
            "text": pa.array([f"some text {one}" for one in dice.integers(0, 10**9, ROWS)]),
        }
    )


@pytest.fixture(scope="module")
def files(whole: pa.Table, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("files")
    ways = {
        "indexed": {"write_page_index": True, "row_group_size": GROUP},
        "plain": {"row_group_size": GROUP},
        "tiny": {"row_group_size": 400},
    }
    for name, how in ways.items():
        pq.write_table(whole, folder / name, **how)
    dice = np.random.default_rng(8)
    wide: dict[str, Any] = {f"few {at}": dice.integers(0, 20, GROUP) for at in range(100)}
    wide |= {f"float {at}": dice.normal(size=GROUP) for at in range(20)}
    pq.write_table(pa.table(wide), folder / "wide", write_page_index=True)
    return {path.name: path for path in folder.iterdir()}


@pytest.fixture
def server(files: dict[str, Path]) -> Iterator[Server]:
    with serving({f"/{name}": OnDisk(path) for name, path in files.items()}) as running:
        yield running


def read(
    server: Server, part: Parquet, whole: pa.Table, start: int, columns: list[str] | None = None
) -> None:
    """A hundred rows, counted from here, and the right ones; the cost said before is what they cost."""
    server.clear()
    with meter.counting() as spent:
        got = part.read(start, 100, columns)
    assert got.equals((whole if columns is None else whole.select(columns)).slice(start, 100))
    assert (spent.bytes, spent.requests) == (server.bytes, server.requests)


def test_the_first_rows_take_a_request_a_column_and_one_for_the_footer(
    server: Server, whole: pa.Table, files: dict[str, Path]
) -> None:
    for name in ("indexed", "plain"):
        read(server, Parquet(Remote(server.url(f"/{name}"))), whole, 0)
        assert server.requests <= 15
        # of each column the dictionary, full or nearly so, and a page: of a row group ten times as long, a tenth
        assert server.bytes <= 0.3 * files[name].stat().st_size


def test_a_jump_takes_the_pages_of_those_rows(
    server: Server, whole: pa.Table, files: dict[str, Path]
) -> None:
    part = Parquet(Remote(server.url("/indexed")))
    part.count()
    read(server, part, whole, 250_050)
    first = server.bytes
    assert first <= 0.3 * files["indexed"].stat().st_size
    read(server, part, whole, 275_050)
    assert server.bytes <= 2_000_000
    assert server.requests <= 11
    read(server, part, whole, 275_200)
    assert server.requests == 0, "the same pages"


def test_without_an_index_a_second_jump_knows_what_the_first_one_learnt(
    server: Server, whole: pa.Table
) -> None:
    part = Parquet(Remote(server.url("/plain")))
    read(server, part, whole, 280_050)
    read(server, part, whole, 230_050)
    assert server.bytes <= 2_000_000


def test_a_jump_of_two_columns_moves_those(server: Server, whole: pa.Table) -> None:
    part = Parquet(Remote(server.url("/indexed")))
    part.count()
    read(server, part, whole, 250_050, ["word", "id"])
    assert server.bytes <= 1_500_000
    assert server.requests <= 4


def test_a_thousand_row_groups_are_not_a_thousand_requests(server: Server, whole: pa.Table) -> None:
    part = Parquet(Remote(server.url("/tiny")))
    server.clear()
    assert part.read(100_000, 100_000).equals(whole.slice(100_000, 100_000))
    assert server.requests <= 6
    server.clear()
    assert part.read(10, 40_000, ["word"]).equals(whole.select(["word"]).slice(10, 40_000))
    assert server.requests <= 3


def test_eight_of_many_columns_move_what_the_eight_take(server: Server, files: dict[str, Path]) -> None:
    part = Parquet(Remote(server.url("/wide")))
    columns = [f"few {at}" for at in range(0, 80, 10)]
    server.clear()
    got = part.read(0, 100, columns)
    assert got.equals(pq.read_table(files["wide"], columns=columns).slice(0, 100))
    assert server.bytes <= 1_000_000
    assert server.requests <= 10


def test_a_jump_among_chats_takes_a_page_of_each_leaf() -> None:
    dice, rows = np.random.default_rng(9), 20_000
    turns = [
        [
            {"role": "user", "content": dice.bytes(9).hex()},
            {"role": "assistant", "content": dice.bytes(size).hex()},
        ]
        for size in dice.integers(0, 400, rows)
    ]
    chats = pa.table({"messages": pa.array(turns), "id": np.arange(rows)})
    raw = written(chats, row_group_size=rows, write_page_index=True, use_content_defined_chunking=True)
    with serving({"/chats": raw}) as server:
        part = Parquet(Remote(server.url("/chats")))
        part.count()
        server.clear()
        same(part.read(15_000, 100), chats.slice(15_000, 100))
        assert server.bytes < 0.15 * len(raw)
        assert server.requests <= 6


@pytest.mark.parametrize("name", ["indexed", "plain", "tiny", "wide"])
def test_the_cost_said_before_is_near_what_is_moved(server: Server, name: str) -> None:
    part = Parquet(Remote(server.url(f"/{name}")))
    part.count()
    for start in (0, 30_000, 99_900, 60_000):
        before = part.cost(start, 100)
        with meter.counting() as spent:
            part.read(start, 100)
        # without an index it is said by the average row, and dictionaries make the first ones dearer
        assert spent.bytes / 1.6 - 200_000 <= before <= spent.bytes * 1.6 + 200_000, (
            start,
            before,
            spent.bytes,
        )
        assert part.cost(start, 100) == 0


def test_more_than_was_agreed_is_refused_before_it_is_moved(server: Server) -> None:
    part = Parquet(Remote(server.url("/plain")))
    part.count()
    server.clear()
    with meter.counting(cap=1_000_000), pytest.raises(Costly, match=r"Reading rows 90,000 to 90,100") as said:
        part.read(90_000, 100)
    assert server.requests == 0
    assert said.value.bytes > 1_000_000


def test_where_nobody_said_how_much_sixty_four_megabytes_are_agreed(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meter, "CAP", 500_000)
    part = Parquet(Remote(server.url("/plain")))
    with pytest.raises(Costly):
        part.read(90_000, 100)
    with meter.counting():  # who counts has an eye on it
        part.read(90_000, 100)
