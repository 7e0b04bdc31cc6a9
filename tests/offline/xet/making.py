"""Xorbs and shards made by hand: right ones, and what a test then spoils."""

from __future__ import annotations

import hashlib
import struct
from typing import NamedTuple

import lz4.frame

from hf_nb.offline.xet import hashes

TAG = b"HFRepoMetaData\0" + bytes.fromhex("556967456a7b815783a5bdd95ccdd14aa9")
HEADER = struct.pack("<32sQQ", TAG, 2, 0)
BOOKEND = b"\xff" * 32 + bytes(16)
PROVED, NAMED = 1 << 31, 1 << 30


def chunk(
    content: bytes, scheme: int = 0, *, length: int | None = None, packed: bytes | None = None
) -> bytes:
    """One chunk as it stands in a xorb; `length` and `packed` are there to lie."""
    if packed is None:
        grouped = b"".join(content[first::4] for first in range(4)) if scheme == 2 else content
        packed = lz4.frame.compress(grouped) if scheme else content
    said = len(content) if length is None else length
    return b"\0" + len(packed).to_bytes(3, "little") + bytes([scheme]) + said.to_bytes(3, "little") + packed


def name(contents: list[bytes]) -> bytes:
    """The name a xorb of these chunks must have."""
    return hashes.of_tree([(hashes.of_chunk(content), len(content)) for content in contents])


def noise(seed: int, size: int) -> bytes:
    """Bytes that do not pack, the same ones every time."""
    return hashlib.shake_128(seed.to_bytes(4, "little")).digest(size)


class Term(NamedTuple):
    """Chunks of a xorb, and what the shard says of them."""

    xorb: bytes
    first: int
    end: int
    length: int
    proof: bytes


def term(contents: list[bytes], first: int = 0, end: int | None = None) -> Term:
    """A term over the xorb of these chunks."""
    taken = contents[first:end]
    proof = hashes.of_range(b"".join(hashes.of_chunk(content) for content in taken))
    return Term(name(contents), first, first + len(taken), sum(map(len, taken)), proof)


def file(
    terms: list[Term],
    content: bytes,
    *,
    count: int | None = None,
    flags: int = PROVED | NAMED,
    sha256: str = "",
) -> bytes:
    """A file's records; `count`, `flags` and `sha256` are there to lie."""
    said = len(terms) if count is None else count
    digest = bytes.fromhex(sha256 or hashlib.sha256(content).hexdigest())
    return b"".join(
        [
            struct.pack("<32sII8x", b"f" * 32, flags, said),
            *(struct.pack("<32s4xIII", one.xorb, one.length, one.first, one.end) for one in terms),
            *(one.proof + bytes(16) for one in terms),
            struct.pack(">4Q", *struct.unpack("<4Q", digest)) + bytes(16),
        ]
    )


def shard(*files: bytes, xorbs: bytes = b"") -> bytes:
    """A shard of these files."""
    return HEADER + b"".join(files) + BOOKEND + xorbs + BOOKEND
