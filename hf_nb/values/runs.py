"""What was run in a playground."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hf_nb.values.base import Listing, Value


@dataclass(frozen=True, repr=False)
class Run(Value):
    """One run of a playground: what was asked of whom, what came of it. `end`: done, stopped or failed."""

    task: str
    model: str
    input: Any
    params: Mapping[str, Any]
    end: str
    at: str
    text: str = ""
    provider: str = "auto"
    method: str = ""
    seconds: float | None = None
    first: float | None = None
    tokens: int | None = None
    rate: float | None = None
    cost: float | None = None
    wrong: str = ""


@dataclass(frozen=True, repr=False)
class Runs(Listing[Run]):
    """The history of a playground, the latest first."""

    runs: tuple[Run, ...] = ()

    def _items(self) -> tuple[Run, ...]:
        return self.runs

    def brief(self) -> list[str]:
        return [one.text for one in self.runs]
