"""The beginning of what is packed, out of the beginning of the packed bytes."""

from __future__ import annotations

import zlib

from hf_nb.data.parquet.thrift import Malformed

NONE, SNAPPY, GZIP, BROTLI, ZSTD = 0, 1, 2, 4, 6
_STREAMS = {BROTLI: "brotli", ZSTD: "zstd"}
CODECS = (NONE, SNAPPY, GZIP, BROTLI, ZSTD)
_STEP = 16 * 1024


def head(raw: bytes, codec: int, most: int) -> bytes:
    """As much as these bytes tell, no more than `most`."""
    if codec == NONE:
        return raw[:most]
    if codec == SNAPPY:
        return _snappy(raw, most)
    if codec == GZIP:
        try:
            return zlib.decompressobj(47).decompress(raw, most)
        except zlib.error as wrong:
            raise Malformed("a page cannot be unpacked") from wrong
    return _stream(raw, _STREAMS[codec], most)


def _stream(raw: bytes, codec: str, most: int) -> bytes:
    import pyarrow

    out = bytearray()
    try:
        stream = pyarrow.CompressedInputStream(pyarrow.BufferReader(raw), codec)
        while len(out) < most and (piece := stream.read(min(_STEP, most - len(out)))):
            out += piece
    except (pyarrow.ArrowException, OSError):  # where it is cut off
        pass
    return bytes(out)


def _snappy(raw: bytes, most: int) -> bytes:
    """Snappy knows no stream that is cut off: what is here ends after a whole element, and says so."""
    begin = end = at = _behind_number(raw)
    out, loose = 0, b""
    while at < len(raw) and out < most:
        tag = raw[at]
        if tag & 3:  # bytes that came before
            length = ((tag >> 2) & 7) + 4 if tag & 3 == 1 else (tag >> 2) + 1
            at += (2, 3, 5)[(tag & 3) - 1]
        else:  # bytes as they are
            length, wide = (tag >> 2) + 1, max(0, (tag >> 2) - 59)
            if wide:
                length = int.from_bytes(raw[at + 1 : at + 1 + wide], "little") + 1
            at += 1 + wide
            loose = raw[at : at + length]
            at += length
        if at > len(raw):
            break
        out, end, loose = out + length, at, b""
    return (_whole(raw[begin:end], out) + loose)[:most]


def _whole(elements: bytes, size: int) -> bytes:
    import pyarrow

    from hf_nb.data.parquet.thrift import varint

    if not size:
        return b""
    try:
        found: bytes = pyarrow.Codec("snappy").decompress(
            varint(size) + elements, decompressed_size=size, asbytes=True
        )
    except (pyarrow.ArrowException, OSError, ValueError) as wrong:
        raise Malformed("a page cannot be unpacked") from wrong
    return found


def _behind_number(raw: bytes) -> int:
    for at, byte in enumerate(raw[:6]):
        if byte < 128:
            return at + 1
    if len(raw) < 6:
        return len(raw)
    raise Malformed("a page cannot be unpacked")
