"""What a pull brought, or would bring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hf_nb.values.base import Kind, Value

if TYPE_CHECKING:
    import pandas

State = Literal["fetched", "cached", "to fetch", "left out"]


@dataclass(frozen=True, repr=False)
class PulledFile(Value):
    """One file of the repository; `why` says why one was left out."""

    path: str
    size: int | None
    state: State
    why: str = ""

    def brief(self) -> list[str]:
        return [self.path]


@dataclass(frozen=True, repr=False)
class Pulled(Value):
    """A repository, or some of its files, on this disk. Stands for its path wherever one is asked for."""

    kind: Kind
    repo: str
    hub: str
    revision: str
    commit: str
    path: str
    files: tuple[PulledFile, ...]
    dry_run: bool = False
    moved: int = 0
    seconds: float = 0.0
    licence: str = ""
    free: int | None = None
    note: str = ""

    def __fspath__(self) -> str:
        return self.path

    def brief(self) -> list[str]:
        return [self.path]

    def of(self, state: State) -> tuple[PulledFile, ...]:
        """The files in one state."""
        return tuple(file for file in self.files if file.state == state)

    def bytes(self, *states: State) -> int:
        """How much they are together; without a state, everything that was wanted."""
        wanted = states or ("fetched", "cached", "to fetch")
        return sum(file.size or 0 for file in self.files if file.state in wanted)

    @property
    def rate(self) -> float | None:
        """Bytes a second over the network."""
        return self.moved / self.seconds if self.moved and self.seconds else None

    @property
    def fits(self) -> bool:
        """Whether the disk takes what is to come."""
        return self.free is None or self.bytes("to fetch") <= self.free

    def to_pandas(self) -> pandas.DataFrame:
        """One row per file."""
        from hf_nb.plumbing.extras import require

        frame: pandas.DataFrame = require("pandas", "data", "to_pandas()").DataFrame(
            [one.to_dict() for one in self.files]
        )
        return frame
