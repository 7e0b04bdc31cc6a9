"""Small pictures for an output: bounded each and together, since a notebook keeps them.

What a browser draws by itself and is small goes in as it is; anything else is made small with Pillow, if it is there.
"""

from __future__ import annotations

import base64
import io
from importlib import import_module
from typing import Any

from hf_nb.render.stored import media

TOGETHER = 40_000  # characters of one output
EACH = 4_000  # bytes
SIDE = 64
MOST_PIXELS = 30_000_000  # a small file may unfold to gigabytes


class Room:
    """What is left for pictures in one output."""

    def __init__(self, most: int = TOGETHER) -> None:
        self.left = most

    def address(self, data: bytes) -> str | None:
        """A data: address, or None where there is no room, or no picture in it."""
        head = media.read(data[: media.READ])
        if head is None or not head.width or not head.height or head.width * head.height > MOST_PIXELS:
            return None
        small = (data, head.mime) if head.mime and len(data) <= EACH else _small(data)
        if small is None:
            return None
        made = f"data:{small[1]};base64,{base64.b64encode(small[0]).decode('ascii')}"
        if len(made) > self.left:
            return None
        self.left -= len(made)
        return made


def _small(data: bytes) -> tuple[bytes, str] | None:
    try:
        pillow = import_module("PIL.Image")
        with pillow.open(io.BytesIO(data)) as opened:
            opened.draft("RGB", (2 * SIDE, 2 * SIDE))  # a JPEG is decoded no larger than needed
            opened.thumbnail((SIDE, SIDE))
            return _written(opened)
    except Exception:  # noqa: BLE001 -- Pillow is not there, or a stranger's file made it fail: any class
        return None


def _written(picture: Any) -> tuple[bytes, str] | None:
    clear = picture.mode in {"RGBA", "LA", "P", "PA"}
    for form, mime, mode in (("PNG", "image/png", "RGBA"), ("JPEG", "image/jpeg", "RGB")):
        if form == "PNG" and not clear:
            continue
        into = io.BytesIO()
        picture.convert(mode).save(into, form, **({"quality": 70} if form == "JPEG" else {}))
        if into.tell() <= EACH:
            return into.getvalue(), mime
    return None
