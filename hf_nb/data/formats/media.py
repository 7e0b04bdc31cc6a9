"""Pictures, sounds and videos as cells: their bytes and their path, as `datasets` keeps them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow

PICTURES = frozenset(
    "png jpg jpeg jpe jfif gif bmp webp tif tiff avif ico ppm pgm pbm pnm tga dib jp2 jpx apng".split()
)
SOUNDS = frozenset("wav mp3 flac ogg opus m4a aiff aif aifc au wma aac w64 caf oga".split())
VIDEOS = frozenset("mp4 mkv avi mov webm mpeg mpg m4v".split())
KINDS = {"Image": PICTURES, "Audio": SOUNDS, "Video": VIDEOS}


def called(name: str) -> str | None:
    """What `datasets` calls such a file, by its ending: Image, Audio, Video."""
    ending = name.rpartition(".")[2].lower()
    return next((kind for kind, endings in KINDS.items() if ending in endings), None)


def cells(contents: Sequence[tuple[bytes | None, str] | None]) -> pyarrow.Array:
    """A column of them."""
    import pyarrow

    type_ = pyarrow.struct([("bytes", pyarrow.binary()), ("path", pyarrow.string())])
    found = [None if one is None else {"bytes": one[0], "path": one[1]} for one in contents]
    return pyarrow.array(found, type_)


def note(features: Mapping[str, Any]) -> dict[bytes, bytes]:
    """The note that says so, in a schema."""
    return {b"huggingface": json.dumps({"info": {"features": features}}).encode()}
