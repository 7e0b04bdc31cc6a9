"""One repository, read.

RepoInfo
├── licence, terms        Licence
├── card, scores          Score                what the card says
├── files, weights        File, Weights        what is there, and in how many formats
├── parameters, memory                         how many numbers, and the room they take
├── security              Security of Scan     pickles, code, what the Hub's scan found
├── access                Access               gated: who decides, and have you access?
├── runtime               Runtime              a Space
└── subsets               Subset of Split      a dataset
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from hf_nb.values.base import Kind, Value
from hf_nb.values.licence import Licence

View = Literal["summary", "files", "card"]


@dataclass(frozen=True, repr=False)
class File(Value):
    """One file of a repository. `large`: kept apart from git, under its checksum."""

    path: str
    size: int | None
    large: bool = False


@dataclass(frozen=True, repr=False)
class Score(Value):
    """One evaluation result a card states. `verified`: somebody other than the author ran it."""

    task: str
    dataset: str
    metric: str
    value: float | str
    verified: bool | None = None
    split: str | None = None
    source: str | None = None


@dataclass(frozen=True, repr=False)
class Weights(Value):
    """The same numbers in one format: the files belong together."""

    format: str
    precision: str | None
    paths: tuple[str, ...]
    bytes: int


@dataclass(frozen=True, repr=False)
class Scan(Value):
    """What the Hub's scan says of one file. `imports`: what a pickle would bring in when it is loaded."""

    path: str
    level: str
    imports: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class Security(Value):
    """`status`: safe, suspicious, unsafe, or unscanned where the Hub has not looked."""

    status: str
    issues: tuple[Scan, ...] = ()
    pickles: tuple[str, ...] = ()
    code: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class Access(Value):
    """A gate. `decides`: auto (at once, on request) or manual (a person); `granted` is None where nobody could tell."""

    decides: str
    granted: bool | None
    ask: str
    heading: str = ""
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class Runtime(Value):
    """A Space as it runs, or why it does not."""

    stage: str
    hardware: str | None = None
    requested: str | None = None
    sleeps_after: int | None = None
    error: str | None = None
    page: str | None = None


@dataclass(frozen=True, repr=False)
class Split(Value):
    """One split of a subset."""

    name: str
    rows: int | None
    bytes: int | None


@dataclass(frozen=True, repr=False)
class Subset(Value):
    """One subset of a dataset: its splits, and its columns as name -> type."""

    name: str
    splits: tuple[Split, ...] = ()
    columns: dict[str, str] = field(default_factory=dict)
    bytes: int | None = None
    download: int | None = None

    @property
    def rows(self) -> int | None:
        """All splits together."""
        counts = [split.rows for split in self.splits if split.rows is not None]
        return sum(counts) if counts else None


@dataclass(frozen=True, repr=False)
class RepoInfo(Value):
    """One repository: what its card and its files say."""

    kind: Kind
    id: str
    hub: str
    commit: str | None = None
    revision: str | None = None
    author: str | None = None
    created: datetime | None = None
    updated: datetime | None = None
    downloads: int | None = None
    likes: int | None = None
    gated: str | None = None
    private: bool = False
    disabled: bool = False
    task: str | None = None
    tasks: tuple[str, ...] = ()
    library: str | None = None
    licence: str | None = None
    terms: Licence | None = None
    languages: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    spaces: tuple[str, ...] = ()
    base_models: tuple[str, ...] = ()
    relation: str | None = None
    papers: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    architecture: str | None = None
    context: int | None = None
    parameters: dict[str, int] = field(default_factory=dict)
    memory: dict[str, int] = field(default_factory=dict)
    fits: str | None = None
    weights: tuple[Weights, ...] = ()
    files: tuple[File, ...] = ()
    scores: tuple[Score, ...] = ()
    subsets: tuple[Subset, ...] = ()
    security: Security | None = None
    access: Access | None = None
    sdk: str | None = None
    runtime: Runtime | None = None
    title: str | None = None
    card: str = ""
    renamed_from: str | None = None
    note: str | None = None
    view: View = "summary"

    def brief(self) -> list[str]:
        if self.view == "files":
            return [file.path for file in self.files]
        return self.card.splitlines() if self.view == "card" else [self.id]

    @property
    def full(self) -> str:
        """As a command takes it: owner/name, datasets/owner/name."""
        return self.id if self.kind == "model" else f"{self.kind}s/{self.id}"

    @property
    def page(self) -> str:
        """Where a browser shows it."""
        return f"{self.hub}/{self.full}"

    @property
    def bytes(self) -> int:
        """All files together."""
        return sum(file.size or 0 for file in self.files)

    @property
    def stage(self) -> str | None:
        """RUNNING, SLEEPING, …: a Space's."""
        return self.runtime.stage if self.runtime else None

    @property
    def hardware(self) -> str | None:
        """What a Space runs on now."""
        return self.runtime.hardware if self.runtime else None
