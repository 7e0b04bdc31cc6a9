"""What a push sent, or would send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hf_nb.values.base import Kind, Value

if TYPE_CHECKING:
    import pandas

State = Literal["new", "changed", "same", "ignored", "deleted"]


@dataclass(frozen=True, repr=False)
class PushedFile(Value):
    """One file: `same` is on the Hub already, `ignored` stands in its .gitignore, `deleted` is replaced by others."""

    path: str
    size: int
    state: State
    sent: int | None = 0  # bytes that went over the network; None where only their sum is known

    def brief(self) -> list[str]:
        return [self.path]


@dataclass(frozen=True, repr=False)
class Secret(Value):
    """Where a credential stands and of what kind it is; never the credential."""

    path: str
    place: str
    kind: str
    spot: str  # what `allow_secrets` takes

    def brief(self) -> list[str]:
        return [self.spot]


@dataclass(frozen=True, repr=False)
class Pushed(Value):
    """One commit, or with `dry_run` what it would hold."""

    kind: Kind
    id: str
    hub: str
    url: str
    files: tuple[PushedFile, ...]
    what: str = ""
    message: str = ""
    dry_run: bool = False
    private: bool | None = None
    created: bool = False
    revision: str | None = None
    commit: str | None = None
    pull_request: int | None = None
    card: str = ""  # "written", "added to", "kept" or ""
    bytes_sent: int = 0
    bytes_skipped: int = 0
    seconds: float = 0.0
    scan_seconds: float = 0.0
    left_out: tuple[str, ...] = ()
    secrets: tuple[Secret, ...] = ()
    unread: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def brief(self) -> list[str]:
        return [one.path for one in self.going] if self.dry_run else [self.url]

    @property
    def going(self) -> tuple[PushedFile, ...]:
        """The files that are in the commit."""
        return tuple(one for one in self.files if one.state in {"new", "changed", "deleted"})

    def to_pandas(self) -> pandas.DataFrame:
        """One row per file."""
        from hf_nb.plumbing.extras import require

        frame: pandas.DataFrame = require("pandas", "data", "to_pandas()").DataFrame(
            [one.to_dict() for one in self.files]
        )
        return frame
