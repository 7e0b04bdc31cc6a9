"""Anybody's bytes as a sound that a page can play: as it is, or its beginning where it is too long for a message."""

from __future__ import annotations

import io
import wave
from typing import TYPE_CHECKING

from hf_nb.errors import BadInput, TooLarge
from hf_nb.panels.data.media.shown import LONGEST, Shown
from hf_nb.render import units

if TYPE_CHECKING:
    from hf_nb.panels.data.media.stored import Content

# How files of these types begin; nothing else is handed to a page.
SOUNDS: tuple[tuple[bytes, int, str, str], ...] = (
    (b"WAVE", 8, "audio/wav", "WAV"),
    (b"fLaC", 0, "audio/flac", "FLAC"),
    (b"OggS", 0, "audio/ogg", "Ogg"),
    (b"ID3", 0, "audio/mpeg", "MP3"),
    (b"\xff\xfb", 0, "audio/mpeg", "MP3"),
    (b"\xff\xf3", 0, "audio/mpeg", "MP3"),
    (b"\xff\xf2", 0, "audio/mpeg", "MP3"),
    (b"ftypM4A", 4, "audio/mp4", "M4A"),
)
VIDEOS: tuple[tuple[bytes, int, str, str], ...] = (
    (b"ftyp", 4, "video/mp4", "MP4"),
    (b"\x1aE\xdf\xa3", 0, "video/webm", "WebM"),
)
# Of these a beginning can be played by itself.
CUT = frozenset({"audio/mpeg", "audio/ogg", "audio/flac"})


def shown(content: Content, *, video: bool = False) -> Shown:
    """A sound, or a short video."""
    data = content.bytes
    found = next((one for one in (VIDEOS if video else SOUNDS) if data[one[1] :].startswith(one[0])), None)
    if found is None:
        raise BadInput(f"This is no {'video' if video else 'sound'} that can be played here.", "")
    _, _, mime, name = found
    text = f"{name}, {units.size(len(data))}"
    if mime == "audio/wav":
        return _wave(data, text)
    if len(data) <= LONGEST:
        return Shown(data, mime, text)
    if mime in CUT:
        return Shown(data[:LONGEST], mime, f"{text}, its beginning")
    raise TooLarge(f"{text}: too large to be shown here.", "Save the row, and open it by itself.")


def _wave(data: bytes, text: str) -> Shown:
    """With its seconds; what is too long is cut after whole samples."""
    try:
        with wave.open(io.BytesIO(data)) as file:
            channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
            frames = file.getnframes()
            seconds = frames / rate
            most = (LONGEST - 100) // (channels * width)
            if len(data) <= LONGEST:
                return Shown(data, "audio/wav", f"{units.seconds(seconds)}, {text}", seconds=seconds)
            beginning = file.readframes(most)
    except (wave.Error, EOFError, ZeroDivisionError, OverflowError, RuntimeError):
        if len(data) <= LONGEST:  # numbers with a point, or packed: browsers know more kinds than we do
            return Shown(data, "audio/wav", text)
        raise TooLarge(
            f"{text}: too large to be shown here.", "Save the row, and open it by itself."
        ) from None
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(beginning)
    said = f"the first {units.seconds(most / rate)} of {units.seconds(seconds)}, {text}"
    return Shown(out.getvalue(), "audio/wav", said, seconds=most / rate)
