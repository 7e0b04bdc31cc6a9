"""What may be said of a comparison: `measure` does the counting, here is what goes into it.

Two contenders are held against each other on the rows that both have.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from hf_nb.compare import likeness, scoring, slicing
from hf_nb.errors import BadInput
from hf_nb.measure import ratings as rating
from hf_nb.measure import verdict as judged
from hf_nb.measure import votes as voting
from hf_nb.measure.intervals import Interval
from hf_nb.measure.scores import Score, Scores, numbers
from hf_nb.measure.slices import Slices
from hf_nb.measure.slices import slices as sliced
from hf_nb.measure.verdict import Verdict
from hf_nb.measure.votes import Vote
from hf_nb.values.comparisons import Comparison, Likeness, Line, Showing
from hf_nb.values.standings import Standing, Standings

if TYPE_CHECKING:
    from hf_nb.measure.ratings import Ratings


def measured(of: Comparison) -> tuple[dict[str, Scores], dict[str, str]]:
    """What the labels say of each, and why they say nothing of some."""
    return scoring.measured(of)


def verdict(of: Comparison) -> Verdict:
    """The sentence: quality where labels say it, seconds and cost where they were measured, votes, and likeness."""
    there = [one for one in of.showings if one.ok]
    missing = [one for one in of.showings if not one.ok]
    if len(there) < 2:
        return Verdict(_few(of, there, missing), (), of.paired)
    measured = {
        one.contender.name: [*of.scores.get(one.contender.name, ()), *scoring.costs(one)] for one in there
    }
    said: list[str] = []
    found = Verdict("", (), of.paired)
    if _comparable(measured):
        found = judged.verdict(measured)
        said.append(found.sentence)
    head = [*_votes(of), *([] if of.scores else [_unlabelled(of)])]
    rest = [*_parity(of), *([_out(missing)] if missing else []), *_unmeasured(of), *_paired(of, there)]
    return replace(found, sentence=" ".join([*head, *said, *rest]))


def _comparable(measured: dict[str, list[Score]]) -> bool:
    """Whether any two have a metric in common, measured on a row that both have."""
    return any(
        one.metric == other.metric and (one.counted & other.counted).any()
        for first, second in combinations(measured.values(), 2)
        for one in first
        for other in second
    )


def _few(of: Comparison, there: Sequence[Showing], missing: Sequence[Showing]) -> str:
    if not there:
        return (
            "Nobody has answered yet."
            if not missing or not any(one.wrong for one in missing)
            else _out(missing)
        )
    return f"Only {there[0].contender.name} has answered, so there is nothing to compare. {_out(missing)}".strip()


def _out(missing: Sequence[Showing]) -> str:
    said = []
    for one in missing:
        why = one.wrong or next(iter(one.failures), None)
        told = f" ({why.error}: {why.problem.removesuffix('.')})" if why is not None else ""
        said.append(f"{one.contender.name} gave no answer{told}")
    return f"{'; '.join(said)}." if said else ""


def _unlabelled(of: Comparison) -> str:
    """Without labels nothing is said of quality: only how alike they are."""
    alike = [f"{one.first} and {one.second} {words(one)}" for one in of.agreement if one.rows]
    without = "Without labels" if of.labels is None else "With labels that measure nobody"
    head = (
        without
        + ("" if of.votes or of.labels is not None else " or votes")
        + ", which answers better is not known"
    )
    return f"{head}: {'; '.join(alike[:3])}." if alike else f"{head}."


def words(one: Likeness) -> str:
    """How alike, in words."""
    rows = f"{one.rows:,} {'row' if one.rows == 1 else 'rows'}"
    if one.rows == 1:
        return (
            "answer the same"
            if one.same
            else "differ" + (f", {100 * one.alike:.0f} % alike" if one.alike else "")
        )
    said = f"answer the same in {one.same:,} of {rows}"
    if one.alike is not None and one.same < one.rows:
        said += f", {100 * one.alike:.0f} % alike on the whole"
    return said


def _parity(of: Comparison) -> Iterator[str]:
    """The same weights twice: what the method or the copy changed."""
    for one in of.agreement:
        if one.weights and one.rows:
            apart = f", scores at most {one.apart:.2g} apart" if one.apart is not None else ""
            alike = f", {one.alike:.4f} alike" if one.alike is not None and of.kind == "vectors" else ""
            yield (
                f"The same weights: {one.first} and {one.second} give the same in {one.same:,} of {one.rows:,}"
                f"{apart}{alike}."
            )


def _unmeasured(of: Comparison) -> Iterator[str]:
    """Of whom the labels say nothing."""
    for name, why in of.measured[1].items():
        yield f"{name} is not measured: {why}."


def _paired(of: Comparison, there: Sequence[Showing]) -> Iterator[str]:
    """How many rows stand behind it, where some contender lacks some."""
    short = [f"{one.contender.name} {one.ok:,}" for one in there if one.ok < of.rows]
    if short:
        yield (
            f"Of {of.rows:,} rows, answered: {', '.join(short)}; two are compared on the rows that both have"
            f" ({of.paired:,} by all)."
        )


def _votes(of: Comparison) -> Iterator[str]:
    yield from voted(of).values()


def lines(of: Comparison) -> tuple[Line, ...]:
    """A line for each, with intervals."""
    return tuple(_line(of, one) for one in of.showings)


def _line(of: Comparison, one: Showing) -> Line:
    name = one.contender.name
    seconds = [took for took in one.took("seconds") if took is not None]
    first = sorted(took for took in one.took("first") if took is not None)
    return Line(
        name,
        one.ok,
        one.failed,
        one.left,
        {each.metric: each.interval() for each in of.scores.get(name, ())},
        numbers("seconds", seconds, higher=False).interval() if seconds else None,
        first[len(first) // 2] if first else None,
        one.rate,
        one.memory,
        one.cost,
        f"{one.wrong.error}: {one.wrong.problem}" if one.wrong else "",
    )


def standings(of: Comparison, metric: str = "") -> Standings:
    """A point for each that has both figures."""
    names = [each for one in of.lines for each in one.scores]
    metric = metric or (names[0] if names else "")
    priced = all(one.cost for one in of.lines if one.ok) and bool(metric)
    points = []
    for one in of.lines:
        across, up = (one.seconds if not priced else _each(one)), one.scores.get(metric)
        if across is None or up is None or across.value <= 0 or math.isnan(up.value):
            continue
        points.append(Standing(one.name, across.value, up.value, _ends(across), _ends(up)))
    score = next((found[metric] for found in of.scores.values()), None) if metric else None
    return Standings(
        metric.replace("_", " "),
        "dollars" if priced else "seconds",
        tuple(points),
        score is None or score.higher,
    )


def _each(one: Line) -> Interval | None:
    """Dollars of a row."""
    return Interval(one.cost / one.ok, None, None, one.ok, "none") if one.cost and one.ok else None


def _ends(one: Interval) -> tuple[float, float] | None:
    return None if one.low is None or one.high is None else (max(one.low, 1e-12), one.high)


def slices(of: Comparison, names: Sequence[str]) -> dict[tuple[str, str], Slices]:
    """The task's first metric in parts of the rows, for each pair."""
    if not names:
        raise BadInput("Slices of what?", 'For example: .slices("length", "language")')
    if not of.scores:
        raise BadInput("Slices need labels.", "Compare with labels=")
    columns = {name: slicing.column(of, name) for name in names}
    return {
        (first, second): sliced(of.scores[first][0], of.scores[second][0], columns)
        for first, second in combinations(of.scores, 2)
    }


