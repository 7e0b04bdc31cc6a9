"""How long texts are for a model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hf_nb.values.base import Value

if TYPE_CHECKING:
    from hf_nb.values.looked import Looked


@dataclass(frozen=True, repr=False)
class Cut(Value):
    """Of `rows` texts something is lost where `at` tokens are kept: `tokens` in all."""

    at: int
    rows: int
    tokens: int


@dataclass(frozen=True, repr=False)
class Lengths(Value):
    """Texts in tokens, special ones included. `quantiles`: (0.5, 31) says that half of them have 31 or fewer.

    `edges` and `counts` are a histogram; `limit` is what the tokenizer says its model takes.
    """

    column: str
    tokenizer: str
    texts: int
    missing: int
    tokens: int
    mean: float
    quantiles: tuple[tuple[float, int], ...]
    edges: tuple[int, ...]
    counts: tuple[int, ...]
    cuts: tuple[Cut, ...]
    limit: int | None
    looked: Looked

    def brief(self) -> list[str]:
        return [f"{share:g}\t{length}" for share, length in self.quantiles]
