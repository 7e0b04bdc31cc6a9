"""What stands for the commit of a model that has none: another word as soon as its numbers are others.

of a folder    the headers of its weights, with size and time of every file it is loaded from
of an object   its tensors' sums; reckoned anew when torch says that a tensor was written to

A number written past torch's own count (`tensor.data.add_(…)`) is not seen until something else is written.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import os
from pathlib import Path
from typing import Any

from hf_nb.infer import weighing

# Files that decide what a model answers.
_KINDS = (".safetensors", ".json", ".txt", ".model", ".jinja")
LENGTH = 16
EDGE = 32  # numbers at either end of a tensor that count one by one


def of_folder(folder: Path) -> str:
    """Of the files as they lie there now."""
    stamps = []
    for entry in os.scandir(folder):
        if entry.name.endswith(_KINDS) and entry.is_file():
            stat = entry.stat()
            stamps.append((entry.name, stat.st_size, stat.st_mtime_ns))
    return _of_files(folder, tuple(sorted(stamps)))


@functools.lru_cache(maxsize=64)
def _of_files(folder: Path, stamps: tuple[tuple[str, int, int], ...]) -> str:
    digest = hashlib.blake2b(repr(stamps).encode(), digest_size=LENGTH)
    for name, _, _ in stamps:
        if name.endswith(".safetensors"):
            digest.update(repr(sorted(weighing.header(folder / name).items())).encode())
    return f"folder-{digest.hexdigest()}"


def stamp(model: Any) -> tuple[Any, ...]:
    """Another one whenever torch knows of a change: cheap enough for every answer."""
    return tuple(
        (one.data_ptr(), one._version)  # noqa: SLF001 -- torch's own count of writes, which has no other name
        for one in itertools.chain(model.parameters(), model.buffers())
    )


def of_object(model: Any) -> str:
    """Of all its numbers."""
    import torch

    digest = hashlib.blake2b(digest_size=LENGTH)
    with torch.no_grad():
        for name, one in itertools.chain(model.named_parameters(), model.named_buffers()):
            flat = one.detach().reshape(-1)
            edges = torch.cat([flat[:EDGE], flat[-EDGE:]]).double().cpu().tolist()
            sums = (flat.sum(dtype=torch.float64).item(), flat.double().square().sum().item())
            digest.update(repr((name, tuple(one.shape), str(one.dtype), sums, edges)).encode())
    return f"object-{digest.hexdigest()}"
