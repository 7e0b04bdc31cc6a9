"""A model as judge: asked twice, once in each order, and believed only where the order does not decide.

    ask(question, first, second) -> "first", "second", "tie", or None where its answer could not be read

How it is asked is the caller's; here is what answers are worth. Its votes go where people's go: `votes`, `ratings`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from hf_nb.errors import BadInput, HfNbError
from hf_nb.measure.agreement import cohen
from hf_nb.measure.intervals import Interval, scipy_stats, wilson
from hf_nb.measure.votes import Outcome, Vote

Said = Literal["first", "second", "tie"] | None
Ask = Callable[[Any, Any, Any], Said]

JUDGE = "judge"


@dataclass(frozen=True)
class Match:
    """Two answers to one question."""

    item: Hashable
    question: Any
    left: str
    right: str
    left_answer: Any
    right_answer: Any


@dataclass(frozen=True)
class Judged:
    """What the judge said of one match, in both orders. `failed`: what stood in the way."""

    match: Match
    as_shown: Said
    swapped: Said
    failed: str = ""

    @property
    def outcome(self) -> Outcome | None:
        """The side preferred in both orders; else a tie; None where an answer is missing."""
        if self.as_shown is None or self.swapped is None:
            return None
        first: Outcome = _side(self.as_shown, turned=False)
        return first if first == _side(self.swapped, turned=True) else "tie"


@dataclass(frozen=True)
class Judgement:
    """All of it.

    `first`   how often it preferred what it read first, of the matches in which the order decided; 0.5 is fair
    `p`       the chance of such a share or a stranger one from a judge to whom the order is nothing
    `steady`  the share of matches in which both orders gave the same
    """

    all: tuple[Judged, ...]
    votes: tuple[Vote, ...]
    first: Interval
    p: float
    steady: Interval
    unanswered: int

    @property
    def biased(self) -> bool:
        return self.p <= 1 - self.first.level

    def agreement(self, people: Iterable[Vote]) -> Interval:
        """Cohen's kappa with what people said of the same items: their majority, a tie where they split."""
        ours, theirs = _winners(self.votes), _winners(people)
        shared = sorted(ours.keys() & theirs.keys(), key=repr)
        return cohen([ours[key] for key in shared], [theirs[key] for key in shared])


def judge(matches: Iterable[Match], ask: Ask) -> Judgement:
    """Ask about each match in both orders. An error of ours counts as no answer; any other is raised."""
    every = tuple(_both(one, ask) for one in matches)
    test = scipy_stats("A judge's bias").binomtest
    full = [one for one in every if one.outcome is not None]
    swayed = [one.as_shown for one in full if {one.as_shown, one.swapped} in ({"first"}, {"second"})]
    firsts, steady = swayed.count("first"), sum(_steady(one) for one in full)
    return Judgement(
        every,
        tuple(
            Vote(one.match.left, one.match.right, one.outcome, JUDGE, one.match.item)
            for one in full
            if one.outcome is not None
        ),
        wilson(firsts, len(swayed)),
        float(test(firsts, len(swayed)).pvalue) if swayed else 1.0,
        wilson(steady, len(full)),
        len(every) - len(full),
    )


def _both(match: Match, ask: Ask) -> Judged:
    try:
        shown = ask(match.question, match.left_answer, match.right_answer)
        swapped = ask(match.question, match.right_answer, match.left_answer)
    except HfNbError as failed:
        return Judged(match, None, None, str(failed))
    for said in (shown, swapped):
        if said not in {"first", "second", "tie", None}:
            raise BadInput(
                f"The judge said {str(said)[:60]!r}.",
                'Let the callable return "first", "second", "tie" or None.',
            )
    return Judged(match, shown, swapped)


def _side(said: str, *, turned: bool) -> Outcome:
    if said == "tie":
        return "tie"
    return "left" if (said == "first") != turned else "right"


def _steady(one: Judged) -> bool:
    return _side(str(one.as_shown), turned=False) == _side(str(one.swapped), turned=True)


def _winners(votes: Iterable[Vote]) -> dict[Any, str]:
    """What was said of each item and pair: by most; a tie where they split."""
    every: dict[Any, list[str | None]] = {}
    for vote in votes:
        every.setdefault((vote.item, *sorted((vote.left, vote.right))), []).append(vote.winner)
    return {key: _majority(winners) for key, winners in every.items()}


def _majority(winners: list[str | None]) -> str:
    counts = Counter(winners).most_common(2)
    split = len(counts) > 1 and counts[0][1] == counts[1][1]
    return "tie" if split or counts[0][0] is None else f"won by {counts[0][0]}"
