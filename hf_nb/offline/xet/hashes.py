"""Xet's names for content: 32 bytes by keyed BLAKE3, one key for each kind of thing that is hashed."""

import struct
from collections.abc import Iterator, Sequence

from blake3 import blake3

SIZE = 32
_CHUNK_KEY = bytes.fromhex("6697f5775b9550de3135cbaca597181c9de421109beb2b58b4d0b04b93adf229")
_NODE_KEY = bytes.fromhex("017ec5c7a5472996fd946666b48a02e65ddd536f37c76dd2f86352e64a53713f")
_RANGE_KEY = bytes.fromhex("7f1857d6ce56ed66127ff913e7a5c3f3a4cd26d5b5db49e64124987f28fb94c3")
_WORDS = struct.Struct("<4Q")
_FEWEST, _MOST = 3, 9  # nodes below one node, where there are enough of them

Leaf = tuple[bytes, int]  # a hash and how many bytes of content it stands for


def text(name: bytes) -> str:
    """As it is written in addresses: four little-endian words, not byte by byte."""
    return "".join(f"{word:016x}" for word in _WORDS.unpack(name))


def of_chunk(content: bytes) -> bytes:
    """A chunk's own hash."""
    return blake3(content, key=_CHUNK_KEY).digest()


def of_range(chunk_hashes: bytes) -> bytes:
    """What proves that an uploader knows the chunks of a range: a hash of their hashes, one after the other."""
    return blake3(chunk_hashes, key=_RANGE_KEY).digest()


def of_tree(leaves: Sequence[Leaf]) -> bytes:
    """The root over chunks, which is the name of a xorb."""
    level = list(leaves)
    while len(level) > 1:
        level = [_node(group) for group in _groups(level)]
    return level[0][0] if level else bytes(SIZE)


def _groups(level: list[Leaf]) -> Iterator[list[Leaf]]:
    start = 0
    while start < len(level):
        end = _cut(level, start)
        yield level[start:end]
        start = end


def _cut(level: list[Leaf], start: int) -> int:
    """A group ends at a hash whose last word divides by four, so that equal runs of chunks make equal nodes."""
    last = min(start + _MOST, len(level))
    for at in range(start + _FEWEST - 1, last):
        if level[at][0][24] % 4 == 0:
            return at + 1
    return last


def _node(group: list[Leaf]) -> Leaf:
    lines = "".join(f"{text(name)} : {size}\n" for name, size in group)
    return blake3(lines.encode(), key=_NODE_KEY).digest(), sum(size for _, size in group)
