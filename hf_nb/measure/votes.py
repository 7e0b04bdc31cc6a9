"""Blind votes between two at a time.

Everything that is said of votes is counted here from a list of `Vote`; ratings are in `ratings`, what may be said while
votes still come in `peeking`, how raters agree in `agreement`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from hf_nb.errors import BadInput
from hf_nb.measure.intervals import Interval, scipy_stats, wilson

Outcome = Literal["left", "right", "tie"]


@dataclass(frozen=True)
class Vote:
    """What one rater preferred. `item`: the question that both answered. Both bad is a tie."""

    left: str
    right: str
    outcome: Outcome
    rater: str = ""
    item: Any = None

    def __post_init__(self) -> None:
        if self.outcome not in {"left", "right", "tie"}:
            raise BadInput(
                f"A vote is left, right or tie, not {str(self.outcome)[:40]}.", 'Vote("a", "b", "left")'
            )
        if self.left == self.right:
            raise BadInput(
                f"{str(self.left)[:60]} cannot stand against itself.", "Give two different contenders."
            )

    @property
    def winner(self) -> str | None:
        return {"left": self.left, "right": self.right}.get(self.outcome)


@dataclass(frozen=True)
class Count:
    """Votes between two, from the first one's side."""

    first: str
    second: str
    won: int
    lost: int
    tied: int

    @property
    def decided(self) -> int:
        return self.won + self.lost


def count(votes: Iterable[Vote], first: str, second: str) -> Count:
    """How the votes between these two came out, whichever side each was on."""
    winners = [one.winner for one in votes if {one.left, one.right} == {first, second}]
    return Count(first, second, winners.count(first), winners.count(second), winners.count(None))


@dataclass(frozen=True)
class Sides:
    """Whether the side alone decides.

    `left`: the share of decided votes that went left; `p`: the chance of such a one, or a stranger, without a bias.
    Holds where sides were drawn by lot, as in a blind vote. `uneven`: contenders that stood on one side more often than
    such lots allow; then a better one may look like a better side.
    """

    left: Interval
    p: float
    uneven: tuple[str, ...] = ()

    @property
    def biased(self) -> bool:
        return self.p <= 1 - self.left.level


def sides(votes: Sequence[Vote]) -> Sides:
    """Left or right, whoever stood there."""
    test = scipy_stats("A test of sides").binomtest
    lefts = sum(one.outcome == "left" for one in votes)
    decided = sum(one.outcome != "tie" for one in votes)
    uneven = []
    names = sorted({name for one in votes for name in (one.left, one.right)})
    for name in names:
        on_left, there = (
            sum(one.left == name for one in votes),
            sum(name in {one.left, one.right} for one in votes),
        )
        if test(on_left, there).pvalue <= 0.01 / len(names):
            uneven.append(name)
    p = float(test(lefts, decided).pvalue) if decided else 1.0
    return Sides(wilson(lefts, decided), p, tuple(uneven))
