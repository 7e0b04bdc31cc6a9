"""Texts as vectors, and how near they are."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hf_nb.values.answers import Source
from hf_nb.values.base import Listing, Value

if TYPE_CHECKING:
    import numpy
    import pandas


@dataclass(frozen=True, repr=False)
class Vectors(Listing[array]):  # type: ignore[type-arg]  # array() takes no parameter before Python 3.12
    """One vector per text. `space` names what made them: vectors of two spaces must never meet."""

    vectors: tuple[array[float], ...]
    texts: tuple[str, ...]
    source: Source
    space: str = ""

    def _items(self) -> tuple[Any, ...]:
        return self.vectors

    @property
    def dimensions(self) -> int:
        """Numbers in a vector."""
        return len(self.vectors[0]) if self.vectors else 0

    def to_numpy(self) -> numpy.ndarray:
        """Rows of float32."""
        from hf_nb.plumbing.extras import require

        made: numpy.ndarray = require("numpy", "data", "to_numpy()").array(self.vectors, dtype="float32")
        return made

    def to_pandas(self) -> pandas.DataFrame:
        """One row per text."""
        from hf_nb.values.base import frame

        made = frame([list(one) for one in self.vectors])
        made.insert(0, "text", list(self.texts))
        return made

    def brief(self) -> list[str]:
        return [" ".join(f"{number:.6g}" for number in one) for one in self.vectors]


@dataclass(frozen=True, repr=False)
class Similarity(Value):
    """One sentence and how near it is, −1 to 1."""

    sentence: str
    score: float


@dataclass(frozen=True, repr=False)
class Similarities(Listing[Similarity]):
    """Sentences beside the one they are compared with, in the order they were given."""

    similarities: tuple[Similarity, ...]
    sentence: str
    source: Source

    def _items(self) -> tuple[Similarity, ...]:
        return self.similarities

    def best(self) -> tuple[Similarity, ...]:
        """The nearest first."""
        return tuple(sorted(self.similarities, key=lambda one: -one.score))

    def brief(self) -> list[str]:
        return [f"{one.score:.4f}\t{one.sentence}" for one in self.best()]
