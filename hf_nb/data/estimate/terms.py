"""What an answer is made of: totals over rows, each the sum of its blocks' shares, and arithmetic between them.

avg(x) is a total of x divided by a count of x; a share is one count divided by another. Because every total is a sum
over blocks, the error of such an answer follows from how blocks differ (`interval`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Numbers = Any  # a sequence, or an array, of totals


@dataclass(frozen=True)
class Term:
    """A total. `sql`: the value that is added up for each row, empty for counting rows; `met`: a condition on rows."""

    sql: str = ""
    met: str = ""
    counts: bool = False  # rows where `sql` is filled, not its sum


@dataclass(frozen=True)
class Formula:
    """Arithmetic over totals: `of` them, by number, as `work` says."""

    of: tuple[int, ...]
    work: Callable[[Numbers], float | None]
    whole: bool = False  # one total as it is: a count, or a sum
    average: tuple[int, int] | None = None  # a total divided by the count of the same rows

    def __call__(self, totals: Numbers) -> Any:
        """The answer; None where it divides by nothing."""
        try:
            return self.work(totals)
        except (ZeroDivisionError, OverflowError, TypeError):
            return None


def total(at: int) -> Formula:
    """A total as it is."""
    return Formula((at,), lambda totals: totals[at], whole=True)


def added(top: int, bottom: int) -> Formula:
    """A total of values; none where there are none."""
    return Formula((top,), lambda totals: totals[top] if totals[bottom] else None, whole=True)


def number(value: float) -> Formula:
    """A number in the query."""
    return Formula((), lambda _: value)


def average(top: int, bottom: int) -> Formula:
    """A total over a count."""
    return Formula(
        (top, bottom),
        lambda totals: totals[top] / totals[bottom] if totals[bottom] else None,
        average=(top, bottom),
    )


_WORK: dict[str, Callable[[float, float], float]] = {
    "+": lambda one, other: one + other,
    "-": lambda one, other: one - other,
    "*": lambda one, other: one * other,
    "/": lambda one, other: one / other if other else math.nan,
}


def combined(sign: str, one: Formula, other: Formula) -> Formula:
    """Two answers, added, subtracted, multiplied or divided."""
    work = _WORK[sign]

    def both(totals: Numbers) -> float | None:
        left, right = one(totals), other(totals)
        return None if left is None or right is None else work(left, right)

    return Formula((*one.of, *other.of), both)


SIGNS = frozenset(_WORK)
