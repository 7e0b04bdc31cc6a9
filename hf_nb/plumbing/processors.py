"""Processors: how many this process may use, and how many of them others leave to it at the moment.

there()    by its affinity and its container's quota: a machine may have sixty-four and lend us two
load()     how many are wanted by everybody, of late
free()     of those, what is not taken by the programs beside us; at least one
"""

from __future__ import annotations

import contextlib
import math
import os
import threading
import time
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

QUOTA = Path("/sys/fs/cgroup/cpu.max")  # "200000 100000": two; "max 100000": all of them
MINUTE = 60.0  # seconds over which the load average is taken
LOOK = 0.25  # seconds between two looks at what we use ourselves


@lru_cache(maxsize=1)
def there() -> int:
    """Those this process may use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, quota(QUOTA) or cores))


def quota(file: Path) -> int | None:
    """What a container is given, in whole processors; nothing where nobody limits it."""
    with contextlib.suppress(OSError, ValueError):
        given, period = file.read_text(encoding="ascii").split()
        if given != "max":
            return max(1, math.ceil(int(given) / int(period)))
    return None


@dataclass
class Use:
    """What this process takes of the load average: its own share, forgotten at the same pace."""

    share: float = field(default_factory=lambda: min(time.process_time(), MINUTE) / MINUTE)
    at: float = field(default_factory=time.monotonic)
    spent: float = field(default_factory=time.process_time)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> float:
        """Processors that it has kept at work of late."""
        with self.guard:
            passed = time.monotonic() - self.at
            if passed >= LOOK:
                spent = time.process_time()
                kept = math.exp(-passed / MINUTE)
                self.share = self.share * kept + (spent - self.spent) / passed * (1 - kept)
                self.at, self.spent = self.at + passed, spent
            return self.share


_own = Use()


def load() -> float | None:
    """How many processors are wanted, by all programs together; None where nobody counts."""
    try:
        return os.getloadavg()[0]
    except (OSError, AttributeError):  # Windows has no load
        return None


def free() -> int:
    """Those that nobody else keeps at work."""
    wanted = load()
    if wanted is None:
        return there()
    others = max(0.0, wanted - _own.now())
    return max(1, min(there(), round((os.cpu_count() or 1) - others)))
