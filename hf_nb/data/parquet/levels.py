"""How many rows begin in a page of a nested column: its repetition levels of 0 are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hf_nb.data.parquet.thrift import Malformed, Short

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


def numbers(raw: bytes, width: int, count: int) -> Any:
    """The first `count` of numbers of `width` bits, written as runs; `Short` where they are not all here."""
    import numpy as np

    found: list[Any] = []
    done = at = 0
    while done < count:
        try:
            head, at = _varint(raw, at)
        except Malformed:
            raise Short("not here yet") from None
        if head & 1:
            bits = np.unpackbits(
                np.frombuffer(raw, np.uint8, min((head >> 1) * width, len(raw) - at), at), bitorder="little"
            )
            bits = bits[: len(bits) // width * width].reshape(-1, width) if width else bits[:0]
            run = bits @ (np.int64(1) << np.arange(width, dtype=np.int64))
            run = np.zeros((head >> 1) * 8, np.int64) if not width else run
            at += (head >> 1) * width
        else:
            size = (width + 7) // 8
            if at + size > len(raw):
                raise Short("not here yet")
            run = np.full(min(head >> 1, count - done), int.from_bytes(raw[at : at + size], "little"))
            at += size
        if not len(run):
            raise Short("not here yet")
        found.append(run[: count - done])
        done += len(found[-1])
    return np.concatenate(found) if found else np.zeros(0, np.int64)


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
