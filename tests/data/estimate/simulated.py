"""Tables made of numbers alone, asked through the estimator itself, to see how often its bounds hold the truth.

A table is its blocks: the value and the group of every row, a block after another. Nothing is written or parsed, so
thousands of queries take seconds.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from hf_nb.data.estimate import sample, terms
from hf_nb.data.estimate.interval import Drawn, bound
from hf_nb.data.estimate.tails import Ends, Tail, tail

GROUPS = 5
TOP = 64

Make = Callable[[np.random.Generator, int, int], np.ndarray]


def _line(rng: np.random.Generator, rows: int) -> np.ndarray:
    return rng.normal(0, 3, rows)


def _sine(rng: np.random.Generator, blocks: int, rows: int) -> np.ndarray:
    at = np.linspace(0, rng.uniform(2, 20), blocks * rows) + rng.uniform(0, 6)
    return 20 + _line(rng, blocks * rows) + 5 * np.sin(at)


def _walk(rng: np.random.Generator, blocks: int, rows: int) -> np.ndarray:
    return 50 + _line(rng, blocks * rows) + np.repeat(np.cumsum(rng.normal(0, 0.5, blocks)), rows)


def _whales(rng: np.random.Generator, blocks: int, rows: int) -> np.ndarray:
    made = rng.lognormal(0, 1, blocks * rows)
    made[rng.integers(0, len(made), 3)] *= len(made) / 10
    return made


FILES: dict[str, dict[str, Make]] = {
    "shuffled": {
        "normal": lambda rng, blocks, rows: rng.normal(10, 3, blocks * rows),
        "exponential": lambda rng, blocks, rows: rng.exponential(1, blocks * rows),
        "lengths": lambda rng, blocks, rows: rng.poisson(rng.gamma(2, 100, blocks * rows)).astype(float),
        "alike in a block": lambda rng, blocks, rows: (
            20 + rng.normal(0, 1, blocks * rows) + np.repeat(rng.normal(0, 2, blocks), rows)
        ),
    },
    "sorted": {
        "normal": lambda rng, blocks, rows: np.sort(rng.normal(10, 3, blocks * rows)),
        "exponential": lambda rng, blocks, rows: np.sort(rng.exponential(1, blocks * rows)),
        "log-normal": lambda rng, blocks, rows: np.sort(rng.lognormal(0, 1, blocks * rows)),
        "descending": lambda rng, blocks, rows: np.sort(rng.gamma(2, 100, blocks * rows))[::-1].copy(),
    },
    "drifting": {
        "a line": lambda rng, blocks, rows: (
            10 + _line(rng, blocks * rows) + np.linspace(0, 10, blocks * rows)
        ),
        "a wave": _sine,
        "a walk": _walk,
        "steps": lambda rng, blocks, rows: (
            20
            + _line(rng, blocks * rows)
            + np.repeat(rng.normal(0, 5, 8)[np.arange(blocks) * 8 // blocks], rows)
        ),
    },
    "heavy": {
        "log-normal 1.5": lambda rng, blocks, rows: rng.lognormal(0, 1.5, blocks * rows),
        "log-normal 2": lambda rng, blocks, rows: rng.lognormal(0, 2, blocks * rows),
        "Pareto 3": lambda rng, blocks, rows: rng.pareto(3, blocks * rows) + 1,
        "Pareto 2.2": lambda rng, blocks, rows: rng.pareto(2.2, blocks * rows) + 1,
        "Pareto 1.5": lambda rng, blocks, rows: rng.pareto(1.5, blocks * rows) + 1,
        "three whales, told": _whales,
        "rare ones": lambda rng, blocks, rows: (rng.random(blocks * rows) < 10 ** rng.uniform(-4, -2)).astype(
            float
        ),
    },
}
AGGREGATES = (
    "avg",
    "sum",
    "count where",
    "avg where",
    "sum where",
    "share",
    "avg by group",
    "count by group",
)


@dataclass
class Table:
    """Blocks of rows. `lengths`: rows of each block, `values` and `groups`: of each row, padded with NaN and -1."""

    values: np.ndarray
    groups: np.ndarray
    lengths: np.ndarray
    told: bool = True  # its file tells the smallest and the largest value

    @classmethod
    def made(
        cls, make: Make, rng: np.random.Generator, blocks: int, rows: int, *, sorted_groups: bool
    ) -> "Table":
        values = make(rng, blocks, rows).reshape(blocks, rows)
        lengths = rng.integers(rows // 3, rows + 1, blocks) if rng.random() < 0.5 else np.full(blocks, rows)
        groups = rng.choice(GROUPS, (blocks, rows), p=[0.4, 0.3, 0.15, 0.1, 0.05])
        if sorted_groups:
            groups = np.sort(groups.ravel()).reshape(blocks, rows)
        beyond = np.arange(rows)[None, :] >= lengths[:, None]
        values[beyond], groups[beyond] = np.nan, -1
        return cls(values, groups, lengths.astype(float), told=bool(rng.random() < 0.5) or make is _whales)

    @cached_property
    def within(self) -> np.ndarray:
        return self.groups >= 0


@dataclass
class Query:
    """One query over a table: its formula, and each block's share of its totals and largest values."""

    formula: terms.Formula
    counts: list[int | None]
    shares: np.ndarray
    high: np.ndarray | None = None
    low: np.ndarray | None = None
    known: tuple[float | None, float | None] = (None, None)

    @property
    def truth(self) -> float | None:
        return self.formula(self.shares.sum(0))

    def ends(self, stretches: list[sample.Stretch], side: np.ndarray) -> Ends:
        drawn = np.array([one.drawn for one in stretches])
        values = side[drawn]
        blocks = np.repeat(drawn, values.shape[1])
        fit = np.isfinite(values.ravel())
        return Ends(values.ravel()[fit], blocks[fit])

    def tails(self, stretches: list[sample.Stretch], sums: np.ndarray) -> list[Tail | None]:
        if self.high is None or self.low is None:
            return [None] * len(self.counts)
        middle = sums[0] / sums[1] if sums[1] else 0.0
        stands_for = {one.drawn: len(one) for one in stretches}
        of = tail(
            self.ends(stretches, self.high), self.ends(stretches, self.low), middle, stands_for, self.known
        )
        return [of, *([None] * (len(self.counts) - 1))]


