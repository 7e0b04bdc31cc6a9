"""Files behind a gate: whoever is not let in is told where to ask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from hf_nb.errors import Unauthorized

if TYPE_CHECKING:
    from hf_nb.data.files.file import File, Range

Answer = TypeVar("Answer")


class Gated:
    """A file of a gated dataset, whose page is `page`."""

    def __init__(self, file: File, dataset: str, page: str) -> None:
        self._file, self._dataset, self._page = file, dataset, page
        self.name, self.remote = file.name, file.remote

    @property
    def size(self) -> int:
        """As the file's."""
        return self._asked(lambda: self._file.size)

    def tail(self, count: int) -> bytes:
        """As the file's."""
        return self._asked(lambda: self._file.tail(count))

    def read(self, ranges: Sequence[Range]) -> list[bytes]:
        """As the file's."""
        return self._asked(lambda: self._file.read(ranges))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def cost(self, ranges: Sequence[Range]) -> int:
        """As the file's."""
        return self._file.cost(ranges)

    def _asked(self, how: Callable[[], Answer]) -> Answer:
        try:
            return how()
        except Unauthorized:
            raise Unauthorized(
                f"dataset {self._dataset} is gated: its owner has to let you in.",
                f"Ask for access at {self._page}, or log in with a token that has it: %hf login",
            ) from None
