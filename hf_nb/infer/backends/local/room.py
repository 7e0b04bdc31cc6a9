"""How much memory there is: this machine's, within what the process was given, and each accelerator's own."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import sys

from hf_nb.plumbing import memory

CPU = "cpu"


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
    return memory.free()


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
