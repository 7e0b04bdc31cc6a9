"""Shards: their records are read where they lie, and counts that lie cost nothing."""

from __future__ import annotations

import contextlib
import hashlib
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from hf_nb.errors import BadInput
from hf_nb.offline.xet import hashes
from hf_nb.offline.xet.shard import Shard
from tests.offline.xet import making

CHUNKS = [b"one", b"two", b"three"]
TERMS = [making.term(CHUNKS), making.term(CHUNKS, 1, 2)]
GOOD = making.shard(making.file(TERMS, b"onetwothreetwo"), making.file([], b""))


def test_a_shard_says_what_each_file_is_made_of():
    shard = Shard(GOOD)
    first, second = shard.files()
    assert (first.sha256, second.sha256) == tuple(
        hashlib.sha256(text).hexdigest() for text in (b"onetwothreetwo", b"")
    )
    assert [(term.xorb, term.length, term.first, term.end) for term in shard.terms(first)] == [
        (hashes.text(making.name(CHUNKS)), 11, 0, 3),
        (hashes.text(making.name(CHUNKS)), 3, 1, 2),
    ]
    assert list(shard.terms(second)) == []


@pytest.mark.parametrize("length", [0, 1, 47, 48, 96, 150, len(GOOD) - 49, len(GOOD) - 1])
def test_a_shard_that_was_cut_off_is_refused(length):
    with pytest.raises(BadInput, match="ends before its records do"):
        Shard(GOOD[:length])


@pytest.mark.parametrize("count", [3, 10**9, 2**32 - 1])
def test_a_shard_that_claims_more_terms_than_it_has_is_refused_at_once(count):
    tracemalloc.start()
    try:
        with pytest.raises(BadInput, match="ends before its records do"):
            Shard(making.shard(making.file(TERMS, b"", count=count)))
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_a_shard_that_claims_more_chunks_of_a_xorb_than_it_lists_is_refused():
    lie = making.name(CHUNKS) + bytes(4) + (10**9).to_bytes(4, "little") + bytes(8)
    with pytest.raises(BadInput, match="ends before its records do"):
        Shard(making.shard(xorbs=lie))


@pytest.mark.parametrize("flags", [0, making.NAMED, making.PROVED])
def test_a_file_without_proofs_or_without_a_name_is_refused(flags):
    with pytest.raises(BadInput, match="without"):
        Shard(making.shard(making.file(TERMS, b"", flags=flags)))


@pytest.mark.parametrize("spoiled", [b"X" + GOOD[1:], GOOD[:32] + b"\3" + GOOD[33:], bytes(96)])
def test_what_is_no_shard_is_refused(spoiled):
    with pytest.raises(BadInput, match="no shard"):
        Shard(spoiled)


@settings(max_examples=300)
@given(at=some.integers(0, len(GOOD) - 1), byte=some.integers(0, 255), tail=some.binary(max_size=100))
def test_whatever_is_spoiled_the_shard_is_read_or_refused(at, byte, tail):
    spoiled = GOOD[:at] + bytes([byte]) + GOOD[at + 1 :] + tail
    with contextlib.suppress(BadInput):
        shard = Shard(spoiled)
        assert sum(len(list(shard.terms(file))) for file in shard.files()) <= len(spoiled) // 96