def agreement(of: Comparison) -> tuple[Likeness, ...]:
    """Any two that answered."""
    there = [one for one in of.showings if one.ok]
    return tuple(likeness.between(of.kind, first, second) for first, second in combinations(there, 2))


def differing(of: Comparison) -> tuple[int, ...]:
    """Rows on which answers differ, the most telling first."""
    there = [one for one in of.showings if one.ok]
    found = []
    for at in range(of.rows):
        made = [one.outputs[at] for one in there]
        known = [one for one in made if one is not None]
        if len(known) < 2 or likeness.all_same(of.kind, known):
            continue
        found.append((-_spread(of, at), at))
    return tuple(at for _, at in sorted(found))


def _spread(of: Comparison, at: int) -> float:
    """How far apart the contenders' own values of a row are; 0 without labels."""
    values = [found[0].values[at] for found in of.scores.values()]
    known = [one for one in values if one is not None]
    return max(known) - min(known) if known else 0.0


def vote(
    of: Comparison, row: int, winner: str | None, *, between: Sequence[str] = (), rater: str = ""
) -> Vote:
    """A vote of somebody who has read two answers."""
    pair = tuple(between) or of.names
    if len(pair) != 2:
        raise BadInput("A vote is between two.", f'between=("{of.names[0]}", "{of.names[1]}")')
    for name in pair:
        of[name]  # by its name, or told which there are
    if winner is not None and winner not in pair:
        raise BadInput(f"{winner} was not among {pair[0]} and {pair[1]}.", "None: neither is better.")
    if not 0 <= row < of.rows:
        raise BadInput(f"There is no row {row}.", f"Rows: 0 to {of.rows - 1}")
    left, right = pair
    return Vote(left, right, "tie" if winner is None else "left" if winner == left else "right", rater, row)


def voted(of: Comparison) -> dict[tuple[str, str], str]:
    """A sentence for each pair that was voted on."""
    return {
        (first, second): judged.voted(counted)
        for first, second in combinations(of.names, 2)
        if (counted := voting.count(of.votes, first, second)).decided or counted.tied
    }


def rated(of: Comparison) -> Ratings:
    """Of people's votes; without any, of the judge's."""
    return rating.ratings(of.votes or (of.judged.votes if of.judged is not None else ()))
