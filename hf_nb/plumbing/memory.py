"""Memory of this machine: what could be taken now, of all there is and of what this process was given."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

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


def free() -> int:
    """Bytes: of the machine's, and of what a container may still take."""
    return min(_machine(), _allowed())


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
