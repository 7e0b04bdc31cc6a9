"""Where the bytes of a picture or sound are: in its cell, or in a file that the cell names."""

from __future__ import annotations

import io
import wave
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.data.files.disk import Disk
from hf_nb.data.files.file import Range
from hf_nb.errors import NotFound, TooLarge

if TYPE_CHECKING:
    from hf_nb.data.source import Source

# A file beside the table that is read for one cell.
LARGEST = 64_000_000


@dataclass(frozen=True)
class Content:
    """What is stored, and under which name."""

    bytes: bytes
    name: str = ""


def content(source: Source, cell: Any) -> Content | None:
    """The bytes behind a cell; None where it is empty."""
    if cell is None:
        return None
    if isinstance(cell, bytes):
        return Content(cell)
    if isinstance(cell, str):
        return _beside(source, cell)
    if isinstance(cell, Mapping):
        if isinstance(cell.get("array"), Sequence) and cell.get("sampling_rate"):
            return Content(_written(cell["array"], int(cell["sampling_rate"])), "sound.wav")
        name = cell.get("path") or ""
        if isinstance(cell.get("bytes"), bytes):
            return Content(cell["bytes"], name)
        if name:
            return _beside(source, name)
    return None


def _beside(source: Source, name: str) -> Content:
    """A file that the table names. Only of tables on this disk, and only below the table's own folder."""
    if source.origin.place != "disk":
        raise NotFound(f"The table names a file that is not in it: {name:.80}")
    home = Path(source.parts[0].name).expanduser().resolve()
    home = home if home.is_dir() else home.parent
    path = (home / name).resolve()
    if not path.is_relative_to(home) or not path.is_file():
        raise NotFound(f"The file that the table names is not beside it: {name:.80}")
    file = Disk(path)
    if file.size > LARGEST:
        raise TooLarge(f"{name:.80} has {file.size:,} bytes.", "Open it by itself.")
    return Content(file.read([Range(0, file.size)])[0], name)


def _written(samples: Sequence[float], rate: int) -> bytes:
    """Numbers from -1 to 1 as a WAV file."""
    import numpy

    numbers = numpy.clip(numpy.nan_to_num(numpy.asarray(samples, dtype="float64")), -1, 1)
    if numbers.ndim == 2:  # channels, one of them first
        numbers = numbers.T if numbers.shape[0] < numbers.shape[1] else numbers
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(numbers.shape[1] if numbers.ndim == 2 else 1)
        file.setsampwidth(2)
        file.setframerate(max(1, min(rate, 384_000)))
        file.writeframes((numbers * 32767).astype("<i2").tobytes())
    return out.getvalue()
