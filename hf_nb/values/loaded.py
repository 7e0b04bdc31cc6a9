"""The models in this process's memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from hf_nb.values.base import Listing, Value


@dataclass(frozen=True, repr=False)
class LoadedModel(Value):
    """One of them. `task`: of its last use; `bytes`: its parameters and buffers; `busy`: it is answering."""

    model: str
    task: str
    revision: str | None
    bytes: int
    device: str
    used: datetime
    uses: int
    busy: bool = False

    def brief(self) -> list[str]:
        return [self.model]


@dataclass(frozen=True, repr=False)
class LoadedModels(Listing[LoadedModel]):
    """All of them, the last used first.

    `budgets`: bytes they may take together, by device; `answering`: how many answers are made here now, of at most
    `at_once`; `waiting`: how many wait for their turn.
    """

    models: tuple[LoadedModel, ...] = ()
    budgets: dict[str, int] = field(default_factory=dict)
    answering: int = 0
    at_once: int = 0
    waiting: int = 0

    def _items(self) -> tuple[LoadedModel, ...]:
        return self.models

    @property
    def bytes(self) -> int:
        """What they take together."""
        return sum(one.bytes for one in self.models)

    def brief(self) -> list[str]:
        return [one.model for one in self.models]


@dataclass(frozen=True, repr=False)
class Unloaded(LoadedModels):
    """Those that were in memory; `bytes` are free again."""
