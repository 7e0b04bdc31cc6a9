from typing import Any

import numpy as np
import pytest
from scipy.stats import t

from hf_nb.data.estimate import sample, terms
from hf_nb.data.estimate.interval import OUTSIDE, Drawn, bound
from hf_nb.data.estimate.spread import variance
from hf_nb.data.estimate.student import student
from hf_nb.data.estimate.tails import Ends, tail
from tests.data.estimate.simulated import FILES, asked, gathered, tried
from tests.data.estimate.simulated import Table as Made


@pytest.fixture(scope="module")
def scores():
    """About 1,300 queries over tables of every kind, three looks each."""
    return list(tried(3, 3, blocks=(300, 800), rows=200, seed=1))


def test_bounds_hold_the_truth_in_93_to_97_of_100_queries_over_all_kinds_of_tables(scores):
    total = gathered(iter(scores), lambda _: "all")["all"]
    assert total.asked > 3000
    assert 0.93 <= total.coverage <= 0.97


@pytest.mark.parametrize("kind", FILES)
def test_bounds_hold_in_every_kind_of_table(scores, kind):
    score = gathered(iter(scores), lambda key: key[0])[kind]
    assert 0.925 <= score.coverage <= 0.975


@pytest.mark.parametrize(
    ("kind", "most"), [("shuffled", 0.05), ("drifting", 0.05), ("sorted", 0.35), ("heavy", 0.6)]
)
def test_most_queries_get_bounds(scores, kind, most):
    assert gathered(iter(scores), lambda key: key[0])[kind].declined <= most


def test_bounds_tighten_from_look_to_look(scores):
    by_look = gathered(iter(scores), lambda key: key[3] if key[0] == "shuffled" else None)
    widths = [float(np.median(by_look[look].widths)) for look in range(3)]
    assert widths[0] > 1.2 * widths[1] > 1.4 * widths[2]


def test_a_sorted_table_gets_bounds_far_narrower_than_a_plain_sample_of_blocks_would_give():
    rng = np.random.default_rng(3)
    table = Made.made(
        lambda rng, blocks, rows: np.sort(rng.normal(10, 3, blocks * rows)),
        rng,
        800,
        200,
        sorted_groups=False,
    )
    query = asked(table, "avg", rng)
    look = list(sample.looks(800, 0.02, 0))[1]
    at = [one.drawn for one in look]
    drawn = Drawn(look, table.lengths[at], query.shares[at], int(table.lengths.sum()))
    given = bound(query.formula, drawn, counts=query.counts, tails=[None, None])
    means = query.shares[at, 0] / query.shares[at, 1]
    plain = t.ppf(0.975, len(at) - 1) * means.std(ddof=1) / len(at) ** 0.5
    assert given.low is not None
    assert given.high is not None
    assert query.truth is not None
    assert given.low < query.truth < given.high
    assert (given.high - given.low) / 2 < plain / 4


KINDS = {
    "noise": lambda rng, blocks: rng.normal(0, 1, blocks),
    "one jump": lambda rng, blocks: (numpy_at(blocks) > rng.uniform(0.2, 0.8)).astype(float),
    "a walk": lambda rng, blocks: np.cumsum(rng.normal(0, 1, blocks)),
    "a slope": lambda _, blocks: numpy_at(blocks),
    "a bend": lambda _, blocks: numpy_at(blocks) ** 2,
    "noise on a slope": lambda rng, blocks: rng.normal(0, 1, blocks) + 60 * numpy_at(blocks),
}


def numpy_at(blocks: int) -> np.ndarray:
    return np.linspace(0, 1, blocks)


