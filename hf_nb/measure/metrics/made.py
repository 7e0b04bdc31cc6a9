"""What a metric gives and is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hf_nb.measure.figure import Figure

if TYPE_CHECKING:
    import numpy


@dataclass(frozen=True)
class Asked:
    """Predictions beside references, None where one is missing. `k`: how far down a ranking is looked."""

    predictions: Sequence[Any]
    references: Sequence[Any]
    k: int = 10

    @property
    def pairs(self) -> list[tuple[Any, Any]]:
        return list(zip(self.predictions, self.references, strict=True))


@dataclass(frozen=True, eq=False)
class Made:
    """The rows' own values, the parts they add, and the figure of the parts."""

    values: Sequence[float | None]
    parts: numpy.ndarray
    figure: Figure


Make = Callable[[Asked], Made]
