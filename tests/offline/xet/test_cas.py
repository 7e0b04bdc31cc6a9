"""The storage: what is kept is what its name says, whole or not at all."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from hf_nb.errors import BadInput, TooLarge
from hf_nb.offline.blobs import Blobs
from hf_nb.offline.xet import hashes
from hf_nb.offline.xet.cas import Cas, Long
from tests.offline.xet import making

CHUNKS = [making.noise(seed, 3_000 + seed) for seed in range(20)]
CONTENT = b"".join(CHUNKS)
XORB = b"".join(making.chunk(chunk, place % 3) for place, chunk in enumerate(CHUNKS))
NAME = hashes.text(making.name(CHUNKS))
SHARD = making.shard(making.file([making.term(CHUNKS)], CONTENT))


class DiskUsage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture
def cas(tmp_path):
    return Cas(tmp_path / "xet", Blobs(tmp_path / "blobs"))


@pytest.fixture
def filled(cas):
    assert keep(cas, XORB, NAME)
    return cas


def keep(cas: Cas, body: bytes, name: str) -> bool:
    with cas.arriving() as file:
        file.write(body)
        file.close()
        return cas.keep(file.path, name)


def accept(cas: Cas, body: bytes, **how) -> list[tuple[str, int]]:
    with cas.arriving() as file:
        file.write(body)
        file.close()
        return [(kept.sha256, kept.size) for kept in cas.accept(file.path, **how)]


def contents(cas: Cas) -> list[Path]:
    """Everything that was kept or left lying: file contents, and what is on its way."""
    left = [*cas.incoming.iterdir(), *cas.blobs.incoming.iterdir()]
    return [*left, *(path for path in cas.blobs.folder.glob("sha256/*/*"))]


def read(cas: Cas, content: bytes) -> bytes:
    return cas.blobs.path("sha256", hashlib.sha256(content).hexdigest()).read_bytes()


def test_a_file_is_put_together_from_its_chunks(filled):
    assert accept(filled, SHARD) == [(hashlib.sha256(CONTENT).hexdigest(), len(CONTENT))]
    assert read(filled, CONTENT) == CONTENT


def test_a_file_may_take_chunks_in_any_order_and_from_several_xorbs(filled):
    other = [b"from another xorb"]
    keep(filled, making.chunk(other[0], 1), hashes.text(making.name(other)))
    terms = [
        making.term(CHUNKS, 7, 12),
        making.term(other),
        making.term(CHUNKS, 0, 3),
        making.term(CHUNKS, 7, 8),
    ]
    content = b"".join([*CHUNKS[7:12], *other, *CHUNKS[:3], CHUNKS[7]])
    accept(filled, making.shard(making.file(terms, content), making.file([], b"")))
    assert read(filled, content) == content
    assert read(filled, b"") == b""


def test_the_same_xorb_or_shard_again_changes_nothing(filled):
    accept(filled, SHARD)
    before = contents(filled)
    assert not keep(filled, XORB, NAME)
    assert accept(filled, SHARD) == [(hashlib.sha256(CONTENT).hexdigest(), len(CONTENT))]
    assert contents(filled) == before


def test_a_xorb_under_a_wrong_name_is_refused_and_not_kept(cas):
    wrong = hashes.text(making.name(CHUNKS[:3]))
    with pytest.raises(BadInput, match=f"sent as {wrong} is {NAME}"):
        keep(cas, XORB, wrong)
    assert not cas.path(wrong).exists()
    assert contents(cas) == []


def test_a_footer_is_not_kept(cas):
    keep(cas, XORB + b"XETBLOB\1" + bytes(100), NAME)
    assert cas.path(NAME).read_bytes() == XORB


@pytest.mark.parametrize(
    ("terms", "sha256", "complaint"),
    [
        ([making.term(CHUNKS)], hashlib.sha256(b"another").hexdigest(), "sent as"),
        ([making.term(CHUNKS)._replace(end=21)], "", "has no chunks 0 to 21"),
        ([making.term(CHUNKS)._replace(first=2**32 - 1, end=2**32 - 1)], "", "has no chunks"),
        ([making.term(CHUNKS)._replace(first=3, end=3)], "", "has no chunks 3 to 3"),
        ([making.term(CHUNKS)._replace(length=5)], "", "is wrong about chunks"),
        ([making.term(CHUNKS)._replace(proof=bytes(32))], "", "is wrong about chunks"),
    ],
)
def test_a_shard_that_lies_about_one_file_leaves_nothing_of_any(filled, terms, sha256, complaint):
    good = making.file([making.term(CHUNKS, 0, 2)], b"".join(CHUNKS[:2]))
    with pytest.raises(BadInput, match=complaint):
        accept(filled, making.shard(good, making.file(terms, CONTENT, sha256=sha256)))
    assert contents(filled) == []


def test_who_knows_the_name_of_a_file_but_not_its_chunks_does_not_get_it(filled):
    accept(filled, SHARD)
    with pytest.raises(BadInput):
        accept(filled, making.shard(making.file([], b"", sha256=hashlib.sha256(CONTENT).hexdigest())))
    guessed = making.term(CHUNKS)._replace(proof=hashes.of_range(b"guessed"))
    with pytest.raises(BadInput):
        accept(filled, making.shard(making.file([guessed], CONTENT)))


def test_a_xorb_that_is_gone_is_said_and_the_storage_takes_another_name_so_that_all_is_sent_again(filled):
    before = filled.id
    assert Cas(filled.folder, filled.blobs).id == before
    shutil.rmtree(filled.folder / "xorbs")
    with pytest.raises(BadInput, match=f"The xorb {NAME} is not here"):
        accept(filled, SHARD)
    assert filled.id != before
    assert contents(filled) == []


def test_a_xorb_that_comes_back_may_be_packed_in_another_way(filled):
    accept(filled, SHARD)
    filled.path(NAME).unlink()
    assert keep(filled, b"".join(making.chunk(chunk) for chunk in CHUNKS), NAME)
    content = b"".join(CHUNKS[5:])
    accept(filled, making.shard(making.file([making.term(CHUNKS, 5)], content)))
    assert read(filled, content) == content


@pytest.mark.parametrize(
    "spoiled", [XORB[:-1], XORB[:8] + b"?" + XORB[9:], b"", b"?"], ids="short flipped empty other".split()
)
def test_a_xorb_that_was_damaged_on_the_disk_is_said_and_can_be_sent_again(filled, spoiled):
    before = filled.id
    filled.path(NAME).write_bytes(spoiled)
    with pytest.raises(BadInput, match=f"The xorb {NAME} was damaged"):
        accept(filled, SHARD)
    assert filled.id != before
    assert keep(filled, XORB, NAME)
    accept(filled, SHARD)
    assert read(filled, CONTENT) == CONTENT


def test_xorbs_can_be_cleared_away_and_the_files_stay(filled):
    accept(filled, SHARD)
    before = filled.id
    assert filled.clear(filled.path(NAME).stat().st_mtime) == 0
    assert filled.id == before
    assert filled.clear(filled.path(NAME).stat().st_mtime + 1) == len(XORB)
    assert filled.id != before
    assert not filled.path(NAME).exists()
    assert read(filled, CONTENT) == CONTENT


def test_it_has_a_name_even_on_a_full_disk(cas):
    cas.blobs.room.left = 0
    assert len(cas.id) == 16
    assert cas.id == cas.id
    cas.blobs.room.left = None
    assert contents(cas) == []


def test_a_few_records_do_not_fill_the_disk(filled, monkeypatch):
    long = [making.term(CHUNKS)._replace(length=2**32 - 1)]
    with pytest.raises(TooLarge, match="50000000000 are the most"):
        accept(filled, making.shard(making.file(long * 12, CONTENT)))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: DiskUsage(10**9, 10**9 - 1000, 1000))
    with pytest.raises(TooLarge, match="no room"):
        accept(filled, SHARD)
    assert contents(filled) == []


def test_what_takes_too_long_for_one_answer_is_told_before_it_is_begun(filled):
    with pytest.raises(Long):
        accept(filled, SHARD, most=len(CONTENT) - 1)
    assert accept(filled, SHARD, most=len(CONTENT))


def test_what_an_end_left_lying_is_gone_at_the_next_start(filled):
    (filled.incoming / "half").write_bytes(b"half a xorb")
    assert list(Cas(filled.folder, filled.blobs).incoming.iterdir()) == []


def test_a_disk_that_is_full_leaves_nothing_half_written(filled):
    filled.blobs.room.left = len(SHARD) + 5_000
    with pytest.raises(OSError, match="No space left"):
        accept(filled, SHARD)
    filled.blobs.room.left = None
    assert contents(filled) == []
    assert accept(filled, SHARD)


def test_a_long_file_needs_little_memory(cas):
    import tracemalloc

    megabytes = [bytes([place]) * 131_072 for place in range(80)]
    keep(cas, b"".join(making.chunk(one, 1) for one in megabytes), hashes.text(making.name(megabytes)))
    content = b"".join(megabytes) * 10
    shard = making.shard(making.file([making.term(megabytes)] * 10, content))
    tracemalloc.start()
    try:
        accept(cas, shard)
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()
    assert read(cas, content) == content
