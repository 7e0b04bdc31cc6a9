r"""Pictures and sounds in words, from the first bytes of them; nothing is decoded.

picture(b"\x89PNG…")  Head("PNG", 64, 64)      sound(b"RIFF…")  Head("WAV", seconds=1.2)
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass

from hf_nb.render import units

READ = 65_536  # bytes a JPEG may have before its size: a small picture of itself, a colour profile


@dataclass(frozen=True)
class Head:
    """What the first bytes say. `mime` only for pictures a browser draws."""

    form: str
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    mime: str | None = None


def described(head: Head | None, size: int) -> str:
    """64 × 64 PNG; 1.2 s WAV; 2.1 kB where nothing else is known."""
    if head is None:
        return units.size(size)
    if head.width and head.height:
        return f"{head.width:,} × {head.height:,} {head.form}"
    if head.seconds is not None:
        return f"{units.seconds(head.seconds)} {head.form}"
    return f"{head.form} · {units.size(size)}"


def read(data: bytes) -> Head | None:
    """By its first bytes, whatever its name says; None where they say nothing."""
    for begins, at, reader in _KNOWN:
        if data[at : at + len(begins)] == begins:
            try:
                return reader(data)
            except (struct.error, IndexError, ZeroDivisionError):
                return None
    return None


def _png(data: bytes) -> Head:
    wide, high = struct.unpack(">II", data[16:24])
    return Head("PNG", wide, high, mime="image/png")


def _gif(data: bytes) -> Head:
    wide, high = struct.unpack("<HH", data[6:10])
    return Head("GIF", wide, high, mime="image/gif")


def _bmp(data: bytes) -> Head:
    wide, high = struct.unpack("<ii", data[18:26])
    return Head("BMP", wide, abs(high))


def _jpeg(data: bytes) -> Head:
    at = 2
    while at + 9 <= len(data):
        if data[at] != 0xFF:
            break
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            high, wide = struct.unpack(">HH", data[at + 5 : at + 9])
            return Head("JPEG", wide, high, mime="image/jpeg")
        at += 1 if marker == 0xFF else 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    return Head("JPEG", mime="image/jpeg")


def _webp(data: bytes) -> Head:
    kind, wide, high = data[12:16], 0, 0
    if data[8:12] != b"WEBP":
        return _wav(data)
    if kind == b"VP8X":
        wide = 1 + int.from_bytes(data[24:27], "little")
        high = 1 + int.from_bytes(data[27:30], "little")
    elif kind == b"VP8 ":
        wide, high = (one & 0x3FFF for one in struct.unpack("<HH", data[26:30]))
    elif kind == b"VP8L":
        (bits,) = struct.unpack("<I", data[21:25])
        wide, high = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return Head("WebP", wide or None, high or None, mime="image/webp")


def _wav(data: bytes) -> Head:
    """RIFF: a rate in bytes, and how many bytes there are."""
    if data[8:12] != b"WAVE":
        return Head("RIFF")
    at, rate = 12, 0
    while at + 8 <= len(data):
        name, (long,) = data[at : at + 4], struct.unpack("<I", data[at + 4 : at + 8])
        if name == b"fmt ":
            (rate,) = struct.unpack("<I", data[at + 16 : at + 20])
        elif name == b"data":
            return Head("WAV", seconds=long / rate)
        at += 8 + long + (long & 1)
    return Head("WAV")


def _flac(data: bytes) -> Head:
    """STREAMINFO: 20 bits of rate, 36 bits of samples."""
    bits = int.from_bytes(data[18:26], "big")
    rate, samples = bits >> 44, bits & 0xF_FFFF_FFFF
    return Head("FLAC", seconds=samples / rate if samples else None)


def _named(form: str) -> Callable[[bytes], Head]:
    return lambda _: Head(form)


# what it begins with, where, who reads it
_KNOWN: tuple[tuple[bytes, int, Callable[[bytes], Head]], ...] = (
    (b"\x89PNG\r\n\x1a\n", 0, _png),
    (b"\xff\xd8\xff", 0, _jpeg),
    (b"GIF8", 0, _gif),
    (b"RIFF", 0, _webp),
    (b"fLaC", 0, _flac),
    (b"BM", 0, _bmp),
    (b"II*\0", 0, _named("TIFF")),
    (b"MM\0*", 0, _named("TIFF")),
    (b"OggS", 0, _named("Ogg")),
    (b"ID3", 0, _named("MP3")),
    (b"\xff\xfb", 0, _named("MP3")),
    (b"\xff\xf3", 0, _named("MP3")),
    (b"ftypavif", 4, _named("AVIF")),
    (b"ftypM4A", 4, _named("M4A")),
    (b"ftyp", 4, _named("MP4")),
    (b"\x1aE\xdf\xa3", 0, _named("WebM")),
    (b"%PDF", 0, _named("PDF")),
)
