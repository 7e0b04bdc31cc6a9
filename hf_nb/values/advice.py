"""What would save most time or money, going by what a session did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hf_nb.values.base import Listing, Value


@dataclass(frozen=True, repr=False)
class Tip(Value):
    """One change. `seen`: the habit; `change`: what to do instead; `line`: what is typed for it; `undo`: and back.

    `seconds`, `dollars`: what it would have saved of what this session did so far. `measured`: both ways were tried
    beside each other on this machine, else it is reckoned from what was seen; `how` says how. `setting`: its name and
    value, where the change is one.
    """

    kind: str
    seen: str
    change: str
    line: str
    how: str
    seconds: float = 0.0
    dollars: float = 0.0
    measured: bool = False
    undo: str = ""
    setting: tuple[str, Any] | None = None

    def brief(self) -> list[str]:
        return [self.line]


@dataclass(frozen=True, repr=False)
class Advice(Listing[Tip]):
    """The changes, the largest gain first; `answers`, `seconds`, `dollars`: what the session came to."""

    tips: tuple[Tip, ...] = ()
    answers: int = 0
    seconds: float = 0.0
    dollars: float = 0.0

    def _items(self) -> tuple[Tip, ...]:
        return self.tips

    def brief(self) -> list[str]:
        return [line for one in self.tips for line in one.brief()]
