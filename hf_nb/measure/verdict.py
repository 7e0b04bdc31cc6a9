"""What the data support, in a sentence, and no more.

A contender is called better on a metric only where the test, corrected over all metrics and pairs of the call (Holm),
and the 95 % interval both say so: of verdicts on equals, at most one in twenty calls anything better. Where nothing is
shown, the sentence says so, and how many more rows would show a difference of the size seen.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from hf_nb.errors import BadInput
from hf_nb.measure import peeking
from hf_nb.measure.intervals import LEVEL, Interval
from hf_nb.measure.paired import REACH, Paired, needed, paired
from hf_nb.measure.scores import Score
from hf_nb.measure.significance import holm
from hf_nb.measure.votes import Count

# metric -> (less, more): how a ratio is said. Others: "takes 2.1× less".
RATIOS = {"seconds": ("faster", "slower"), "cost": ("cheaper", "dearer")}


@dataclass(frozen=True)
class Finding:
    """One pair on one metric. `p`: corrected for being one `among` several; `alone`: the contenders are but two."""

    first: str
    second: str
    paired: Paired
    p: float
    among: int = 1
    alone: bool = True

    @property
    def ahead(self) -> int:
        return replace(self.paired, p=self.p).ahead

    @property
    def better(self) -> str | None:
        return {1: self.first, -1: self.second}.get(self.ahead)

    @property
    def more(self) -> int | None:
        """More rows that would show such a difference at the corrected level; 0: shown, None: out of reach."""
        if self.ahead:
            return 0
        made = self.paired.difference
        wanted = needed(replace(made, level=1 - (1 - made.level) / self.among))
        return None if wanted is None else max(1, wanted - made.n)

    def __str__(self) -> str:
        name = _word(self.paired.metric)
        if not self.ahead:
            return f"no difference between {self.first} and {self.second} on {name} is shown{_range(self.paired)}"
        winner, loser = (self.first, self.second) if self.ahead > 0 else (self.second, self.first)
        won = self.paired if self.ahead > 0 else self.paired.turned()
        return f"{winner} is {_shown(won, name, '' if self.alone else f' than {loser}')}"


@dataclass(frozen=True)
class Verdict:
    """The sentence, and what it stands on. `more`: rows that would settle the nearest open question, if in reach."""

    sentence: str
    findings: tuple[Finding, ...]
    rows: int
    more: int | None = None

    def __str__(self) -> str:
        return self.sentence

    @property
    def settled(self) -> bool:
        return any(one.ahead for one in self.findings)


def verdict(
    contenders: Mapping[str, Sequence[Score]],
    *,
    clusters: Sequence[Any] | None = None,
    level: float = LEVEL,
    seed: int = 0,
) -> Verdict:
    """Every pair on every metric that both have. Seconds and cost come as `scores.numbers(…, scale="ratio")`."""
    if len(contenders) < 2:
        raise BadInput("One contender cannot be compared.", "Give two or more, on the same rows.")
    raw: list[tuple[str, str, Paired]] = []
    for first, second in combinations(contenders, 2):
        theirs = {one.metric: one for one in contenders[second]}
        raw += [
            (first, second, paired(one, theirs[one.metric], clusters=clusters, level=level, seed=seed))
            for one in contenders[first]
            if one.metric in theirs
        ]
    if not raw:
        raise BadInput("The contenders have no metric in common.", "Measure all of them by the same metrics.")
    chances = holm([one[2].p for one in raw])
    alone = len(contenders) == 2
    findings = tuple(Finding(*one, p, len(raw), alone) for one, p in zip(raw, chances, strict=True))
    rows = max(one.paired.difference.n for one in findings)
    return Verdict(_sentence(findings, rows), findings, rows, _more(findings))


def voted(count: Count, level: float = LEVEL) -> str:
    """What votes between two support, at any look."""
    rate = peeking.anytime(count.won, count.lost, level)
    ties = f", {count.tied} {'tie' if count.tied == 1 else 'ties'}" if count.tied else ""
    if not count.decided:
        return f"No vote has preferred {count.first} or {count.second} yet{ties}."
    side = peeking.settled(count.won, count.lost, level)
    if side:
        winner, loser = (count.first, count.second) if side > 0 else (count.second, count.first)
        seen = (
            rate
            if side > 0
            else replace(rate, value=1 - rate.value, low=_less(rate.high), high=_less(rate.low))
        )
        return (
            f"{winner} is preferred to {loser} in {_percent(seen.value)} of {count.decided} decided votes"
            f" ({_percent(seen.low)}–{_percent(seen.high)}{ties})."
        )
    more = peeking.more(count.won, count.lost, level)
    rest = (
        f"About {more:,} more decided votes would settle it, if they come as they came."
        if more
        else "No number of votes is in sight that would settle it."
    )
    return (
        f"Neither {count.first} nor {count.second} is preferred so far: {count.won} to {count.lost}"
        f" ({_percent(rate.low)}–{_percent(rate.high)} for {count.first}{ties}). {rest}"
    )


def _sentence(findings: Sequence[Finding], rows: int) -> str:
    shown = [one for one in findings if one.ahead]
    open_ = [one for one in findings if not one.ahead]
    said = f" (n = {rows:,})"
    if shown:
        sentence = "; ".join(_together(shown)) + said
        if open_:
            sentence += ". Not shown: " + "; ".join(_open(one) for one in open_[:3])
            sentence += f"; {len(open_) - 3} more" if len(open_) > 3 else ""
        return sentence + "."
    head = "; ".join(str(one) for one in open_[:3])
    head += f"; nor in {len(open_) - 3} other comparisons" if len(open_) > 3 else ""
    more = _more(findings)
    if more:
        tail = f"About {more:,} more rows would show a difference of the size seen"
    elif all(not one.paired.difference.value for one in open_):
        tail = "On these rows they come out the same, so no number of rows can be named"
    elif any(one.paired.difference.error for one in open_):
        tail = f"So small a difference would take more than {REACH * rows:,} rows to show"
    else:
        tail = "So few rows do not say how many more it takes"
    return f"{head[0].upper()}{head[1:]}{said}. {tail}."


def _together(shown: Sequence[Finding]) -> list[str]:
    """A clause for each winner over each other one: what it is better on is said in one breath."""
    said: dict[tuple[Any, ...], list[Finding]] = {}
    for one in shown:
        ratio = one.paired.metric if one.paired.scale == "ratio" else ""
        said.setdefault((one.first, one.second, one.ahead, ratio), []).append(one)
    return [str(first) + "".join(_also(one) for one in more) for first, *more in said.values()]


def _also(one: Finding) -> str:
    """Another metric of the same clause."""
    return (
        f" and on {_word(one.paired.metric)} by {_ends(one.paired.difference, one.paired.scale, size=True)}"
    )


def _open(one: Finding) -> str:
    more = f", about {one.more:,} more rows would" if one.more else ""
    return f"{_word(one.paired.metric)} of {one.first} and {one.second}{_range(one.paired)}{more}"


def _more(findings: Sequence[Finding]) -> int | None:
    return min((one.more for one in findings if not one.ahead and one.more), default=None)


def _shown(won: Paired, name: str, than: str) -> str:
    """The winner less the loser, in words."""
    if won.scale == "ratio":
        made = won.times
        less = made.value < 1
        value, low, high = made.value, made.low, made.high
        if less:
            value, low, high = 1 / value, _over(made.high), _over(made.low)
        word = RATIOS.get(won.metric, (f"{'lower' if less else 'higher'} in {name}",) * 2)[not less]
        inside = f" ({_times(low)}–{_times(high)})" if low is not None and high is not None else ""
        return f"{_times(value)}× {word}{than}{inside}"
    return f"better{than} on {name} by {_ends(won.difference, won.scale, size=True)}"


def _range(pair: Paired) -> str:
    made = pair.times if pair.scale == "ratio" else pair.difference
    if made.low is None or made.high is None:
        return f" ({made.note})" if made.note else ""
    if pair.scale == "ratio":
        return f" ({_times(made.low)}–{_times(made.high)}×)"
    return f" ({_ends(made, pair.scale)})"


def _ends(made: Interval, scale: str, *, size: bool = False) -> str:
    """From where to where; `size`: how far apart, whichever way is better."""
    points = 100.0 if scale == "share" else 1.0
    unit = " points" if scale in {"share", "points"} else ""
    if made.low is None or made.high is None:
        return f"{_number(abs(made.value) * points)}{unit}"
    ends = [made.low * points, made.high * points]
    if size:
        ends = sorted(map(abs, ends))
    low, high = (_number(one, max(abs(ends[0]), abs(ends[1]))) for one in ends)
    between = "–" if size else " to "
    return f"{low}{between}{high}{unit}"


def _number(value: float, beside: float | None = None) -> str:
    """Two digits of the larger of both."""
    size = abs(value if beside is None else beside)
    places = 0 if size >= 10 or not size else min(6, 1 - math.floor(math.log10(size)))
    said = f"{value:.{places}f}"
    return f"{0:.{places}f}" if float(said) == 0 else said.replace("-", "−")


def _times(value: float | None) -> str:
    if value is None:
        return "?"
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}" if value >= 2 else f"{value:.2f}"


def _percent(share: float | None) -> str:
    return "?" if share is None else f"{100 * share:.0f} %"


def _less(share: float | None) -> float | None:
    return None if share is None else 1 - share


def _over(value: float | None) -> float | None:
    return None if not value else 1 / value


def _word(metric: str) -> str:
    return metric.replace("_", " ")
