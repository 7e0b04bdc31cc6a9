"""What a notebook stands on, written down; and whether that still holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from hf_nb.values.base import Kind, Listing, Value

Level = Literal["failure", "information"]


@dataclass(frozen=True, repr=False)
class LockedRepo(Value):
    """One repository at its commit. `files`: how many of its files are held, `bytes`: how large they are together."""

    kind: Kind
    id: str
    revision: str
    asked: tuple[str, ...]
    licence: str | None
    files: int
    bytes: int

    def brief(self) -> list[str]:
        return [f"{self.id}@{self.revision}"]


@dataclass(frozen=True, repr=False)
class Lock(Listing[LockedRepo]):
    """A lock file. `changes`: what is different from before, in words; `written`: whether the file changed."""

    path: str
    repos: tuple[LockedRepo, ...]
    strict: bool
    written: bool = False
    changes: tuple[str, ...] = ()

    def _items(self) -> tuple[LockedRepo, ...]:
        return self.repos

    def brief(self) -> list[str]:
        return [line for one in self.repos for line in one.brief()]


@dataclass(frozen=True, repr=False)
class Finding(Value):
    """One thing that is not as it was locked; of a whole repository when `path` is None."""

    level: Level
    kind: Kind
    id: str
    path: str | None
    what: str

    def brief(self) -> list[str]:
        return [f"{self.id}: {self.what}"]


@dataclass(frozen=True, repr=False)
class CheckedRepo(Value):
    """One repository as it was found. `cached`: how many of its files are on this machine."""

    kind: Kind
    id: str
    revision: str
    files: int
    cached: int
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Nothing failed."""
        return all(one.level != "failure" for one in self.findings)


@dataclass(frozen=True, repr=False)
class LockCheck(Value):
    """What a check found. `ok`: nothing failed; in a terminal the exit code says so."""

    paths: tuple[str, ...]
    repos: tuple[CheckedRepo, ...]
    online: bool

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything found."""
        return tuple(finding for one in self.repos for finding in one.findings)

    @property
    def ok(self) -> bool:
        """Nothing failed."""
        return all(one.ok for one in self.repos)

    @property
    def exit_code(self) -> int:
        """What a shell gets."""
        return 0 if self.ok else 1

    def brief(self) -> list[str]:
        return [line for one in self.findings for line in one.brief()]

    def to_dict(self) -> dict[str, Any]:
        return {**super().to_dict(), "ok": self.ok}
