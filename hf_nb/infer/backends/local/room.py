"""How much memory there is: this machine's, within what the process was given, and each accelerator's own."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import sys
from pathlib import Path

CPU = "cpu"
# Where Linux says what is free, and what a container may take: (most, taken) of version 2 and of version 1.
_MEMINFO = Path("/proc/meminfo")
_LIMITS = (
    (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory.current")),
    (
        Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
        Path("/sys/fs/cgroup/memory/memory.usage_in_bytes"),
    ),
)
UNKNOWN = 4_000_000_000  # what is thought to be free where nobody says


def devices() -> tuple[str, ...]:
    """What torch can compute on: the accelerator with most room first, the CPU last."""
    import torch

    if torch.cuda.is_available():
        count = torch.cuda.device_count()
        found = ["cuda"] if count == 1 else [f"cuda:{at}" for at in range(count)]
        return (*sorted(found, key=free, reverse=True), CPU)
    return ("mps", CPU) if torch.backends.mps.is_available() else (CPU,)


def free(device: str) -> int:
    """Bytes that could be taken there now."""
    if device.startswith("cuda"):
        import torch

        there, _ = torch.cuda.mem_get_info(torch.device(device))
        return int(there + torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device))
    if device == "mps":
        import torch

        return int(torch.mps.recommended_max_memory() - torch.mps.driver_allocated_memory())
    return min(_machine(), _allowed())


def allocated(device: str) -> int:
    """Bytes torch holds on an accelerator; of the CPU nobody counts them."""
    if device.startswith("cuda"):
        import torch

        return int(torch.cuda.memory_allocated(device))
    return 0


def give_back(device: str) -> None:
    """What was freed goes back to the machine, not to torch's store or the C library's."""
    gc.collect()
    kind = device.partition(":")[0]
    if kind in ("cuda", "mps"):
        import torch

        getattr(torch, kind).empty_cache()
    elif sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # another C library than glibc
            ctypes.CDLL(None).malloc_trim(0)


def _machine() -> int:
    """Free, or only held for files that can be read again."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in _MEMINFO.read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    with contextlib.suppress(ImportError):
        import psutil  # type: ignore[import-untyped]

        return int(psutil.virtual_memory().available)
    with contextlib.suppress(OSError, ValueError, AttributeError):
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return UNKNOWN


def _allowed() -> int:
    """What the container may still take; without a limit more than any machine has."""
    for most, taken in _LIMITS:
        with contextlib.suppress(OSError, ValueError):  # "max" is no number: no limit
            return max(0, int(most.read_text(encoding="ascii")) - int(taken.read_text(encoding="ascii")))
    return sys.maxsize
