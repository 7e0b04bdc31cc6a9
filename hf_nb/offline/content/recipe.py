"""What one repository of the demo Hub is made from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

Type = Literal["model", "dataset", "space"]


@dataclass(frozen=True)
class Context:
    """What a build may look at."""

    built: Mapping[str, Path]  # the folders of the recipes named in `after`, by id


@dataclass(frozen=True)
class Step:
    """One commit. `files` are glob patterns in the built folder; `of` takes them from another recipe's folder."""

    title: str
    date: datetime
    files: tuple[str, ...] = ("*",)
    of: str = ""
    tag: str = ""
    branch: str = ""
    author: str = ""


@dataclass(frozen=True)
class Recipe:
    """One repository. `build` writes its files and answers with one line about them."""

    type: Type
    id: str
    created_at: datetime
    updated_at: datetime
    build: Callable[[Path, Context], str]
    shared: tuple[
        str, ...
    ] = ()  # further sources it depends on, under content/: a change there builds it anew
    needs: tuple[str, ...] = ()  # import names; where one is missing the recipe is left out
    after: tuple[str, ...] = ()  # ids of recipes built first
    seconds: float = 0.1  # about how long it takes; the longest begin first
    later: bool = (
        False  # built when it is first asked for (or by `hub build --all`), not before the Hub serves
    )
    front: Mapping[str, Any] | None = (
        None  # of a `later` one: its card's front matter, so that search knows it
    )
    parameters: int | None = None  # and what it will count
    files: tuple[
        str, ...
    ] = ()  # and what files search asks for it will hold; a model's are model.safetensors
    by_name: bool = False  # `later`, and too large for `hub build --all`
    room: int = 0  # bytes on disk it needs while it is built
    downloads: int = 0
    likes: int = 0
    trending: float = 0.0
    private: bool = False
    gated: Literal["auto", "manual", False] = False
    aliases: tuple[str, ...] = ()
    runtime: Mapping[str, Any] | None = None
    history: tuple[Step, ...] = ()  # none: one commit of everything at `updated_at`
    check: Callable[[Path], dict[str, float]] | None = (
        None  # held-out figures, loaded as a user would load it
    )
    floor: Mapping[str, float] = field(default_factory=dict)  # what `check` promises at least
    ceiling: Mapping[str, float] = field(default_factory=dict)  # and at most

    @property
    def slug(self) -> str:
        return f"{self.type}--{self.id.replace('/', '--')}"

    @property
    def expected(self) -> tuple[str, ...]:
        """Names of files it will hold, known before it is built."""
        return self.files or (("model.safetensors",) if self.parameters else ())

    @property
    def steps(self) -> tuple[Step, ...]:
        return self.history or (Step(f"Upload {self.id.partition('/')[2]}", self.updated_at),)


def day(text: str) -> datetime:
    """2026-03-01, or 2026-03-01T09:30, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
