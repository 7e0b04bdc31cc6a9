"""The answers of models that are kept."""

from __future__ import annotations

from dataclasses import dataclass

from hf_nb.values.base import Value


@dataclass(frozen=True, repr=False)
class KeptAnswers(Value):
    """`entries`, `bytes`: on disk, of at most `budget` bytes; `latest`: in this kernel's memory, some of them the same.

    `cleared`: the numbers are of those that were removed. `problem`: why none is written now.
    """

    folder: str
    entries: int
    bytes: int
    budget: int
    latest: int
    problem: str = ""
    cleared: bool = False

    def brief(self) -> list[str]:
        return [str(self.entries)]
