"""Xorbs: what real ones hold comes out unchanged, and what lies is refused with a word, in little memory."""

from __future__ import annotations

import contextlib
import io
import math
import struct
import tracemalloc

import lz4.frame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from hf_nb.errors import BadInput
from hf_nb.offline.xet import hashes, xorb
from tests.offline.xet import making

FLOATS = struct.pack("<4000f", *(0.02 * math.sin(place * place) for place in range(4000)))


def unpacked(body: bytes) -> list[bytes]:
    return [chunk.unpacked() for chunk in xorb.chunks(io.BytesIO(body))]


@pytest.mark.parametrize("scheme", [0, 1, 2])
@pytest.mark.parametrize("cut", [0, 1, 2, 3])
def test_a_chunk_comes_out_as_it_went_in_whatever_the_packing(scheme, cut):
    content = FLOATS[: len(FLOATS) - cut]
    assert unpacked(making.chunk(content, scheme)) == [content]


@given(
    contents=some.lists(
        some.tuples(some.binary(min_size=1, max_size=500), some.sampled_from([0, 1, 2])), min_size=1
    )
)
def test_any_chunks_in_any_packing_come_out_and_bear_the_name_of_their_content(contents):
    body = b"".join(making.chunk(content, scheme) for content, scheme in contents)
    assert unpacked(body) == [content for content, _ in contents]
    found = xorb.check(io.BytesIO(body))
    assert found == (hashes.text(making.name([content for content, _ in contents])), len(body))


def test_the_footer_of_older_clients_is_left_out():
    body = making.chunk(b"content")
    assert xorb.check(io.BytesIO(body + b"XETBLOB\1" + bytes(200))).end == len(body)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b"", "no chunks"),
        (b"XETBLOB\1", "no chunks"),
        (b"\0\0\0", "in the middle of a chunk's header"),
        (making.chunk(b"content")[:-1], "in the middle of a chunk"),
        (b"\1" + making.chunk(b"content")[1:], "version 1"),
        (making.chunk(b"content", 3), "scheme 3"),
        (making.chunk(b""), "of 0 bytes"),
        (making.chunk(b"", length=5), "in 0"),
        (making.chunk(b"content", length=8), "not as long"),
        (making.chunk(b"content", length=6), "not as long"),
        (making.chunk(b"content", 1, length=8), "not as long"),
        (making.chunk(b"content", 1, length=6), "not as long"),
        (making.chunk(bytes(200_000), 1), "131072 are the most"),
        (making.chunk(b"content", 1, packed=b"no frame at all"), "no LZ4 frame"),
        (making.chunk(b"content", 1, packed=lz4.frame.compress(b"content")[:-4]), "not one whole LZ4 frame"),
        (
            making.chunk(b"content", 1, packed=lz4.frame.compress(b"content") + b"more"),
            "not one whole LZ4 frame",
        ),
        (making.chunk(b"x") * 8193, "more than 8192"),
    ],
)
def test_what_lies_is_refused_with_a_word(body, complaint):
    with pytest.raises(BadInput, match=complaint):
        xorb.check(io.BytesIO(body))


@settings(max_examples=300)
@given(body=some.binary(max_size=400), head=some.sampled_from([b"", b"\0", making.chunk(b"content", 1)]))
def test_no_bytes_whatever_do_anything_but_pass_or_be_refused(body, head):
    with contextlib.suppress(BadInput):
        assert xorb.check(io.BytesIO(head + body)).end <= len(head + body)


def test_a_bomb_is_defused_before_it_fills_the_memory():
    # 256 KiB of LZ4 may stand for 60 MB of zeros; a chunk says how long it is, and is held to it
    bomb = lz4.frame.compress(bytes(60_000_000))
    assert len(bomb) < 256 << 10
    tracemalloc.start()
    try:
        with pytest.raises(BadInput, match="LZ4 frame"):
            xorb.check(io.BytesIO(making.chunk(b"", 1, packed=bomb, length=131_072)))
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()
