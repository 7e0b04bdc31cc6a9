"""Many inputs and what became of each: an answer, or why there is none."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, overload

from hf_nb.errors import BadInput
from hf_nb.values.answers import Source
from hf_nb.values.base import Listing, Value, frame

if TYPE_CHECKING:
    import numpy
    import pandas


@dataclass(frozen=True, repr=False)
class FailedRow(Value):
    """A row without an answer. `passing`: another time it may have one."""

    row: int
    error: str
    problem: str
    next_step: str = ""
    passing: bool = False

    def brief(self) -> list[str]:
        return [f"{self.row}\t{self.error}\t{self.problem}"]


@dataclass(frozen=True, repr=False)
class BatchRow(Value):
    """One row: what was asked, and its answer, or why there is none; neither where it was not reached."""

    row: int
    input: Any
    value: Any = None
    score: float | None = None
    output: Any = None
    failure: FailedRow | None = None


@dataclass(frozen=True, repr=False, eq=False)
class Batch(Listing[BatchRow]):
    """Every row with its answer or its failure, in the order they were given.

    `kind` is that of the answers: labels, vectors, text …; `outputs` holds them in short, None where there is none.
    `there`: rows an earlier run had written down; `kept`: rows whose answer was kept from before, unless `fresh` was
    said; `twice`: rows answered by an equal one before; `split`: rows longer than the model's window, read
    in pieces; `served`: rows by who answered; `stopped`: some rows were not reached.
    """

    task: str
    kind: str
    source: Source
    given: Sequence[Any]
    outputs: Sequence[Any]
    failures: tuple[FailedRow, ...] = ()
    seconds: float = 0.0
    there: int = 0
    kept: int = 0
    twice: int = 0
    split: int = 0
    served: Mapping[str, int] = field(default_factory=dict)
    stopped: bool = False
    notes: tuple[str, ...] = ()
    column: str = ""
    table: Any = None
    once_more: Callable[[], Batch] | None = None

    @property
    def rows(self) -> int:
        """All there were, as far as they were read."""
        return len(self.outputs)

    @property
    def ok(self) -> int:
        """Rows with an answer."""
        return sum(one is not None for one in self.outputs)

    @property
    def failed(self) -> int:
        """Rows with a failure."""
        return len(self.failures)

    @property
    def left(self) -> int:
        """Rows that were not reached, since it was stopped."""
        return self.rows - self.ok - self.failed

    @property
    def rate(self) -> float | None:
        """Rows a second, those that were there or kept already left out."""
        made = self.ok + self.failed - self.there - self.kept
        return made / self.seconds if self.seconds > 0 and made > 0 else None

    @property
    def values(self) -> list[Any]:
        """The label, the text, the vector … of every row; None where there is none."""
        return [None if one is None else answer_of(self.kind, one) for one in self.outputs]

    @property
    def scores(self) -> list[float | None]:
        """How sure the model is, where it says so."""
        return [None if one is None else score_of(self.kind, one) for one in self.outputs]

    @property
    def vectors(self) -> numpy.ndarray:
        """Rows of float32; of one that failed NaN."""
        from hf_nb.plumbing.extras import require

        if self.kind != "vectors":
            raise BadInput(f"The answers of {self.task} are no vectors.", "Take .values")
        library: Any = require("numpy", "data", "vectors")
        wide = next((len(one) for one in self.outputs if one is not None), 0)
        made = library.full((self.rows, wide), float("nan"), dtype="float32")
        for at, one in enumerate(self.outputs):
            if one is not None:
                made[at] = one
        found: numpy.ndarray = made
        return found

    @property
    def errors(self) -> pandas.DataFrame:
        """One row per failure, with its input."""
        names = ("row", "input", "error", "problem", "next_step")
        found = [
            (one.row, self.given[one.row], one.error, one.problem, one.next_step) for one in self.failures
        ]
        return frame({name: [row[at] for row in found] for at, name in enumerate(names)})

    def to_pandas(self) -> pandas.DataFrame:
        """What was given, as a frame of its own, with a column more; scores in a second one."""
        table: Any = self.table
        if table is None:
            given = list(self.given)
            table = frame({"input": [str(one) if isinstance(one, (dict, list)) else one for one in given]})
        else:
            table = table.head(self.rows)
            table = table.copy() if hasattr(table, "iloc") else table.to_pandas()
        for at, (name, cells) in enumerate(self._new().items()):
            table[name] = _column(cells, table.index, "float64" if at and name.endswith("_score") else None)
        made: pandas.DataFrame = table
        return made

    def with_answers(self) -> Any:
        """The same as a frame of the kind that was given: of polars, where it was one."""
        table: Any = self.table
        if table is None or hasattr(table, "iloc"):
            return self.to_pandas()
        polars: Any = sys.modules["polars"]
        new = (
            polars.Series(name, [list(one) if _packed(one) else one for one in cells], strict=False)
            for name, cells in self._new().items()
        )
        return table.head(self.rows).with_columns(*new)

    def _new(self) -> dict[str, list[Any]]:
        """The columns that come beside what was given."""
        name = self.column or _NAMES.get(self.kind, "answer")
        found: dict[str, list[Any]] = {name: self.values}
        scores = self.scores
        if any(one is not None for one in scores):
            found[f"{name}_score"] = scores
        if self.failures:
            why: list[str | None] = [None] * self.rows
            for one in self.failures:
                why[one.row] = f"{one.error}: {one.problem}"
            found[f"{name}_error"] = why
        return found

    def again(self) -> Batch:
        """The failed rows, and those that were not reached, once more; a Batch of all rows."""
        if self.once_more is None or not (self.failures or self.left):
            return self
        return self.once_more()

    def to_dict(self) -> dict[str, Any]:
        return {
            "task": self.task,
            "source": self.source.to_dict(),
            "rows": self.rows,
            "ok": self.ok,
            "failed": self.failed,
            "left": self.left,
            "seconds": self.seconds,
            "there": self.there,
            "kept": self.kept,
            "twice": self.twice,
            "split": self.split,
            "served": dict(self.served),
            "notes": list(self.notes),
            "answers": [one.to_dict() for one in self],
        }

    def brief(self) -> list[str]:
        return ["" if one is None else _line(one) for one in self.values]

    def __len__(self) -> int:
        return self.rows

    @overload
    def __getitem__(self, index: int) -> BatchRow: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[BatchRow, ...]: ...
    def __getitem__(self, index: int | slice) -> BatchRow | tuple[BatchRow, ...]:
        if isinstance(index, slice):
            return tuple(self._row(at) for at in range(*index.indices(self.rows)))
        return self._row(range(self.rows)[index])

    def __iter__(self) -> Iterator[BatchRow]:
        return map(self._row, range(self.rows))

    def _row(self, at: int) -> BatchRow:
        output = self.outputs[at]
        if output is None:
            return BatchRow(at, self.given[at], failure=self._failures.get(at))
        return BatchRow(
            at, self.given[at], answer_of(self.kind, output), score_of(self.kind, output), list(output)
            if self.kind == "vectors" else output
        )  # fmt: skip

    @property
    def _failures(self) -> dict[int, FailedRow]:
        made: dict[int, FailedRow] | None = self.__dict__.get("by_row")
        if made is None:
            made = self.__dict__["by_row"] = {one.row: one for one in self.failures}
        return made


# What the new column is called where nobody says.
_NAMES = {"labels": "label", "text": "text", "chat": "reply", "vectors": "vector", "spans": "spans"}


def answer_of(kind: str, output: Any) -> Any:
    """The label, the text, the vector … of an answer in short."""
    if kind == "labels":
        return max(output, key=lambda one: one[1])[0]
    if kind in ("extract", "cells"):
        return (output[0] if isinstance(output, list) else output)["answer"]
    if kind == "fills":
        one = output[0][0] if isinstance(output[0], list) else output[0]
        return str(one["token_str"]).strip()
    return output


def score_of(kind: str, output: Any) -> float | None:
    """How sure the model is of it, where it says so."""
    if kind == "labels":
        return float(max(output, key=lambda one: one[1])[1])
    if kind == "extract":
        return float((output[0] if isinstance(output, list) else output)["score"])
    if kind == "fills":
        return float((output[0][0] if isinstance(output[0], list) else output[0])["score"])
    return None


def _column(values: list[Any], index: Any, kind: str | None = None) -> Any:
    """A column of it, whatever its cells are: a list, an array, a text."""
    from hf_nb.plumbing.extras import require

    library: Any = require("pandas", "data", "to_pandas()")
    if kind is None and any(not isinstance(one, (str, type(None))) for one in values):
        kind = "object"
    return library.Series([list(one) if _packed(one) else one for one in values], index=index, dtype=kind)


def _packed(one: Any) -> bool:
    return type(one).__name__ == "array"


def _line(value: Any) -> str:
    if _packed(value):
        return " ".join(f"{number:.6g}" for number in value)
    return " ".join(str(value).split())
