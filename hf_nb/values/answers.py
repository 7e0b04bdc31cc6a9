"""Who answered, how it went, and the answer that is a list of classes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hf_nb.values.base import Listing, Value


@dataclass(frozen=True, repr=False)
class Attempt(Value):
    """One try at one target. `error`: the class of what went wrong; `waited`: seconds before it began."""

    method: str
    model: str
    error: str | None = None
    problem: str = ""
    seconds: float = 0.0
    waited: float = 0.0


@dataclass(frozen=True, repr=False)
class Source(Value):
    """Who answered, why that one, how long it took.

    `first`: seconds until the first part; `read`, `written`: tokens; `cost`: dollars, where a price is known;
    `substitute`: another model than the one asked for; `finish`: "stop", "length", "tool_calls", "stopped" (by the
    user) or "cut" (it broke off); `kept`: when it was answered, where the answer was there already: nothing was asked,
    and `seconds` is what finding it took.
    """

    model: str
    revision: str | None
    method: str
    reason: str
    seconds: float
    device: str | None = None
    task: str = ""
    first: float | None = None
    read: int | None = None
    written: int | None = None
    cost: float | None = None
    finish: str = "stop"
    substitute: bool = False
    attempts: tuple[Attempt, ...] = ()
    kept: datetime | None = None

    @property
    def whole(self) -> bool:
        """Whether the answer came to its end."""
        return self.finish not in ("stopped", "cut")

    @property
    def rate(self) -> float | None:
        """Tokens a second, once they came."""
        if not self.written or self.first is None or self.seconds <= self.first or self.written < 2:
            return None
        return (self.written - 1) / (self.seconds - self.first)


@dataclass(frozen=True, repr=False)
class Label(Value):
    """One class and how sure the model is."""

    label: str
    score: float


@dataclass(frozen=True, repr=False)
class Labels(Listing[Label]):
    """Classes, the most likely first."""

    labels: tuple[Label, ...]
    source: Source
    input: Any = ""

    def _items(self) -> tuple[Label, ...]:
        return self.labels

    @property
    def label(self) -> str:
        """The most likely class."""
        return self.labels[0].label

    @property
    def score(self) -> float:
        """How sure the model is of it, 0 to 1."""
        return self.labels[0].score

    def brief(self) -> list[str]:
        return [self.label]
