"""Intervals against scipy and statsmodels, and data that say nothing."""

import math

import numpy
import pytest

from hf_nb.errors import BadInput
from hf_nb.measure.figure import MEAN
from hf_nb.measure.intervals import bootstrap, wilson
from hf_nb.measure.metrics import score
from hf_nb.measure.scores import averaged, numbers

stats = pytest.importorskip("scipy.stats")
RNG = numpy.random.default_rng(5)
SKEWED = RNG.lognormal(0, 1, 120)


@pytest.mark.parametrize(("right", "n"), [(0, 10), (10, 10), (3, 7), (81, 263), (1, 1)])
def test_wilsons_interval_is_scipys(right, n):
    made, expected = wilson(right, n), stats.binomtest(right, n).proportion_ci(0.95, "wilson")
    assert (made.low, made.high) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_wilsons_interval_is_newcombes_example():
    """Newcombe 1998, table I: 81 of 263 is 0.2553 to 0.3662; 0 of 20 is 0 to 0.1611."""
    assert (wilson(81, 263).low, wilson(81, 263).high) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20).high == pytest.approx(0.1611, abs=5e-5)


def test_bca_of_a_skewed_mean_is_scipys():
    made = bootstrap(MEAN, averaged(list(SKEWED)), draws=20_000)
    expected = stats.bootstrap(
        (SKEWED,), numpy.mean, method="BCa", n_resamples=20_000, rng=numpy.random.default_rng(1)
    )
    ends = expected.confidence_interval
    width = ends.high - ends.low
    assert made.how == "bca"
    assert made.low == pytest.approx(ends.low, abs=0.03 * width)
    assert made.high == pytest.approx(ends.high, abs=0.03 * width)
    assert made.error == pytest.approx(expected.standard_error, rel=0.03)


def test_strata_are_drawn_apart():
    """All that differs lies between the strata: within them nothing does, and so nothing varies."""
    values, strata = [0.0] * 20 + [1.0] * 30, ["a"] * 20 + ["b"] * 30
    apart = bootstrap(MEAN, averaged(values), strata=strata)
    assert (apart.value, apart.low, apart.how) == (0.6, None, "none")
    assert bootstrap(MEAN, averaged(values)).how == "bca"


def test_clusters_of_equal_rows_are_as_few_rows():
    """Each row ten times over is no more than each row once."""
    once = list(SKEWED[:60])
    tenfold, clusters = [one for one in once for _ in range(10)], [at for at in range(60) for _ in range(10)]
    plain, clustered = bootstrap(MEAN, averaged(once)), bootstrap(MEAN, averaged(tenfold), clusters=clusters)
    assert clustered.n == 60
    assert clustered.error == pytest.approx(plain.error, rel=0.05)
    assert bootstrap(MEAN, averaged(tenfold)).error == pytest.approx((plain.error or 0) / 10**0.5, rel=0.05)


def test_clusters_hold_for_figures_that_are_no_sums():
    one, noise = RNG.random(40), RNG.random(40)
    twice = [score("sentence-similarity", [*one, *one], [*(one + noise), *(one + noise)]).all[0]]
    clusters = [*range(40), *range(40)]
    plain = score("sentence-similarity", one, one + noise).all[0].interval()
    clustered = twice[0].interval(clusters=clusters)
    assert clustered.n == 40
    assert clustered.error == pytest.approx(plain.error, rel=0.1)


def test_a_cluster_in_two_strata_is_an_error():
    with pytest.raises(BadInput, match="two strata"):
        bootstrap(MEAN, averaged([1.0, 2.0]), strata=["a", "b"], clusters=[0, 0])
    with pytest.raises(BadInput, match="for 2 rows"):
        bootstrap(MEAN, averaged([1.0, 2.0]), clusters=[0])


@pytest.mark.parametrize("values", [[], [3.0], [2.0] * 50, [None, None]])
def test_rows_that_do_not_differ_give_no_interval_and_say_why(values):
    made = numbers("mark", values, higher=True).interval()
    assert made.low is None
    assert made.high is None
    assert made.note


def test_few_rows_are_said_to_be_few():
    assert "only 12 rows" in bootstrap(MEAN, averaged(list(SKEWED[:12]))).note
    assert not bootstrap(MEAN, averaged(list(SKEWED))).note


def test_where_the_correction_cannot_be_had_it_is_percentiles():
    """One row in two hundred differs: the leave-one-outs skew beyond what the draws can be cut at."""
    made = bootstrap(MEAN, averaged([0.0] * 199 + [1.0]), draws=200)
    assert made.how == "percentile"
    assert made.low == 0


def test_the_same_data_give_the_same_interval_in_any_order():
    mixed = list(RNG.permutation(SKEWED))
    assert bootstrap(MEAN, averaged(mixed)) == bootstrap(MEAN, averaged(list(SKEWED)))
    assert bootstrap(MEAN, averaged(mixed), seed=1) != bootstrap(MEAN, averaged(mixed))


def test_thousands_of_rows_are_left_out_in_groups():
    many = RNG.lognormal(0, 1, 5000)
    made = bootstrap(MEAN, averaged(list(many)), draws=1000)
    assert made.how == "bca"
    assert made.error == pytest.approx(many.std() / math.sqrt(5000), rel=0.1)


def test_a_level_that_is_none_is_an_error():
    with pytest.raises(BadInput):
        wilson(1, 2, level=95)
    with pytest.raises(BadInput):
        wilson(3, 2)
