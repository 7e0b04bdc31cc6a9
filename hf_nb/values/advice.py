"""What would save most time or money, going by what a session did."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from hf_nb.plumbing.extras import load
from hf_nb.values import live
from hf_nb.values.base import Listing, Value

LIVE = "hf_nb.widgets.advice:bundle"


@dataclass(frozen=True, repr=False)
class Tip(Value):
    """One change. `seen`: the habit; `change`: what to do instead; `line`: what is typed for it; `undo`: and back.

    `seconds`, `dollars`: what it would have saved of what this session did so far. `measured`: both ways were tried
    beside each other on this machine, else it is reckoned from what was seen; `how` says how. `setting`: its name and
    value, where the change is one. `whole`: answers that would have come to their end; `cell`: code that runs as it is,
    where the change is one of code.
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
    whole: int = 0
    cell: str = ""

    @property
    def key(self) -> str:
        """What it is called where its number may have changed: a button that was drawn before the last look."""
        return hashlib.sha256(f"{self.kind} {self.line}".encode()).hexdigest()[:16]

    def brief(self) -> list[str]:
        return [self.line]


@dataclass(frozen=True, repr=False)
class Advice(Listing[Tip]):
    """The changes, the largest gain first; `answers`, `seconds`, `dollars`: what the session came to.

    In a notebook that runs it is shown with a button for each; `LIVE` is who draws them.
    """

    tips: tuple[Tip, ...] = ()
    answers: int = 0
    seconds: float = 0.0
    dollars: float = 0.0

    def _items(self) -> tuple[Tip, ...]:
        return self.tips

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Any:
        if not self.tips or not live.possible():
            return super()._repr_mimebundle_(include, exclude)
        return load(LIVE)(self)

    def brief(self) -> list[str]:
        return [line for one in self.tips for line in one.brief()]
