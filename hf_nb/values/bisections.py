"""What changed an answer: a commit, a parameter, a release of a library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from hf_nb.values.base import Listing, Value
from hf_nb.values.diff import Diff

Sought = Literal["commit", "parameter", "release"]


@dataclass(frozen=True, repr=False)
class Trial(Value):
    """One thing that was looked at.

    `like`: the end whose answer it gives, "new" or "old"; None where it could not be asked, and `why`. `bytes`: what
    came over the network for it; `same`: its files are those of another trial, so nobody was asked.
    """

    name: str
    title: str = ""
    answer: str = ""
    like: Literal["new", "old"] | None = None
    bytes: int = 0
    seconds: float = 0.0
    same: bool = False
    why: str = ""

    def brief(self) -> list[str]:
        return [f"{self.name}\t{self.like or '?'}\t{self.answer or self.why}"]


@dataclass(frozen=True, repr=False)
class TensorChange(Value):
    """One tensor that is another. `old`, `new`: its type and shape, None where it is not there.

    `largest`: the largest difference of one number; `relative`: the length of the difference beside that of the old
    tensor; `share`: how many of its numbers differ.
    """

    name: str
    old: str | None
    new: str | None
    largest: float | None = None
    relative: float | None = None
    share: float | None = None

    def brief(self) -> list[str]:
        return [self.name]


@dataclass(frozen=True, repr=False)
class Bisection(Listing[Trial]):
    """Every trial in the order it was made, and where they led.

    `culprit`: the first that answers as the new end does, None where all of them do; `before`: the last that does not.
    `untried`: between both, and nobody could ask them. `candidates`: how many there were to choose from; `asked`: how
    often a model answered; `diff`, `tensors`: what that commit changed.
    """

    sought: Sought
    model: str
    task: str
    trials: tuple[Trial, ...]
    candidates: int
    culprit: str | None = None
    before: str | None = None
    title: str = ""
    old: str = ""
    new: str = ""
    untried: tuple[str, ...] = ()
    changed: tuple[tuple[str, Any, Any], ...] = ()
    diff: Diff | None = None
    tensors: tuple[TensorChange, ...] = ()
    notes: tuple[str, ...] = ()

    def _items(self) -> tuple[Trial, ...]:
        return self.trials

    @property
    def asked(self) -> int:
        """How often a model answered."""
        return sum(not one.same and not one.why for one in self.trials)

    @property
    def bytes(self) -> int:
        """What came over the network for all of it."""
        return sum(one.bytes for one in self.trials)

    def brief(self) -> list[str]:
        return [self.culprit] if self.culprit else []
