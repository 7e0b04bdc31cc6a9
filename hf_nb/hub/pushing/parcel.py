"""What is on its way to the Hub, as files, and how it became them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hf_nb.values import Kind


@dataclass
class Parcel:
    """Files by their path in the repository, and what a card can say of them."""

    what: str
    kind: Kind | None
    files: dict[str, Path | bytes] = field(default_factory=dict)
    library: str | None = None
    tags: tuple[str, ...] = ()
    base_model: str | None = None
    task: str | None = None
    load: str = ""  # Python that loads it again; {repo} stands for the id
    facts: tuple[str, ...] = ()
    left_out: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    about: str = ""  # Markdown for a card that is written, with its heading
    data: Any = None  # of a dataset: hub.tables.Written


@dataclass(frozen=True)
class How:
    """The options that say how something becomes files."""

    path_in_repo: str | None = None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    strip_outputs: bool = False
    config: str = "default"
    split: str = "train"


def comes_from(value: Any, library: str, name: str | None = None) -> bool:
    """Whether its class, or one it descends from, is of this library."""
    return any(
        kind.__module__.partition(".")[0] == library and name in {None, kind.__name__}
        for kind in type(value).__mro__
    )
