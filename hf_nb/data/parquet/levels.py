"""How many rows begin in a page of a nested column: its repetition levels of 0 are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hf_nb.data.parquet.thrift import Malformed

if TYPE_CHECKING:
    from hf_nb.data.parquet.footer import Chunk
    from hf_nb.data.parquet.pages import Header

CODECS = {1: "snappy", 2: "gzip", 4: "brotli", 6: "zstd", 7: "lz4_raw"}
_RLE = 3


def rows(header: Header, body: bytes, chunk: Chunk) -> tuple[bool, int] | None:
    """(whether it begins with a row, how many rows begin in it); None where that cannot be told."""
    if header.repetitions != _RLE:
        return None
    raw = _unpacked(header, body, chunk.codec)
    if raw is None:
        return None
    if len(raw) < 4:
        raise Malformed("a page is cut off")
    length = int.from_bytes(raw[:4], "little")
    if length > len(raw) - 4:
        raise Malformed("a page is cut off")
    return counted(raw[4 : 4 + length], chunk.leaf.repetition.bit_length(), header.values)


def counted(raw: bytes, width: int, values: int) -> tuple[bool, int]:
    """Zeros among so many numbers of `width` bits, written as runs; and whether the first is one."""
    import numpy as np

    begins, zeros, done, at = True, 0, 0, 0
    while done < values:
        head, at = _varint(raw, at)
        if head & 1:
            size = (head >> 1) * width
            bits = np.unpackbits(
                np.frombuffer(raw, np.uint8, min(size, len(raw) - at), at), bitorder="little"
            )
            bits = bits[: len(bits) // width * width].reshape(-1, width)[: values - done]
            run, here = len(bits), len(bits) - int(bits.any(axis=1).sum())
            first = bool(run) and not bits[0].any()
            at += size
        else:
            run = min(head >> 1, values - done)
            bytes_ = (width + 7) // 8
            first = not any(raw[at : at + bytes_])
            here = run if first else 0
            at += bytes_
        if not run:
            raise Malformed("a page's levels are cut off")
        begins = first if done == 0 else begins
        zeros += here
        done += run
    return begins, zeros


def _unpacked(header: Header, body: bytes, codec: int) -> Any:
    if codec == 0:
        return body
    if codec not in CODECS:
        return None
    import pyarrow

    try:
        return pyarrow.Codec(CODECS[codec]).decompress(body, decompressed_size=header.unpacked, asbytes=True)
    except (pyarrow.ArrowException, OSError, ValueError) as wrong:
        raise Malformed("a page cannot be unpacked") from wrong


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(raw) and shift < 63:
        value |= (raw[at] & 127) << shift
        at += 1
        if raw[at - 1] < 128:
            return value, at
        shift += 7
    raise Malformed("a page's levels are cut off")
