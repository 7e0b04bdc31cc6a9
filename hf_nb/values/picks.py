"""Models for a task, the best first, each with its reasons; and those left out, with why."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hf_nb.values.base import Listing, Value


@dataclass(frozen=True, repr=False)
class Pick(Value):
    """One model. `score` from 0 to 1, of `parts` that say what it is made of; `reasons` in words.

    `memory` and `seconds` are reckoned for this machine. `result`: what its card states, and `result_by` who says so.
    """

    id: str
    score: float
    reasons: tuple[str, ...] = ()
    memory: int | None = None
    verdict: str = "unknown"
    seconds: float | None = None
    result: str = ""
    result_by: str = ""
    parameters: int | None = None
    downloads: int | None = None
    likes: int | None = None
    licence: str | None = None
    languages: tuple[str, ...] = ()
    updated: datetime | None = None
    parts: dict[str, float] = field(default_factory=dict)

    def brief(self) -> list[str]:
        return [self.id]


@dataclass(frozen=True, repr=False)
class Picks(Listing[Pick]):
    """`asked`: the task and what had to be kept to; `left_out`: id and why; `looked`: models that were looked at."""

    task: str
    asked: dict[str, Any]
    rows: tuple[Pick, ...]
    left_out: tuple[tuple[str, str], ...] = ()
    looked: int = 0
    notes: tuple[str, ...] = ()

    def _items(self) -> tuple[Pick, ...]:
        return self.rows

    @property
    def ids(self) -> list[str]:
        """The ids alone."""
        return [one.id for one in self.rows]

    def brief(self) -> list[str]:
        return self.ids
