"""A file cut anywhere, changed anywhere, or made by somebody who means harm: an error of ours, or the right rows."""

from __future__ import annotations

import io
import random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hf_nb.data.files.memory import Memory
from hf_nb.data.parquet import Parquet, thrift
from hf_nb.data.parquet.levels import counted
from hf_nb.data.parquet.thrift import BINARY, I32, I64, LIST, STRUCT, Malformed, list_of, struct_of
from hf_nb.errors import BadInput, Broken, HfNbError, TooLarge
from tests.data.parquet.tables import same, table, written

ROWS = 400
WAYS: list[dict[str, Any]] = [
    {"write_page_index": True, "data_page_size": 300, "write_batch_size": 20, "write_page_checksum": True},
    {"data_page_size": 300, "write_batch_size": 20, "write_page_checksum": True},
    {"data_page_version": "2.0", "compression": "zstd", "data_page_size": 300, "write_page_checksum": True},
]
COLUMNS = ["number", "text", "list", "chat", "image", "few"]


def files() -> list[tuple[pa.Table, bytes]]:
    whole = table(ROWS).select(COLUMNS)
    return [(whole, written(whole, row_group_size=300, **how)) for how in WAYS]


FILES = files()


def all_of(raw: bytes) -> pa.Table:
    """What is asked of a file, in the order in which a person would."""
    part = Parquet(Memory(raw, "a.parquet"))
    part.facts()
    part.read(250, 10)
    part.blocks()
    part.cost(120, 20)
    part.read(120, 20)
    return part.read(0, ROWS)


@pytest.fixture(autouse=True)
def _pages_even_of_small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hf_nb.data.parquet.plan.SMALL", 0)
    monkeypatch.setattr("hf_nb.data.parquet.plan.ALONG", 0)


