"""What a metric says of some predictions: one figure, and what each row added to it, so that two can be paired."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from hf_nb.errors import BadInput
from hf_nb.measure.figure import MEAN, Figure, whole
from hf_nb.measure.intervals import LEVEL, Interval, bootstrap, wilson
from hf_nb.plumbing.extras import require

if TYPE_CHECKING:
    import numpy

By = Literal["row", "corpus"]
Scale = Literal["share", "points", "number", "ratio"]


@dataclass(frozen=True, eq=False)
class Score:
    """One metric over labelled rows.

    `by`       row: the average of the rows' own values; corpus: one figure of all rows together, no average
    `values`   each row's own value (of a corpus metric: that row alone); None where it has none
    `parts`    what each row adds; a line of NaN where it adds nothing, because it has no answer or no label
    `scale`    share: 0 to 1; points: 0 to 100; number; ratio: compared by how many times as much
    """

    metric: str
    by: By
    values: tuple[float | None, ...]
    parts: numpy.ndarray
    figure: Figure
    higher: bool = True
    scale: Scale = "share"

    def __len__(self) -> int:
        return len(self.values)

    @property
    def counted(self) -> numpy.ndarray:
        """The rows that add something."""
        import numpy

        counted: numpy.ndarray = ~numpy.isnan(self.parts).any(axis=1)
        return counted

    @property
    def value(self) -> float:
        return whole(self.figure, self.parts[self.counted])

    def right(self) -> numpy.ndarray | None:
        """Where each row is right or wrong and nothing else: which. Else None."""
        import numpy

        kept = self.parts[self.counted]
        if self.figure is not MEAN or kept.shape[1] != 2 or not (kept[:, 1] == 1).all():
            return None
        return kept[:, 0] if numpy.isin(kept[:, 0], (0, 1)).all() else None

    def interval(
        self,
        *,
        strata: Sequence[Any] | None = None,
        clusters: Sequence[Any] | None = None,
        level: float = LEVEL,
        seed: int = 0,
    ) -> Interval:
        """Wilson's for a share of independent rows, else by resampling."""
        kept = self.counted
        right = self.right()
        if right is not None and strata is None and clusters is None:
            return wilson(int(right.sum()), len(right), level)
        strata, clusters = chosen(strata, kept), chosen(clusters, kept)
        return bootstrap(
            self.figure, self.parts[kept], strata=strata, clusters=clusters, level=level, seed=seed
        )


@dataclass(frozen=True, eq=False)
class Scores(Sequence[Score]):
    """All metrics of one task.

    `unanswered`: rows without a prediction; `unlabelled`: rows without a reference, left out;
    `unknown`: predicted labels that no reference knows, with their counts.
    """

    task: str
    n: int
    all: tuple[Score, ...]
    unanswered: int = 0
    unlabelled: int = 0
    unknown: tuple[tuple[str, int], ...] = ()

    def __len__(self) -> int:
        return len(self.all)

    def __getitem__(self, index: Any) -> Any:
        if not isinstance(index, str):
            return self.all[index]
        for one in self.all:
            if one.metric == index:
                return one
        known = ", ".join(one.metric for one in self.all)
        raise BadInput(f"{index} was not measured.", f"Measured: {known}")

    def __iter__(self) -> Iterator[Score]:
        return iter(self.all)

    def __str__(self) -> str:
        lines = [f"{one.metric} {one.value:.4g} ({one.by})" for one in self.all]
        said = f"{self.n} rows"
        if self.unanswered:
            said += f", {self.unanswered} unanswered"
        if self.unlabelled:
            said += f", {self.unlabelled} without a label, left out"
        if self.unknown:
            said += ", unknown labels: " + ", ".join(f"{name} ({count})" for name, count in self.unknown[:3])
        return "\n".join([*lines, said])


def numbers(metric: str, values: Sequence[float | None], *, higher: bool, scale: Scale = "number") -> Score:
    """A score made of one number a row, such as seconds, tokens or cents (ratio), or a judge's mark (number)."""
    clean = [None if one is None or math.isnan(one) else float(one) for one in values]
    if any(one is not None and math.isinf(one) for one in clean):
        raise BadInput(f"{metric} holds an infinite number.", "Give None where there is no number.")
    if scale == "ratio" and any(one is not None and one <= 0 for one in clean):
        raise BadInput(
            f"{metric} holds a number that is not above 0.", 'Give scale="number" to compare differences.'
        )
    return Score(metric, "row", tuple(clean), averaged(clean), MEAN, higher, scale)


def averaged(values: Sequence[float | None]) -> numpy.ndarray:
    """Parts of an average: each row's value, and that it is one."""
    array = require("numpy", "measure", "Judging").array
    parts = [(math.nan, math.nan) if one is None else (float(one), 1.0) for one in values]
    made: numpy.ndarray = array(parts, float).reshape(-1, 2)
    return made


def chosen(labels: Sequence[Any] | None, kept: numpy.ndarray) -> Sequence[Any] | None:
    """The labels of the rows that are kept."""
    if labels is None:
        return None
    if len(labels) != len(kept):
        raise BadInput(f"{len(labels)} labels for {len(kept)} rows.", "Give one for each row.")
    return [one for one, keep in zip(labels, kept, strict=True) if keep]