def asked(table: Table, aggregate: str, rng: np.random.Generator) -> Query:
    """A query with a condition or a group of its own."""
    values, within = np.where(table.within, table.values, 0.0), table.within
    met = within
    if "where" in aggregate or aggregate == "share":
        cut = np.quantile(table.values[within], rng.uniform(0.1, 0.9))
        met = within & (table.values > cut)
    elif "group" in aggregate:
        met = table.groups == rng.integers(GROUPS)
    count = met.sum(1).astype(float)
    if aggregate == "share":
        formula = terms.combined("/", terms.total(0), terms.total(1))
        return Query(formula, [0, 1], np.stack([count, table.lengths], 1))
    if aggregate.startswith("count"):
        return Query(terms.total(0), [0], count[:, None])
    shares = np.stack([(values * met).sum(1), count], 1)
    formula = terms.average(0, 1) if aggregate.startswith("avg") else terms.added(0, 1)
    ends = np.where(met, table.values, -np.inf), np.where(met, -table.values, -np.inf)
    high, low = (np.partition(one, -TOP, axis=1)[:, -TOP:] if one.shape[1] > TOP else one for one in ends)
    least = np.nanmin(table.values[met], initial=np.inf) if "where" in aggregate else np.nanmin(table.values)
    known = (float(least), float(np.nanmax(table.values))) if table.told else (None, None)
    return Query(formula, [1, 1], shares, high, low, known)


@dataclass
class Score:
    """How bounds did: how many were given, how many held, how wide they were beside the answer."""

    held: int = 0
    given: int = 0
    asked: int = 0
    widths: list[float] = field(default_factory=list)

    def add(self, other: "Score") -> None:
        self.held += other.held
        self.given += other.given
        self.asked += other.asked
        self.widths += other.widths

    @property
    def coverage(self) -> float:
        return self.held / self.given if self.given else float("nan")

    @property
    def declined(self) -> float:
        return 1 - self.given / self.asked if self.asked else 0.0


Key = tuple[str, str, str, int]


def tried(
    tables: int,
    queries: int,
    *,
    looks: int = 3,
    seed: int = 0,
    blocks: tuple[int, int] = (300, 1200),
    rows: int = 400,
) -> Iterator[tuple[Key, Score]]:
    """`queries` draws of each aggregate over each of `tables` tables of each kind: what each look said."""
    for kind, makes in FILES.items():
        for name, make in makes.items():
            rng = np.random.default_rng([seed, *(kind + name).encode()])
            for number in range(tables):
                table = Table.made(
                    make, rng, int(rng.integers(*blocks)), rows, sorted_groups=kind == "sorted"
                )
                for aggregate in AGGREGATES:
                    query = asked(table, aggregate, rng)
                    for draw in range(queries):
                        for look, score in _scores(query, table, f"{seed}/{name}/{number}/{draw}", looks):
                            yield (kind, name, aggregate, look), score


def _scores(query: Query, table: Table, seed: str, looks: int) -> Iterator[tuple[int, Score]]:
    truth = query.truth
    for look, stretches in enumerate(sample.looks(len(table.lengths), 0.02, seed)):
        if look == looks or len(stretches) == len(table.lengths):
            return
        drawn = np.array([one.drawn for one in stretches])
        shares = query.shares[drawn]
        given = bound(
            query.formula,
            Drawn(stretches, table.lengths[drawn], shares, int(table.lengths.sum())),
            counts=query.counts,
            tails=query.tails(stretches, shares.sum(0)),
        )
        if given.low is None or given.high is None or truth is None:
            yield look, Score(asked=1)
            continue
        slack = 1e-9 * abs(truth)
        held = given.low - slack <= truth <= given.high + slack
        yield look, Score(int(held), 1, 1, [(given.high - given.low) / 2 / (abs(truth) or 1)])


def gathered(scores: Iterator[tuple[Key, Score]], by: Callable[[Key], Any]) -> dict[Any, Score]:
    """Added up by some part of the key."""
    found: dict[Any, Score] = defaultdict(Score)
    for key, score in scores:
        found[by(key)].add(score)
    return dict(found)
