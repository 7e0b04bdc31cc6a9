"""What is in a column: how much is missing, how many are different, from where to where, and how they lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from hf_nb.values.base import Value

# Where a summary comes from: all rows; what the file says by itself; or some of the rows.
Basis = Literal["all", "footer", "sample"]
# Who counted, where it was not we.
VIEWER = "the Hub's viewer"


@dataclass(frozen=True, repr=False)
class Ranges(Value):
    """A bar per stretch from an edge to the next, its low end included; the last one with its high end too.

    Times are milliseconds since 1970. `all`: the same bars of all rows, where `counts` are of some.
    """

    edges: tuple[float, ...]
    labels: tuple[str, ...]
    counts: tuple[int, ...]
    all: tuple[int, ...] | None = None
    kind: Literal["ranges"] = "ranges"


@dataclass(frozen=True, repr=False)
class Values(Value):
    """A bar per value, the most frequent first; `others`: rows with other ones."""

    values: tuple[str | float | bool | None, ...]
    labels: tuple[str, ...]
    counts: tuple[int, ...]
    all: tuple[int, ...] | None = None
    others: int = 0
    kind: Literal["values"] = "values"


@dataclass(frozen=True, repr=False)
class Summary(Value):
    """Of one column. `seen`: rows it was made from; `of`: rows it stands for, None where nobody knows.

    `distinct_about`: `distinct` is an estimate (HyperLogLog, about 2 % off). `note`: what the bars leave out.
    `by`: who counted, where it was not we who read the rows.
    """

    column: str
    basis: Basis
    seen: int
    of: int | None
    nulls: int | None = None
    distinct: int | None = None
    low: str | None = None
    high: str | None = None
    mean: str | None = None
    bars: Ranges | Values | None = None
    distinct_about: bool = False
    note: str = ""
    by: str = ""

    def to_dict(self) -> dict[str, Any]:
        """With `from` for where it comes from, as the panels call it."""
        plain = super().to_dict()
        if not self.by:
            del plain["by"]
        return {"column": plain.pop("column"), "from": plain.pop("basis"), **plain}
