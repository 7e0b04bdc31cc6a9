"""A file on its way into the store: LFS and Xet uploads alike."""

import os
import tempfile
from pathlib import Path
from typing import Self

from hf_nb.offline.room import Room

_BUFFER = 128 << 10


class Arriving:
    """A file in `folder`; gone at the end unless it was moved to where it belongs."""

    def __init__(self, folder: Path, room: Room) -> None:
        handle, name = tempfile.mkstemp(dir=folder)
        self.path = Path(name)
        self.out = room.guard(os.fdopen(handle, "wb", buffering=_BUFFER))
        self.write, self.close = self.out.write, self.out.close

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.close()  # fails once more where the disk is full
        finally:
            self.path.unlink(missing_ok=True)
