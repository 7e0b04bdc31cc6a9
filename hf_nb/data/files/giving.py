"""Memory that was let go of, given back to the system.

Many threads fetch, and the C library has a heap for each, which keeps what is freed there: a hundred megabytes after
two hundred jumps in a large file. GNU's can be asked for it, which takes some milliseconds; elsewhere nothing is done.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any


def give_back() -> None:
    """Pages of freed memory, of all threads."""
    if (trim := _trim()) is not None:
        trim(0)


@functools.cache
def _trim() -> Callable[[int], Any] | None:
    if not sys.platform.startswith("linux"):
        return None
    import ctypes

    found: Callable[[int], Any] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return found
