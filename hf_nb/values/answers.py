"""What a model answered, and who it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

from hf_nb.values.base import Value

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, repr=False)
class Label(Value):
    """One class and how sure the model is."""

    label: str
    score: float


@dataclass(frozen=True, repr=False)
class Source(Value):
    """Who answered, why that one, and how long it took."""

    model: str
    revision: str | None
    method: str
    reason: str
    seconds: float
    device: str | None = None


@dataclass(frozen=True, repr=False)
class Labels(Value, Sequence[Label]):
    """Classes, the most likely first."""

    labels: tuple[Label, ...]
    source: Source
    input: str = ""

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

    def __len__(self) -> int:
        return len(self.labels)

    @overload
    def __getitem__(self, index: int) -> Label: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Label, ...]: ...
    def __getitem__(self, index: int | slice) -> Label | tuple[Label, ...]:
        return self.labels[index]

    def __iter__(self) -> Iterator[Label]:
        return iter(self.labels)

    def to_pandas(self) -> pandas.DataFrame:
        """One row per class."""
        from hf_nb.plumbing.extras import require

        frame: pandas.DataFrame = require("pandas", "data", "to_pandas()").DataFrame(
            [one.to_dict() for one in self.labels]
        )
        return frame
