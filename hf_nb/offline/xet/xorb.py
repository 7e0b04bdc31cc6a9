"""A xorb: up to a few thousand chunks in one body, each behind a header of eight bytes and packed in its own way.

    version 0 (1 byte) · packed length (3) · scheme (1) · unpacked length (3) · packed bytes

Lengths are little-endian. What a header claims is never trusted: a chunk unpacks to exactly what it says, and never to
more than a chunk may be.
"""

from array import array
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, NamedTuple

from lz4.frame import LZ4FrameDecompressor

from hf_nb.errors import BadInput
from hf_nb.offline.xet import hashes

MOST_BYTES = 66 << 20  # 64 MiB of chunks; headers, and the footer of older clients, come on top
MOST_CHUNKS = 8192
LONGEST = 128 << 10
HEADER = 8
_FOOTER = b"XETBLOB"
_PLAIN, _LZ4, _GROUPED = range(3)


class Chunk(NamedTuple):
    """One piece of content, as it came."""

    scheme: int
    packed: bytes
    length: int

    def unpacked(self) -> bytes:
        """The content itself."""
        raw = self.packed if self.scheme == _PLAIN else _inflated(self.packed, self.length)
        if len(raw) != self.length:
            raise BadInput("A chunk of the xorb is not as long as it says.")
        return _regrouped(raw) if self.scheme == _GROUPED else raw


class Checked(NamedTuple):
    """What a body really is."""

    name: str
    end: int  # bytes of chunks; what follows is a footer we have no use for


def chunks(source: BinaryIO) -> Iterator[Chunk]:
    """The chunks from here to the end of the body, or to its footer."""
    while header := source.read(HEADER):
        if header.startswith(_FOOTER):
            return
        packed, scheme, length = _header(header)
        content = source.read(packed)
        if len(content) != packed:
            raise BadInput("The xorb ends in the middle of a chunk.")
        yield Chunk(scheme, content, length)


def check(source: BinaryIO) -> Checked:
    """Unpack every chunk and work out what the xorb must be called."""
    leaves: list[hashes.Leaf] = []
    end = 0
    for chunk in chunks(source):
        if len(leaves) == MOST_CHUNKS:
            raise BadInput(f"The xorb has more than {MOST_CHUNKS} chunks.")
        leaves.append((hashes.of_chunk(chunk.unpacked()), chunk.length))
        end += HEADER + len(chunk.packed)
    if not leaves:
        raise BadInput("The xorb has no chunks.")
    return Checked(hashes.text(hashes.of_tree(leaves)), end)


def starts(path: Path) -> "array[int]":
    """Where each chunk of a kept xorb begins, and where the last one ends."""
    stat = path.stat()
    return _starts(path, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=256)
def _starts(path: Path, size: int, changed: int) -> "array[int]":
    # a xorb is named after its content: one that was lost may have come back packed in another way
    found, at = array("I"), 0
    with path.open("rb") as source:
        while at < size:
            found.append(at)
            source.seek(at)
            at += HEADER + _header(source.read(HEADER))[0]
    found.append(at)
    return found


def _header(header: bytes) -> tuple[int, int, int]:
    """(packed length, scheme, unpacked length)."""
    if len(header) < HEADER:
        raise BadInput("The xorb ends in the middle of a chunk's header.")
    version, packed, scheme, length = (
        header[0],
        int.from_bytes(header[1:4], "little"),
        header[4],
        int.from_bytes(header[5:8], "little"),
    )
    if version or scheme > _GROUPED:
        raise BadInput(f"The xorb has a chunk of version {version}, scheme {scheme}, which is none we know.")
    if not 0 < length <= LONGEST or not 0 < packed <= 2 * LONGEST:
        raise BadInput(f"The xorb has a chunk of {length} bytes in {packed}; {LONGEST} are the most.")
    return packed, scheme, length


def _inflated(packed: bytes, length: int) -> bytes:
    frame = LZ4FrameDecompressor()
    try:
        raw: bytes = frame.decompress(packed, max_length=length + 1)
    except (RuntimeError, EOFError):
        raise BadInput("A chunk of the xorb is no LZ4 frame.") from None
    if not frame.eof or frame.unused_data:
        raise BadInput("A chunk of the xorb is not one whole LZ4 frame.")
    return raw


def _regrouped(groups: bytes) -> bytes:
    """Every fourth byte stood together, which packs numbers better: put them back in turn."""
    out, at = bytearray(len(groups)), 0
    for first in range(4):
        count = len(range(first, len(groups), 4))
        out[first::4] = groups[at : at + count]
        at += count
    return bytes(out)
