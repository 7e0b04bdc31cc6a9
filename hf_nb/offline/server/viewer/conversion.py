"""What a dataset is once it is Parquet: its configurations and splits at one commit, and the files they lie in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

REF = "refs/convert/parquet"


@dataclass(frozen=True)
class File:
    """One Parquet file: its path in the ref, and where it lies on this disk."""

    path: str
    place: Path
    bytes: int
    rows: int


@dataclass(frozen=True)
class Split:
    """One table."""

    name: str
    rows: int
    memory: int
    files: tuple[File, ...]

    @property
    def bytes(self) -> int:
        """Bytes of its files."""
        return sum(file.bytes for file in self.files)


@dataclass(frozen=True)
class Config:
    """One configuration; `wrong` where it could not be read."""

    name: str
    default: bool = False
    features: Mapping[str, Any] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)
    builder: str = ""
    original: int = 0
    splits: tuple[Split, ...] = ()
    wrong: tuple[str, str] | None = None

    def split(self, name: str) -> Split | None:
        """A split by its name."""
        return next((one for one in self.splits if one.name == name), None)


@dataclass(frozen=True)
class Conversion:
    """All of a dataset at one commit of its main branch; `wrong` where nothing of it could be read."""

    id: str
    revision: str
    configs: tuple[Config, ...] = ()
    wrong: tuple[str, str] | None = None

    def config(self, name: str) -> Config | None:
        """A configuration by its name."""
        return next((one for one in self.configs if one.name == name), None)

    @property
    def default(self) -> Config | None:
        """The configuration that is meant where none is named."""
        whole = [one for one in self.configs if one.splits]
        return next((one for one in whole if one.default), whole[0] if whole else None)
