"""Numbers of very many rows, in files of a temporary folder: one kind of them is in memory at a time."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    import numpy


class Spool:
    """Each kind by its name: put at the end of it, had back as a whole."""

    def __init__(self) -> None:
        self._around = ExitStack()
        self._files: dict[str, tuple[IO[bytes], str]] = {}

    def __enter__(self) -> Self:
        self._folder = Path(self._around.enter_context(tempfile.TemporaryDirectory(prefix="hf-nb-rows-")))
        return self

    def __exit__(self, *wrong: object) -> None:
        self._around.close()

    def add(self, name: str, numbers: numpy.ndarray) -> None:
        """More of them."""
        if name not in self._files:
            into = self._around.enter_context((self._folder / f"{len(self._files)}").open("w+b"))
            self._files[name] = (into, numbers.dtype.str)
        self._files[name][0].write(numbers.tobytes())

    def have(self, name: str) -> Any:
        """All of them; none where none came."""
        import numpy

        if name not in self._files:
            return numpy.empty(0, "int64")
        into, kind = self._files[name]
        into.flush()
        into.seek(0)
        return numpy.fromfile(into, kind)
