"""What is promised of large tables, held to on smaller ones of the same shape: bytes, requests, copies, sizes.

What single files take is in tests/data/parquet/test_moved.py; this is what a person's question takes, from its address.
"""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hf_nb.data import finding
from hf_nb.data.files import giving, meter, remote
from hf_nb.data.files.file import Range
from hf_nb.data.files.kept import Kept
from hf_nb.data.query.view import View
from hf_nb.data.query.wanted import Filter, Wanted
from hf_nb.panels.data import held
from tests.benchmarks.memory import memory
from tests.data.serving import OnDisk, Server, serving
from tests.panels.asking import Page

ROWS, GROUP = 400_000, 200_000
MANY = 1_000_000


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "kept", Kept())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("promises")
    dice = np.random.default_rng(9)
    floats = {f"float {at}": dice.normal(size=ROWS) for at in range(8)}
    tall = {name: floats[name] for name in [*floats][:5]} | {
        "id": np.arange(ROWS),
        "few": dice.integers(0, 9, ROWS),
        "half": np.arange(ROWS) / 2,
    }
    letters = dice.bytes(ROWS * 18).hex()
    tall["text"] = np.array([letters[at : at + 36] for at in range(0, len(letters), 36)])
    how: dict[str, Any] = {"row_group_size": GROUP, "write_page_index": True}
    pq.write_table(pa.table(tall), made / "tall.parquet", **how)
    wide = {f"few {at}": dice.integers(0, 30, GROUP).astype("int16") for at in range(60)}
    pq.write_table(
        pa.table(wide | {name: one[:GROUP] for name, one in floats.items()}), made / "wide.parquet", **how
    )
    return made


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    with serving({f"/{path.name}": OnDisk(path) for path in folder.iterdir()}) as running:
        yield running


@pytest.fixture(scope="module")
def frame() -> Any:
    """A million rows of ten columns."""
    pandas = pytest.importorskip("pandas")
    dice = np.random.default_rng(4)
    columns: dict[str, Any] = {f"float {at}": dice.normal(size=MANY) for at in range(4)}
    columns |= {"id": np.arange(MANY), "few": dice.integers(0, 30, MANY).astype("int16")}
    columns |= {"flag": dice.random(MANY) < 0.3, "stamp": pandas.to_datetime(columns["id"], unit="s")}
    words = np.array(["a text of some words, one", "a text of some words, two"])[dice.integers(0, 2, MANY)]
    columns |= {
        "kind": pandas.Series(np.where(columns["flag"], "data", "index")),
        "text": pandas.Series(words),
    }
    return pandas.DataFrame(columns)


def peak(work: Callable[[], object]) -> int:
    """Bytes that were taken while it worked, at their most: by Python and numpy, and by Arrow."""
    arrow = pa.default_memory_pool()
    before = arrow.bytes_allocated()
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] + max(0, arrow.bytes_allocated() - before)
    finally:
        tracemalloc.stop()


# -- far away


def test_an_address_and_its_first_rows_take_a_request_a_column_and_one(server: Server) -> None:
    source = finding.open(server.url("/tall.parquet"))
    got = source.read(0, 100)
    assert got["id"].to_pylist() == list(range(100))
    assert server.requests <= 1 + len(source.columns)
    # of nine columns a dictionary of a megabyte at most, and a page
    assert server.bytes <= 12_000_000


def test_a_jump_moves_a_tenth_of_its_row_group_and_the_next_one_two_megabytes(server: Server) -> None:
    source = finding.open(server.url("/tall.parquet"))
    source.count()
    server.clear()
    assert source.read(350_050, 100)["id"][0].as_py() == 350_050
    whole = sum(chunk.span.end - chunk.span.begin for chunk in source.parts[0].footer.chunks(1))  # type: ignore[attr-defined]
    assert server.bytes * 10 <= whole
    assert server.requests <= 1 + len(source.columns)
    server.clear()
    assert source.read(390_050, 100)["id"][0].as_py() == 390_050
    assert server.bytes <= 2_000_000


