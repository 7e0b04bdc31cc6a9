"""One run at a time in a folder: what two write there at once would be the work of neither.

The lock is the system's own: it ends with the process that holds it, however that ends. Its file stays behind, empty.
"""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path

from hf_nb.data.preparing.journal import NAME
from hf_nb.data.saving.file import room
from hf_nb.errors import Busy

# Of file systems that have no locks: there it goes on as if it were alone.
_NONE = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """While the block runs nobody else prepares a table in this folder."""
    from filelock import FileLock, Timeout

    lock = FileLock(folder / f"{NAME}.lock", thread_local=False)
    try:
        with room(folder):
            lock.acquire(timeout=0)
    except Timeout:
        raise Busy(
            f"Another run is writing into {folder} now.",
            "Another folder; or the same line again when that run is done: what it finished is not made twice.",
        ) from None
    except (OSError, NotImplementedError) as wrong:
        if getattr(wrong, "errno", errno.ENOSYS) not in _NONE:
            raise
    try:
        yield
    finally:
        lock.release()
