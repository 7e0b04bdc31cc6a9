"""Pictures and sounds: a few rows of a page, or of a dictionary, of many megabytes take a small part of it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pytest

from hf_nb.data.files import meter, remote
from hf_nb.data.files.kept import Kept
from hf_nb.data.files.memory import Memory
from hf_nb.data.files.remote import Remote
from hf_nb.data.parquet import Parquet, heads, unpacked
from hf_nb.data.parquet.footer import Footer
from hf_nb.errors import Broken
from tests.data.parquet.tables import same, written
from tests.data.serving import Server, serving

ROWS = 1000

WAYS: dict[str, dict[str, Any]] = {
    "one dictionary": {},
    "one page": {"use_dictionary": False},
    "one page, indexed": {"use_dictionary": False, "write_page_index": True},
    "one dictionary, indexed": {"write_page_index": True},
    "zstd": {"compression": "zstd"},
    "gzip": {"compression": "gzip"},
    "brotli": {"compression": "brotli", "use_dictionary": False},
    "not packed": {"compression": "none"},
    "v2": {"data_page_version": "2.0"},
    "lz4": {"compression": "lz4"},
    "deltas": {"use_dictionary": False, "column_encoding": {"image.bytes": "DELTA_LENGTH_BYTE_ARRAY"}},
}
# These come whole.
OTHERS = {"v2", "lz4", "deltas"}


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "kept", Kept())


def pictures(rows: int = ROWS, of: int = 4000, packable: bool = False) -> pa.Table:  # noqa: FBT001, FBT002 -- a test's
    """Cells as `datasets` writes them, some of them twice, some missing."""
    dice = random.Random(5)  # noqa: S311 -- the same each time

    def cell(at: int) -> dict[str, Any] | None:
        if at % 17 == 3:
            return None
        raw = dice.randbytes(dice.randrange(of // 2, of))
        if packable:
            raw = bytes(one & 3 for one in raw) + b"again and again " * 40
        return {"bytes": None if at % 13 == 5 else raw, "path": f"{at}.png"}

    cells = [cell(at) for at in range(rows)]
    for at in range(20, rows, 29):
        cells[at] = cells[at - 20]
    return pa.table({"image": pa.array(cells), "label": [at % 10 for at in range(rows)]})


def address(name: str) -> str:
    return "/" + name.replace(" ", "-").replace(",", "")


@pytest.fixture(scope="module")
def whole() -> pa.Table:
    return pictures()


@pytest.fixture(scope="module")
def server(whole: pa.Table) -> Iterator[Server]:
    files = {address(name): written(whole, row_group_size=ROWS, **how) for name, how in WAYS.items()}
    with serving(files) as running:
        yield running


@pytest.mark.parametrize("name", WAYS)
def test_a_few_pictures_are_the_right_ones_and_take_few_bytes(
    server: Server, whole: pa.Table, name: str
) -> None:
    part = Parquet(Remote(server.url(address(name))))
    part.count()
    for begin, count in ((0, 3), (0, 40), (150, 20), (150, 20)):
        before = part.cost(begin, count)
        with meter.counting() as spent:
            same(part.read(begin, count), whole.slice(begin, count))
        if name not in OTHERS:
            assert spent.bytes <= 500_000  # of 2.7 MB
            assert spent.requests <= 4
            assert spent.bytes / 2 - 50_000 <= before <= spent.bytes * 2 + 50_000
            assert part.cost(begin, count) == 0
    same(part.read(900, 50), whole.slice(900, 50))
    same(part.read(0, ROWS), whole)


def test_reading_on_moves_nothing_twice(server: Server, whole: pa.Table) -> None:
    part = Parquet(Remote(server.url(address("one dictionary"))))
    with meter.counting() as spent:
        for begin in range(0, ROWS, 100):
            same(part.read(begin, 100), whole.slice(begin, 100))
    assert spent.bytes <= 1.1 * (part.bytes or 0)


@pytest.mark.parametrize("codec", ["snappy", "zstd", "none"])
@pytest.mark.parametrize("dictionary", [True, False])
def test_what_packs_well_is_unpacked_as_far_as_it_came(
    monkeypatch: pytest.MonkeyPatch,
    codec: str,
    dictionary: bool,  # noqa: FBT001 -- a case
) -> None:
    monkeypatch.setattr(heads, "BIG", 100_000)
    many = pictures(packable=True)
    raw = written(many, row_group_size=ROWS, compression=codec, use_dictionary=dictionary)
    with serving({"/a": raw}) as server:
        part = Parquet(Remote(server.url("/a")))
        part.count()
        server.clear()
        same(part.read(2, 20), many.slice(2, 20))
        assert server.bytes <= 0.3 * len(raw)


def test_the_head_of_a_snappy_stream_is_cut_anywhere() -> None:
    content = b"".join(bytes([at & 255]) * (at % 70) + b"abcdefgh" for at in range(3000))
    packed = pa.Codec("snappy").compress(content, asbytes=True)
    for end in [*range(300), *range(300, len(packed), 997), len(packed)]:
        found = unpacked.head(packed[:end], unpacked.SNAPPY, 1 << 20)
        assert content.startswith(found)
        assert len(found) >= end - 100 or end < 100
    assert found == content
    assert unpacked.head(packed, unpacked.SNAPPY, 50) == content[:50]


@pytest.mark.parametrize("name", ["one dictionary", "one page", "zstd"])
def test_a_damaged_page_is_an_error_of_ours_or_has_its_rows(whole: pa.Table, name: str) -> None:
    raw = bytearray(written(whole, row_group_size=ROWS, **WAYS[name]))
    footer = Parquet(Memory(bytes(raw))).footer
    chunk = footer.chunks(0)[0]
    dice = random.Random(3)  # noqa: S311 -- the same each time
    near = [*range(chunk.span.begin, chunk.span.begin + 60), *range(chunk.begins, chunk.begins + 60)]
    damaged = {}
    for number, at in enumerate(near):
        one = bytearray(raw)
        one[at] ^= 1 << dice.randrange(8)
        damaged[f"/{number}"] = bytes(one)
    with serving(damaged) as server:
        for path in damaged:
            with meter.counting(cap=40_000_000):
                try:
                    got = Parquet(Remote(server.url(path))).read(0, 5)
                except Broken:
                    continue
                assert got.num_rows == 5


def test_a_page_that_is_not_large_is_fetched_whole(whole: pa.Table) -> None:
    small = Parquet(Memory(written(whole.slice(0, 300), row_group_size=300)))
    footer: Footer = small.footer
    from hf_nb.data.parquet import plan

    (want, *_) = plan.wants(footer, 0, 3, [0])
    assert heads.eligible(footer, want, None) is None
