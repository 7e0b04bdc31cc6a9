"""A stop, raised in a thread that works: not where it would leave a lock behind that nobody opens any more.

A thread that is hit while it waits for the lock of a module, or has just taken it, keeps that lock for ever: whoever
imports the module next stands still, be it the one thread in which a server answers everybody. So it is with the
locks of `threading` and of `logging`, whose taking is written in Python.
"""

from __future__ import annotations

import ctypes
import logging
import sys
import threading
from types import FrameType

# Seconds until it is tried again.
AGAIN = 0.01
IMPORTS = "<frozen importlib."
_TAKES = {"acquire", "release", "__enter__", "__exit__", "_acquireLock", "_releaseLock"}
_LOCKS = {threading.__file__, logging.__file__}


def throw(thread: int, error: type[BaseException]) -> bool:
    """Raise it there at the thread's next step; False where it has to wait for a better moment."""
    frame = _frame(thread)
    if frame is None:
        return True  # it has ended
    step = frame.f_lasti
    if _fragile(frame):
        return False
    # nothing but a look and a call from here on: the thread may have gone on while its frames were read
    if _frame(thread) is not frame or frame.f_lasti != step:
        return False
    _raise(thread, error)
    return True


def take_back(thread: int) -> None:
    """What was thrown and has not been raised yet."""
    _raise(thread, None)


def _frame(thread: int) -> FrameType | None:
    """Where it is now."""
    return sys._current_frames().get(thread)  # noqa: SLF001 -- documented, its underscore is a warning


def _fragile(frame: FrameType) -> bool:
    """Whether it takes or gives back a lock, or imports: then also whatever the import runs."""
    code = frame.f_code
    if code.co_name in _TAKES and code.co_filename in _LOCKS:
        return True
    at: FrameType | None = frame
    while at is not None:
        if at.f_code.co_filename.startswith(IMPORTS):
            return True
        at = at.f_back
    return False


def _raise(thread: int, error: type[BaseException] | None) -> None:
    wanted = ctypes.py_object(error) if error else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), wanted)