@pytest.mark.parametrize("which", range(len(WAYS)))
def test_a_file_cut_anywhere_is_broken(which: int) -> None:
    raw = FILES[which][1]
    places = {*range(40), *range(len(raw) - 3000, len(raw), 7), *range(0, len(raw), len(raw) // 40)}
    for at in sorted(places):
        with pytest.raises(Broken):
            all_of(raw[:at])


@pytest.mark.parametrize("which", range(len(WAYS)))
def test_a_file_whose_middle_is_missing_is_broken_unless_it_was_its_index(which: int) -> None:
    whole, raw = FILES[which]
    last = pq.ParquetFile(io.BytesIO(raw)).metadata.row_group(1).column(len(COLUMNS) - 1)
    for at in range(4, last.data_page_offset, len(raw) // 25):
        with pytest.raises(HfNbError):
            all_of(raw[:at] + raw[at + 500 :])
    same(all_of(raw), whole)


@given(st.integers(0, len(WAYS) - 1), st.floats(0, 1, exclude_max=True), st.integers(0, 7))
@settings(max_examples=250, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck])
def test_a_changed_bit_never_raises_anything_else(which: int, where: float, bit: int) -> None:
    raw = bytearray(FILES[which][1])
    raw[int(where * len(raw))] ^= 1 << bit
    try:
        got = all_of(bytes(raw))
    except HfNbError:
        return
    assert got.num_rows <= ROWS


@pytest.mark.parametrize("which", range(len(WAYS)))
def test_a_changed_bit_of_the_values_is_noticed_by_the_checksum(which: int) -> None:
    whole, raw = FILES[which]
    chunk = pq.ParquetFile(io.BytesIO(raw)).metadata.row_group(0).column(0)
    begin, dice = chunk.dictionary_page_offset, random.Random(which)  # noqa: S311 -- the same each time, no secret
    for _ in range(60):
        changed = bytearray(raw)
        changed[begin + dice.randrange(chunk.total_compressed_size)] ^= 1 << dice.randrange(8)
        try:
            got = Parquet(Memory(bytes(changed))).read(0, 300, ["number"])
        except HfNbError:
            continue
        same(got, whole.select(["number"]).slice(0, 300))


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_a_footer_of_any_bytes_is_an_error_of_ours(footer: bytes) -> None:
    raw = b"PAR1" + footer + len(footer).to_bytes(4, "little") + b"PAR1"
    with pytest.raises(HfNbError):
        Parquet(Memory(raw)).read(0, 10)


@pytest.mark.parametrize(
    "raw", [b"", b"PAR1", b"PAR1PAR1", b"<html>not found</html>", bytes(100), b"PAR1" * 50]
)
def test_what_is_no_parquet_is_broken(raw: bytes) -> None:
    with pytest.raises(Broken, match="cannot be read as Parquet"):
        Parquet(Memory(raw)).count()


def test_a_footer_that_claims_to_be_huge_is_not_fetched() -> None:
    class Claims(Memory):
        size = 10_000_000_000

        def tail(self, count: int) -> bytes:
            return bytes(count - 8) + (2_000_000_000).to_bytes(4, "little") + b"PAR1"

    with pytest.raises(TooLarge, match="footer"):
        Parquet(Claims(b"")).count()


def test_an_encrypted_file_says_so() -> None:
    for plain in (True, False):
        with pytest.raises(BadInput, match="encrypted"):
            all_of(_encrypted(plain=plain))


def _encrypted(*, plain: bool) -> bytes:
    class Keys(pe.KmsClient):  # type: ignore[misc]
        def __init__(self, _: pe.KmsConnectionConfig) -> None:
            super().__init__()

        def wrap_key(self, key: bytes, _: str) -> str:
            return key.hex()

        def unwrap_key(self, key: str, _: str) -> bytes:
            return bytes.fromhex(key)

    how = pe.EncryptionConfiguration(
        footer_key="f", column_keys={"c": ["number"]}, plaintext_footer=plain, internal_key_material=True
    )
    keys = pe.CryptoFactory(Keys).file_encryption_properties(pe.KmsConnectionConfig(), how)
    sink = io.BytesIO()
    with pq.ParquetWriter(sink, FILES[0][0].schema, encryption_properties=keys) as writer:
        writer.write_table(FILES[0][0])
    return sink.getvalue()


def test_a_few_bytes_that_stand_for_a_library_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = written(pa.table({"t": pa.array(["x" * 10_000] * 4000)}), compression="zstd", row_group_size=4000)
    assert len(bomb) < 10_000
    monkeypatch.setattr("hf_nb.data.parquet.decode.AT_ONCE", 200_000)
    monkeypatch.setattr("hf_nb.data.parquet.decode.LARGEST", 5_000_000)
    before = pa.total_allocated_bytes()
    assert Parquet(Memory(bomb)).read(2000, 100).nbytes > 1_000_000
    with pytest.raises(TooLarge, match="Take fewer rows"):
        Parquet(Memory(bomb)).read(2000, 1000)
    assert pa.total_allocated_bytes() - before < 20_000_000


def test_lengths_that_lie_cost_nothing() -> None:
    huge = b"\xff\xff\xff\xff\x07"
    for raw in (
        bytes([0x18]) + huge,  # a text of 2 GB
        bytes([0x19, 0xFC]) + huge,  # a list of as many structs
        bytes([0x19, 0xF8]) + huge,
        bytes([0x1C]) * 5000,  # structs within structs
        bytes([0x19, 0x19]) * 5000,  # lists within lists
        bytes([0x16]) + b"\xff" * 5000,  # a number without end
        bytes([0x15]),
        bytes([0x1F, 0x00]),
    ):
        with pytest.raises(Malformed):
            thrift.read(raw)
        with pytest.raises(Malformed):
            thrift.skip(raw, 0)


def test_what_is_written_compactly_is_read_again() -> None:
    raw = struct_of(
        (1, I32, -5),
        (3, BINARY, b"text"),
        (40, I64, 1 << 40),
        (41, LIST, list_of(I32, range(20))),
        (42, STRUCT, struct_of((2, I32, 7))),
        (43, thrift.FALSE, True),
        (44, I32, None),
    )
    wanted = {1: -5, 3: b"text", 40: 1 << 40, 41: [*range(20)], 42: {2: 7}, 43: False}
    assert thrift.read(raw) == (wanted, len(raw)) == (wanted, thrift.skip(raw, 0))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 40), st.booleans()), min_size=1, max_size=6))
@settings(max_examples=80, deadline=None, derandomize=True)
def test_levels_are_counted_however_their_runs_are_written(runs: list[tuple[int, int, bool]]) -> None:
    raw, levels = b"", []
    for level, length, packed in runs:
        if packed:
            groups = -(-length // 8)
            bits = "".join(f"{level:02b}"[::-1] for _ in range(groups * 8))
            raw += thrift.varint(groups << 1 | 1)
            raw += bytes(int(bits[at : at + 8][::-1], 2) for at in range(0, len(bits), 8))
            levels += [level] * groups * 8
        else:
            raw += thrift.varint(length << 1) + bytes([level])
            levels += [level] * length
    assert counted(raw, 2, len(levels)) == (levels[0] == 0, levels.count(0))
    with pytest.raises(Malformed):
        counted(raw, 2, len(levels) + 1)
