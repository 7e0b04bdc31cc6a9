"""Pictures and sounds: how large, how long, of which kind, and the address under which they can be had for a while."""

from __future__ import annotations

import hashlib
import hmac
import io
import wave
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

# beginnings of files that a browser shows as they are
PICTURES = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpeg", b"GIF8": "gif"}
SOUNDS = {b"RIFF": "wav", b"fLaC": "flac", b"OggS": "ogg", b"ID3": "mpeg", b"\xff\xfb": "mpeg"}
MOST_PIXELS = 64_000_000


@dataclass(frozen=True)
class Place:
    """Where a value lies: the steps that lead to it from its row."""

    links: Links
    row: int
    steps: tuple[str, ...]

    @property
    def top(self) -> bool:
        """Whether it is a whole cell."""
        return len(self.steps) == 1

    def step(self, name: object) -> Place:
        """One of the values inside."""
        return replace(self, steps=(*self.steps, str(name)))

    def picture(self, value: Any) -> dict[str, Any] | None:
        """A picture as an address, with its size."""
        data = content(value)
        if data is None:
            return None
        wide, high = size(data)
        ending = kind_of(data, PICTURES) or "png"
        return {"src": self.links.address(self, f"image.{ending}"), "height": high, "width": wide}

    def sound(self, value: Any) -> list[dict[str, str]] | None:
        """A sound as a list of one address."""
        data = content(value)
        if data is None:
            return None
        ending = kind_of(data, SOUNDS) or "wav"
        return [{"src": self.links.address(self, f"audio.{ending}"), "type": f"audio/{ending}"}]


class Links:
    """Addresses that need no token until their time is over: signed with a key the Hub gave."""

    def __init__(self, told: Mapping[str, str]) -> None:
        self.base, self.key, self.until = told["base"], told["key"].encode(), told["until"]

    def at(self, row: int, column: str) -> Place:
        """The place of a cell."""
        return Place(self, row, (column,))

    def address(self, place: Place, name: str) -> str:
        """A whole address."""
        steps = "/".join(quote(step, safe="") for step in place.steps)
        found = f"{self.base}/{place.row}/{steps}/{name}"
        path = "/" + found.split("/", 3)[3]
        sign = hmac.new(self.key, f"{path}\n{self.until}".encode(), hashlib.sha256).hexdigest()
        return f"{found}?Expires={self.until}&Signature={sign}"


def content(value: Any) -> bytes | None:
    """The bytes of a picture or a sound; one that is only named by a path is not here."""
    found = value.get("bytes") if isinstance(value, dict) else value
    return found if isinstance(found, bytes) else None


def kind_of(data: bytes, kinds: Mapping[bytes, str]) -> str | None:
    """Told by how the bytes begin."""
    return next((kind for begins, kind in kinds.items() if data.startswith(begins)), None)


def servable(data: bytes) -> tuple[bytes, str]:
    """The bytes and their type; a picture no browser knows becomes a PNG, anything else is a file without a type."""
    if kind := kind_of(data, PICTURES):
        return data, f"image/{kind}"
    if kind := kind_of(data, SOUNDS):
        return data, f"audio/{kind}"
    wide, high = size(data)
    if wide is None or high is None or wide * high > MOST_PIXELS:
        return data, "application/octet-stream"
    from PIL import Image

    made = io.BytesIO()
    with Image.open(io.BytesIO(data)) as picture:
        picture.convert("RGBA").save(made, "PNG")
    return made.getvalue(), "image/png"


def size(data: bytes) -> tuple[int | None, int | None]:
    """Width and height, from the head alone; nothing is decoded."""
    try:
        from PIL import Image

        with Image.open(io.BytesIO(data)) as picture:
            return int(picture.size[0]), int(picture.size[1])
    except Exception:  # noqa: BLE001 -- Pillow raises many things at what is no picture; without it no size is known
        return None, None


def seconds(data: bytes) -> float | None:
    """How long a sound is; only WAV says so without another library."""
    try:
        with wave.open(io.BytesIO(data)) as sound:
            return float(sound.getnframes() / sound.getframerate())
    except (wave.Error, EOFError, ZeroDivisionError):
        return None
