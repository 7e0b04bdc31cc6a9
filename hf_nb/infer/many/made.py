"""What has become of a batch's rows so far."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from hf_nb.errors import HfNbError


@dataclass
class Made:
    """What has become of the rows so far."""

    outputs: list[Any] = field(default_factory=list)
    failures: dict[int, HfNbError] = field(default_factory=dict)
    there: int = 0
    kept: int = 0  # answers from before, beside `there`: those of any other cell or process
    twice: int = 0
    split: int = 0
    done: int = 0
    served: Counter[str] = field(default_factory=Counter)
    substituted: int = 0
    copies: Counter[str] = field(default_factory=Counter)  # rows by a quicker copy of the model, by its name
    doubted: int = 0  # rows that it left to the model itself
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0
    stopped: bool = False

    def take(self, number: int, answer: Any, wrong: HfNbError | None) -> None:
        """A row is done, and was not before."""
        if self.outputs[number] is not None or number in self.failures:
            raise AssertionError(f"Row {number} was done twice.")
        self.done += 1
        if wrong is None:
            self.outputs[number] = answer
        else:
            self.failures[number] = wrong
