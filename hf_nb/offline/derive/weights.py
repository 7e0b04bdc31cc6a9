"""Parameters counted from the headers of weights; the tensors themselves are never read."""

import json
import math
import struct
from typing import Any

from hf_nb.offline.derive.facts import Snapshot

LONGEST_HEADER = 100 << 20


def header(beginning: bytes) -> dict[str, Any]:
    """A safetensors header from the first bytes of a file; {} when it is none."""
    if len(beginning) < 8:
        return {}
    length = struct.unpack("<Q", beginning[:8])[0]
    if length > len(beginning) - 8:
        return {}
    try:
        found = json.loads(beginning[8 : 8 + length])
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def read_header(files: Snapshot, path: str) -> dict[str, Any]:
    """The header of one safetensors file of a revision."""
    start = files.bytes(path, 8)
    length = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
    return header(files.bytes(path, 8 + length)) if 0 < length <= LONGEST_HEADER else {}


def safetensors(files: Snapshot) -> dict[str, Any] | None:
    """`{"parameters": {dtype: count}, "total": count}` of model.safetensors, or of the shards its index names."""
    index = files.json("model.safetensors.index.json").get("weight_map")
    shards = sorted(set(index.values())) if isinstance(index, dict) else ["model.safetensors"]
    counts: dict[str, int] = {}
    for shard in shards:
        for tensor in read_header(files, str(shard)).values():
            if (
                isinstance(tensor, dict)
                and isinstance(tensor.get("shape"), list)
                and isinstance(tensor.get("dtype"), str)
            ):
                counts[tensor["dtype"]] = counts.get(tensor["dtype"], 0) + _product(tensor["shape"])
    return {"parameters": counts, "total": sum(counts.values())} if counts else None


def _product(shape: list[Any]) -> int:
    return math.prod(size for size in shape if isinstance(size, int) and size >= 0)