def test_rows_behind_the_end_of_a_dictionary_do_without_it(server: Server) -> None:
    source = finding.open(server.url("/tall.parquet"))
    source.count()
    server.clear()
    assert source.read(250_050, 100, ["text"]).num_rows == 100
    assert server.requests == 1, "the page, although it is large"
    assert server.bytes <= 1_000_000


def test_eight_of_many_columns(server: Server) -> None:
    for kind, most in (("few", 3_000_000), ("float", 10_000_000)):
        source = finding.open(server.url("/wide.parquet"))
        server.clear()
        assert source.read(0, 100, [f"{kind} {at}" for at in range(8)]).num_columns == 8
        assert server.bytes <= most
        assert server.requests <= 10


def test_a_page_of_a_remote_table_says_what_it_moved(server: Server) -> None:
    page, of = Page(), {"what": server.url("/tall.parquet")}
    server.clear()
    opened = page.ask("data.open", of=of)
    said = page.ask("data.page", of=of, offset=0, limit=100, columns=[{"name": "id", "chars": 48}])
    assert opened["moved"] + said["moved"] == server.bytes
    again = page.ask("data.page", of=of, offset=0, limit=100, columns=[{"name": "id", "chars": 48}])
    assert (again["moved"], again["cells"]) == (0, said["cells"])


# -- in memory


def test_a_page_of_ten_columns_is_small(frame: Any) -> None:
    page, of = Page(), {"what": held.hold(frame)}
    columns = [{"name": name, "chars": 48} for name in frame.columns]
    said = page.ask("data.page", of=of, offset=MANY - 100, limit=100, columns=columns)
    assert len(said["cells"]) == 10
    assert len(json.dumps(said, ensure_ascii=False).encode()) <= 20_000


def test_looking_at_a_frame_copies_the_rows_that_are_shown(frame: Any) -> None:
    source = finding.open(frame)
    source.read(0, 10)

    def look() -> None:
        for start in range(0, MANY, MANY // 20):
            assert source.read(start, 100).num_rows == 100

    assert peak(look) < frame.memory_usage(deep=True).sum() * 0.01


def test_an_arrow_table_is_not_copied_at_all(frame: Any) -> None:
    table = pa.table({"id": np.arange(MANY)})
    rows = finding.open(table).read(5_000, 100)["id"].chunk(0)
    assert rows.buffers()[1].address == table["id"].chunk(0).buffers()[1].address


def test_a_sorted_view_keeps_four_bytes_a_row_and_its_head_next_to_none(frame: Any) -> None:
    source = finding.open(frame)
    view = View(source, Wanted(sort=("float 3", False)))
    order = np.argsort(frame["float 3"].to_numpy(), kind="stable")
    assert view.positions(0, 100) == order[:100].tolist()
    assert view.kept <= 10_000
    assert view.positions(MANY // 2, 100) == order[MANY // 2 :][:100].tolist()
    assert view.kept == 4 * MANY


def test_a_search_keeps_four_bytes_for_each_row_that_it_found_and_has_looked_at_all(frame: Any) -> None:
    view = View(finding.open(frame), Wanted((Filter("float 0", "between", (0.0, 0.2)),)))
    with meter.counting() as spent:
        found = view.find()
    expected = int(frame["float 0"].between(0.0, 0.2, inclusive="left").sum())
    assert (found.rows, found.scanned, found.exact) == (expected, MANY, True)
    assert view.kept == 4 * expected
    assert spent.bytes == 0


# -- in the long run


def test_what_is_not_kept_any_more_is_given_back_to_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []
    store, piece = Kept(most=8_000_000), bytes(1_000_000)
    monkeypatch.setattr(giving, "give_back", lambda: given.append(store.bytes))
    for at in range(40):
        store.put("file", Range(at * len(piece), (at + 1) * len(piece)), piece)
    assert given == [8_000_000] * 4  # 32 of 40 MB were let go of


def test_freed_memory_below_what_is_still_used_goes_back() -> None:
    if giving._trim() is None:
        pytest.skip("only GNU's C library can be asked")
    held = [b"x" * (100_000 + at) for at in range(1_000)]
    here = memory("VmRSS")
    last = held.pop()
    del held
    giving.give_back()
    assert len(last)
    assert memory("VmRSS") < here - 50
