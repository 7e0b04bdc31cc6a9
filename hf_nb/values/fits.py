"""What a model would take of this machine, before anything of it is downloaded."""

from __future__ import annotations

from dataclasses import dataclass

from hf_nb.values.base import Value


@dataclass(frozen=True, repr=False)
class Fit(Value):
    """`verdict`: fits, tight, too large, or unknown. `memory` at its peak, from `least` to `most` bytes, of `free`.

    `seconds`: one answer of `new_tokens`, or one pass over `tokens`, warm; from `quickest` to `slowest`.
    `token`: seconds for each further token. `how`: traced (from its architecture, measured on this machine), counted
    (by how many numbers it has), or file (as large as its file). `fetched`: bytes that were read of the repository.
    """

    id: str
    verdict: str
    sentence: str
    task: str | None = None
    memory: int | None = None
    least: int | None = None
    most: int | None = None
    free: int = 0
    seconds: float | None = None
    quickest: float | None = None
    slowest: float | None = None
    token: float | None = None
    input: str = ""
    tokens: int = 0
    new_tokens: int = 0
    parameters: int | None = None
    weights: int | None = None
    kept: int = 0
    dtype: str = "fp32"
    device: str = "cpu"
    how: str = "traced"
    notes: tuple[str, ...] = ()
    smaller: tuple[str, ...] = ()
    fetched: int = 0
    commit: str | None = None

    def brief(self) -> list[str]:
        return [self.verdict]

    def __bool__(self) -> bool:
        """It runs here."""
        return self.verdict in ("fits", "tight")