@pytest.mark.parametrize("kind", KINDS)
def test_the_variance_is_that_of_the_draw_and_not_twice_it(kind):
    """Over many draws, against what the blocks of each stretch really differ by; a walk is taken for half more."""
    rng = np.random.default_rng([7, *kind.encode()])
    found = true = 0.0
    for number in range(120):
        values = KINDS[kind](rng, 800)
        look = list(sample.looks(800, 0.02, number))[1]
        sizes = np.array([len(one) for one in look], float)
        found += variance(values[[one.drawn for one in look]], sizes, look)
        true += sum(len(one) ** 2 * values[one.first : one.end].var() for one in look)
    assert 0.8 < found / true < (1.75 if kind == "a walk" else 1.25)


def test_bounds_that_hold_together_hold_at_every_look():
    rng = np.random.default_rng(5)
    held = plain = 0
    for number in range(250):
        table = Made.made(FILES["shuffled"]["normal"], rng, 300, 100, sorted_groups=False)
        query = asked(table, "sum", rng)
        looks = list(sample.looks(300, 0.02, number))[:-1]
        wider = OUTSIDE / (len(looks) + 1)
        kept = {OUTSIDE: True, wider: True}
        for look in looks:
            at = [one.drawn for one in look]
            drawn = Drawn(look, table.lengths[at], query.shares[at], int(table.lengths.sum()))
            for outside in kept:
                one: Any = bound(
                    query.formula, drawn, counts=query.counts, tails=[None, None], outside=outside
                )
                kept[outside] &= one.low <= query.truth <= one.high
        plain += kept[OUTSIDE]
        held += kept[wider]
    assert held >= 0.94 * 250
    assert plain < held


def _drawn(shares, blocks=400):
    look = next(sample.looks(blocks, 0.02, 0))
    at = [one.drawn for one in look]
    return look, Drawn(look, np.full(len(at), 100.0), np.array(shares(at), float), blocks * 100)


def test_what_does_not_differ_where_it_was_read_is_not_called_certain():
    _, drawn = _drawn(lambda at: [[700.0, 100.0] for _ in at])
    given = bound(terms.average(0, 1), drawn, counts=[1, 1], tails=[None, None])
    assert (given.value, given.low, given.high) == (7.0, None, None)


def test_what_was_met_in_too_few_blocks_gets_no_bounds():
    _, drawn = _drawn(lambda at: [[30.0 if number < 3 else 0.0] for number, _ in enumerate(at)])
    assert bound(terms.total(0), drawn, counts=[0], tails=[None]).low is None


def test_a_count_is_never_less_than_what_was_counted_nor_more_than_can_be():
    for seed in range(20):
        rng = np.random.default_rng(seed)
        _, drawn = _drawn(lambda at, rng=rng: [[float(n)] for n in rng.choice([0, 0, 0, 20, 100], len(at))])
        given = bound(terms.total(0), drawn, counts=[0], tails=[None])
        if given.low is not None:
            assert given.low >= drawn.totals.sum()
            assert given.high <= 40_000 - (drawn.rows.sum() - drawn.totals.sum())


def test_a_value_the_file_tells_of_but_no_row_read_has_takes_the_bounds_away():
    rng = np.random.default_rng(0)
    values = rng.normal(10, 1, (400, 100))
    look, drawn = _drawn(lambda at: [[values[one].sum(), 100.0] for one in at])
    stands_for = {one.drawn: len(one) for one in look}
    at = np.repeat([one.drawn for one in look], 100)
    read = values[[one.drawn for one in look]].ravel()
    met = Ends(read, at), Ends(-read, at)
    for most, given in ((float(values.max()), True), (1e6, False)):
        told = tail(*met, 10.0, stands_for, (float(values.min()), most))
        found = bound(terms.average(0, 1), drawn, counts=[1, 1], tails=[told, None])
        assert (found.low is not None) is given


@pytest.mark.parametrize("freedom", [1, 2, 3.1, 8.2, 16, 51.4, 400, 1e5])
@pytest.mark.parametrize("outside", [0.05, 0.005])
def test_quantiles_are_those_of_scipy(freedom, outside):
    assert student(outside, freedom) == pytest.approx(t.ppf(1 - outside / 2, freedom), rel=1e-3)
