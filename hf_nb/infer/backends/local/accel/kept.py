"""The verdict on a model's copies, kept on the disk: it holds for this model, processor and these versions.

Beside it, what the model has read without a copy, by which a trial may be worth its time later.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import json
import os
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from hf_nb.plumbing import folders
from hf_nb.values.parity import Parity, Way

if TYPE_CHECKING:
    from hf_nb.infer.backends.local.model import Loaded

PACKAGES = ("torch", "transformers", "onnxruntime", "onnx")
LARGEST = 100_000  # bytes
RULES = 4  # by which a copy is taken; another number where they are others


@dataclass(frozen=True)
class Before:
    """Tokens that were read without a copy, and how many are enough to try what was left out; 0: nothing was."""

    tokens: int = 0
    enough: int = 0


def before(loaded: Loaded, task: str) -> Before:
    """As far as it was kept."""
    place = _place(loaded, task)
    try:
        if place is None or (beside := place.with_suffix(".read")).stat().st_size > LARGEST:
            return Before()
        read = json.loads(beside.read_text(encoding="utf-8"))
        return Before(max(0, int(read["tokens"])), max(0, int(read["enough"])))
    except (OSError, ValueError, TypeError, KeyError):
        return Before()


def plainly(loaded: Loaded, task: str, read: Before) -> None:
    """So much by now."""
    place = _place(loaded, task)
    if place is not None:
        _written(place.with_suffix(".read"), asdict(read))


def headed(loaded: Loaded, task: str, rows: int, ways: tuple[Way, ...]) -> Parity:
    """A verdict, with what it holds for."""
    revision = getattr(loaded.config, "_commit_hash", None)
    return Parity(loaded.name, task, rows, _processor(), ways, revision, _versions())


def find(loaded: Loaded, task: str) -> Parity | None:
    """What was measured before, if it still holds."""
    place = _place(loaded, task)
    try:
        if place is None or place.stat().st_size > LARGEST:
            return None
        read = json.loads(place.read_text(encoding="utf-8"))
        ways = tuple(Way(**one) for one in read.pop("ways"))
        read["versions"] = {str(name): str(one) for name, one in read["versions"].items()}
        return Parity(ways=ways, **read)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def write(loaded: Loaded, found: Parity) -> None:
    """Keep it, where there is a place for it: it can be measured again."""
    place = _place(loaded, found.task)
    if place is None:
        return
    said = {
        "model": found.model,
        "task": found.task,
        "rows": found.rows,
        "processor": found.processor,
        "ways": [asdict(one) for one in found.ways],
        "revision": found.revision,
        "versions": dict(found.versions),
    }
    _written(place, said)


def _written(place: Path, said: dict[str, object]) -> None:
    with contextlib.suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = place.with_name(f"{place.name}.{os.getpid()}")
        beside.write_text(json.dumps(said), encoding="utf-8")
        beside.replace(place)


def _place(loaded: Loaded, task: str) -> Path | None:
    """A file for all it depends on; None where the weights have no name that changes with them."""
    import torch

    revision = getattr(loaded.config, "_commit_hash", None)
    if revision is None:
        if loaded.folder is None:
            return None
        files = sorted(loaded.folder.glob("*.safetensors"))
        revision = [(one.name, one.stat().st_size, one.stat().st_mtime_ns) for one in files]
    stands = [RULES, loaded.name, revision, task, _processor(), _versions(), torch.get_num_threads()]
    digest = hashlib.sha256(json.dumps(stands).encode()).hexdigest()[:32]
    return folders.cache() / "accel" / f"{digest}.json"


def _versions() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found[name] = importlib.metadata.version(name)
    return found


def _processor() -> str:
    """What it can do, as torch uses it, and what it is."""
    import torch

    limit = os.environ.get("ONEDNN_MAX_CPU_ISA", "")
    return " ".join(filter(None, (torch.backends.cpu.get_cpu_capability(), limit, _flags())))


@cache
def _flags() -> str:
    """Those that matter for multiplying, where the system tells."""
    try:
        said = Path("/proc/cpuinfo").read_text(encoding="utf-8").split("\n\n")[0]
    except OSError:
        import platform

        return platform.processor() or platform.machine()
    flags = next((line for line in said.splitlines() if line.startswith("flags")), "").split()
    wanted = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "avx_vnni", "amx_bf16", "amx_int8")
    return " ".join(one for one in wanted if one in flags)
