"""Anybody's bytes as a picture that a page can show.

Only what Pillow reads as pixels gets through, and it leaves as PNG, JPEG, GIF or WebP: nothing of it can run. What says
of itself that it is enormous is not unpacked.
"""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput, TooLarge
from hf_nb.panels.data.media.shown import LONGEST, Shown
from hf_nb.plumbing.extras import require
from hf_nb.render import units

if TYPE_CHECKING:
    from PIL.Image import Image

# Pixels that are unpacked; a picture of a phone has 50 million.
PIXELS = 80_000_000
READ = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "PPM", "ICO", "AVIF", "MPO", "DDS", "TGA")
AS_IT_IS = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
SMALLER = (4_096, 2_048, 1_024, 512, 256)


def shown(content: bytes, side: int) -> Shown:
    """At most `side` pixels in each direction; with 0 as it is, where that fits into a message."""
    library: Any = require("PIL.Image", "data", "Showing pictures")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = library.open(io.BytesIO(content), formats=READ)
    except library.DecompressionBombError:
        raise TooLarge("A picture of so many pixels is not unpacked.", "Open it by itself.") from None
    except Exception:  # noqa: BLE001 -- anybody's bytes
        raise BadInput("This is no picture that can be read here.", "") from None
    width, height = picture.size
    text = f"{width:,} × {height:,}, {picture.format}, {units.size(len(content))}"
    upright = picture.getexif().get(0x0112, 1) in (None, 1) if picture.format in ("JPEG", "MPO") else True
    fits = len(content) <= LONGEST and (not side or max(width, height) <= side)
    if fits and upright and picture.format in AS_IT_IS and width * height <= PIXELS:
        return Shown(content, AS_IT_IS[picture.format], text, width, height)
    if width * height > PIXELS:
        raise TooLarge(f"A picture of {width:,} × {height:,} pixels is not unpacked.", "Open it by itself.")
    return _smaller(picture, side, text)


def _smaller(picture: Image, side: int, text: str) -> Shown:
    from PIL import ImageOps

    try:
        if side and picture.format in ("JPEG", "MPO"):
            picture.draft("RGB", (side, side))  # unpacked no larger than needed
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = ImageOps.exif_transpose(picture) or picture
            clear = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
            picture = picture.convert("RGBA" if clear else "RGB")
    except Exception:  # noqa: BLE001 -- anybody's bytes, cut or worse
        raise BadInput("This picture is damaged.", "") from None
    for most in [side] if side else SMALLER:
        picture.thumbnail((most, most))
        out = io.BytesIO()
        if clear:
            picture.save(out, "PNG")
        else:
            picture.save(out, "JPEG", quality=85)
        if out.tell() <= LONGEST:
            break
    else:
        if out.tell() > LONGEST:  # noise, clear in places: as a picture with a ground it is small enough
            picture.thumbnail((SMALLER[-1], SMALLER[-1]))
            out = io.BytesIO()
            picture.save(out, "PNG")
    mime = "image/png" if clear else "image/jpeg"
    return Shown(out.getvalue(), mime, text, *picture.size)
