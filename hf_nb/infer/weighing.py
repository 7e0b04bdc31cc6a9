"""What a model will take in memory, before it is loaded: by the headers of its weights, or by what the Hub says.

None where nobody says.
"""

from __future__ import annotations

import json
import math
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.hub.precision import BYTES

if TYPE_CHECKING:
    from hf_nb.infer.call import Call

WEIGHTS, INDEX = "model.safetensors", "model.safetensors.index.json"
LONGEST_HEADER = 100_000_000  # as the format itself says
FULL = 4  # bytes of a number on the CPU


def expected(call: Call, device: str, told: tuple[int, int | None] | None = None) -> int | None:
    """Bytes of the numbers in memory: on the CPU every one at full precision, elsewhere as they are stored.

    `told`: how many numbers there are, and in how many bytes, as the Hub says; where its files are not on this disk.
    """
    folder = folder_of(call.model, call.revision)
    found = _in(folder) if folder is not None else {}
    if not found and told is not None:
        count, stored = told
        return FULL * count if device.startswith("cpu") or not stored else stored
    if not found:
        return None
    full = device.startswith("cpu")
    return round(sum(count * (FULL if full else BYTES.get(kind, FULL)) for kind, count in found.items()))


def beside(call: Call, least: int, most: int, *, tied: bool = False) -> int:
    """Bytes that a second form of its layers may take: of those with `least` numbers, and not beyond `most`.

    `tied`: its table of words is its last layer too.
    """
    folder = folder_of(call.model, call.revision)
    if folder is None:
        return 0
    total = sum(
        FULL * math.prod(shape)
        for path in files(folder)
        for name, one in header(path).items()
        if isinstance(one, dict)
        and isinstance(shape := one.get("shape"), list)
        and len(shape) == 2
        and all(isinstance(size, int) for size in shape)
        and math.prod(shape) >= least
        and (tied or not any(word in name for word in ("embed", "wte", "wpe")))
    )
    return total if total <= most else 0


def folder_of(model: str, revision: str | None) -> Path | None:
    """Where its files lie on this disk, if they do."""
    if Path(model).is_dir():
        return Path(model)
    from huggingface_hub import try_to_load_from_cache

    for name in (WEIGHTS, INDEX):
        found = try_to_load_from_cache(model, name, revision=revision)
        if isinstance(found, str):
            return Path(found).parent
    return None


def files(folder: Path) -> list[Path]:
    """The files a model is loaded from: one, or those an index names."""
    if (whole := folder / WEIGHTS).is_file():
        return [whole]
    return [path for name in named(folder / INDEX) if (path := folder / name).is_file()]


def named(index: Path) -> list[str]:
    """The files an index names."""
    try:
        parts = json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()
        # A name is a name: nothing leads out of the folder.
        return sorted({str(one) for one in parts if Path(str(one)).name == str(one)})
    except (OSError, ValueError, KeyError, AttributeError, TypeError, RecursionError):
        return []


def header(path: Path) -> dict[str, Any]:
    """What a safetensors file says of its tensors; nothing where it is none."""
    try:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            if length > min(LONGEST_HEADER, path.stat().st_size):
                return {}
            read = json.loads(file.read(length))
    except (OSError, ValueError, struct.error, RecursionError):
        return {}
    return (
        {name: one for name, one in read.items() if name != "__metadata__"} if isinstance(read, dict) else {}
    )


def _in(folder: Path) -> dict[str, int]:
    """How many numbers of each kind."""
    counts: dict[str, int] = {}
    for path in files(folder):
        for one in header(path).values():
            if isinstance(one, dict) and isinstance(shape := one.get("shape"), list):
                kind = str(one.get("dtype"))
                counts[kind] = counts.get(kind, 0) + math.prod(
                    size for size in shape if isinstance(size, int)
                )
    return counts


def is_folder(model: str) -> bool:
    """It is one of this disk, not the Hub's."""
    return Path(model).is_dir()
