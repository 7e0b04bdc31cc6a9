"""Why it fails or is slow: a list of findings that can be pasted into a report, since nothing secret is in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hf_nb.values.base import Value

State = Literal["ok", "note", "warn", "problem"]
STATES: tuple[State, ...] = ("problem", "warn", "note", "ok")


@dataclass(frozen=True, repr=False)
class Symptom(Value):
    """One thing that was looked at. `next_step` can be pasted."""

    area: str
    what: str
    state: State
    detail: str = ""
    next_step: str = ""

    def brief(self) -> list[str]:
        return [f"{self.state}\t{self.area}\t{self.what}\t{self.detail}"]


@dataclass(frozen=True, repr=False)
class Checkup(Value):
    """Everything that was looked at, by area."""

    findings: tuple[Symptom, ...]
    seconds: float

    @property
    def problems(self) -> tuple[Symptom, ...]:
        """What keeps things from working."""
        return tuple(one for one in self.findings if one.state == "problem")

    @property
    def warnings(self) -> tuple[Symptom, ...]:
        """What makes them slow, or will keep them from working."""
        return tuple(one for one in self.findings if one.state == "warn")

    @property
    def areas(self) -> tuple[str, ...]:
        """In the order they were looked at."""
        return tuple(dict.fromkeys(one.area for one in self.findings))

    def brief(self) -> list[str]:
        return [line for one in (*self.problems, *self.warnings) for line in one.brief()] or ["ok"]
