"""Two on the same rows: symmetric, blind to the order of rows, silent where there is nothing to say."""

from dataclasses import replace

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hf_nb.errors import BadInput
from hf_nb.measure.metrics import score
from hf_nb.measure.paired import needed, paired, shares
from hf_nb.measure.scores import Score, numbers

pytest.importorskip("scipy.stats")
RNG = numpy.random.default_rng(11)


def right(values) -> Score:
    return score("text-classification", ["y" if one else "n" for one in values], ["y"] * len(values)).all[0]


def marks(values) -> Score:
    return numbers("mark", values, higher=True)


def test_right_and_wrong_are_tested_by_mcnemar():
    one, other = [1] * 15 + [0] * 5, [1] * 5 + [0] * 10 + [1] * 1 + [0] * 4
    made = paired(right(one), right(other))
    assert made.test.startswith("McNemar")
    assert (made.won, made.lost, made.even) == (10, 1, 9)
    assert made.p == pytest.approx(2 * 12 / 2**11)
    assert made.ahead == 1


def test_shares_of_the_same_rows_are_bonett_and_prices():
    """By hand of 10 and 1 of 20: (11 - 2) / 22, and 1.96 times its error."""
    made = shares(10, 1, 20)
    assert made.value == pytest.approx(0.45)
    error = ((11 / 22 + 2 / 22 - (9 / 22) ** 2) / 22) ** 0.5
    assert (made.low, made.high) == pytest.approx(
        (9 / 22 - 1.95996 * error, 9 / 22 + 1.95996 * error), abs=1e-5
    )


def test_less_is_better_where_it_is():
    quick, slow = list(RNG.lognormal(0, 0.2, 60)), list(RNG.lognormal(1, 0.2, 60))
    made = paired(
        numbers("seconds", quick, higher=False, scale="ratio"),
        numbers("seconds", slow, higher=False, scale="ratio"),
    )
    assert made.ahead == 1
    assert made.won > made.lost
    assert made.times.value == pytest.approx(sum(quick) / sum(slow))
    assert made.times.holds(made.times.value)
    assert not made.times.holds(1)


def test_rows_that_one_lacks_are_left_out_of_both():
    made = paired(marks([1, 2, None, 5, 3]), marks([0, None, 7, 1, 3]))
    assert made.difference.n == 3
    assert made.difference.value == pytest.approx(5 / 3)


def test_the_same_on_every_row_shows_by_the_test_alone():
    made = paired(marks([2.0] * 20), marks([1.0] * 20))
    assert made.difference.low is None
    assert made.ahead == 1
    assert made.p < 0.01


@pytest.mark.parametrize("n", [0, 1, 2, 5])
def test_very_few_rows_show_nothing(n):
    made = paired(marks([1.0] * n), marks([0.0] * n))
    assert made.ahead == 0
    assert paired(right([1] * n), right([0] * n)).ahead == 0 if n else True


def test_equals_show_nothing_and_name_no_number_of_rows():
    same = list(RNG.random(50))
    made = paired(marks(same), marks(same))
    assert (made.p, made.ahead, made.more) == (1, 0, None)


def test_pairs_that_are_none_are_an_error():
    with pytest.raises(BadInput, match="rows"):
        paired(marks([1.0]), marks([1.0, 2.0]))
    with pytest.raises(BadInput, match="no pair"):
        paired(marks([1.0]), numbers("other", [1.0], higher=True))


def test_so_many_more_rows_as_are_named_do_show_it():
    """Four times in five a difference of 0.25 deviations shows with as many rows as `more` says."""
    error, value = 1 / 40**0.5, 0.25
    interval = paired(marks(list(RNG.normal(0, 1, 40))), marks([0.0] * 40)).difference
    rows = needed(replace(interval, value=value, error=error, n=40)) or 0
    assert rows == pytest.approx((2.8016 / 0.25) ** 2, abs=1)  # the textbook's 126 pairs
    shown = [
        abs(sample.mean()) > 1.96 * sample.std(ddof=1) / rows**0.5
        for sample in RNG.normal(value, 1, (2000, rows))
    ]
    assert numpy.mean(shown) == pytest.approx(0.8, abs=0.04)


def test_the_least_that_shows_shrinks_with_the_rows():
    few, many = RNG.normal(0, 1, 50), RNG.normal(0, 1, 800)
    least = [paired(marks(list(one)), marks([0.0] * len(one))).detectable or 0 for one in (few, many)]
    assert least[0] == pytest.approx(2.8 / 50**0.5, rel=0.25)
    assert least[1] == pytest.approx(least[0] / 4, rel=0.25)


def test_clusters_widen_what_rows_alone_would_claim():
    base = RNG.normal(0.5, 1, 12)
    one, clusters = (
        [float(value) for value in base for _ in range(20)],
        [at for at in range(12) for _ in range(20)],
    )
    zero = [0.0] * len(one)
    assert paired(marks(one), marks(zero), clusters=clusters).p > 5 * paired(marks(one), marks(zero)).p


PAIRS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=25)


@settings(max_examples=25, deadline=None)
@given(PAIRS, st.booleans())
def test_swapping_the_two_swaps_the_sign_and_nothing_else(pairs, binary):
    kind = right if binary else marks
    one, other = (kind([int(pair[at] > 2) if binary else float(pair[at]) for pair in pairs]) for at in (0, 1))
    there, back = paired(one, other), paired(other, one)
    assert back == there.turned()
    assert back.ahead == -there.ahead
    assert back.p == there.p


@settings(max_examples=25, deadline=None)
@given(PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(pairs, random):
    mixed = list(pairs)
    random.shuffle(mixed)
    made = [
        paired(marks([float(one) for one, _ in rows]), marks([float(other) for _, other in rows]))
        for rows in (pairs, mixed)
    ]
    assert made[0] == made[1]


def test_many_unequal_rows_are_opposites_from_both_sides_too():
    one, other = (list(map(float, RNG.normal(0.2 * at, 1, 40))) for at in (0, 1))
    there, back = paired(marks(one), marks(other)), paired(marks(other), marks(one))
    assert there.p < 1
    assert back == there.turned()
