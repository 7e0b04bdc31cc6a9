"""A file on this machine's disk."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from hf_nb.data.files import meter
from hf_nb.data.files.file import Range
from hf_nb.errors import BadInput, Broken, NotFound, Refused


class Disk:
    """Opened for each read: many files may be looked at together, and none keeps a handle. Reading it moves nothing."""

    remote = False

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self.name = str(path)
        self._seen: tuple[int, int] | None = None  # its size and when it was written, as first met

    @property
    def size(self) -> int:
        """Bytes."""
        with self._opened() as file:
            return os.fstat(file.fileno()).st_size

    def tail(self, count: int) -> bytes:
        """The last bytes."""
        with self._opened() as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - count))
            return file.read(count)

    def read(self, ranges: Sequence[Range]) -> list[bytes]:
        """The bytes of each range."""
        found: list[bytes] = []
        with self._opened() as file:
            for one in ranges:
                meter.look()
                file.seek(one.begin)
                found.append(file.read(len(one)))
        return found

    def cost(self, ranges: Sequence[Range]) -> int:
        """Nothing is moved."""
        return 0

    def _opened(self) -> BinaryIO:
        """The file, if it is still the one first met."""
        try:
            if self.path.exists() and not (self.path.is_file() or self.path.is_dir()):
                raise BadInput(f"{self.name} is no ordinary file.")  # a pipe would be waited for without end
            file = self.path.open("rb")
        except (FileNotFoundError, NotADirectoryError):
            raise NotFound(f"There is no file {self.name}.") from None
        except IsADirectoryError:
            raise BadInput(f"{self.name} is a folder.") from None
        except PermissionError:
            raise Refused(f"This account may not read {self.name}.") from None
        except (OSError, ValueError) as wrong:
            raise BadInput(f"{self.name} cannot be opened: {wrong}.") from None
        known = os.fstat(file.fileno())
        now = (known.st_size, known.st_mtime_ns)
        if self._seen not in (None, now):
            file.close()
            raise Broken(f"{self.name} changed while it was read.", "Open it again.")
        self._seen = now
        return file
