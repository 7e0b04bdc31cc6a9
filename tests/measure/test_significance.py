"""Tests against published tables, scipy and statsmodels."""

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hf_nb.errors import BadInput
from hf_nb.measure.figure import MEAN, Difference
from hf_nb.measure.scores import averaged
from hf_nb.measure.significance import holm, mcnemar, permutation, wilcoxon

stats = pytest.importorskip("scipy.stats")

# Darwin's maize, crossed less self-fertilised, in eighths of an inch (Fisher 1935, "The Design of Experiments", 17).
DARWIN = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]


def both(one, other) -> numpy.ndarray:
    return numpy.column_stack([averaged(list(map(float, one))), averaged(list(map(float, other)))])


def test_mcnemar_of_the_approval_survey():
    """Agresti, "Categorical Data Analysis", table 10.1: 150 went one way and 86 the other; z² = 17.36, p < 0.001."""
    assert mcnemar(150, 86) == pytest.approx(stats.binomtest(86, 236).pvalue)
    assert mcnemar(150, 86) == pytest.approx(3.7e-5, rel=0.03)


def test_mcnemar_of_few_pairs_by_hand():
    """1 and 7: two tails of (1 + 8) / 256."""
    assert mcnemar(1, 7) == pytest.approx(2 * 9 / 256)


def test_mcnemar_is_statsmodels():
    contingency = pytest.importorskip("statsmodels.stats.contingency_tables")
    for up, down in [(150, 86), (1, 7), (0, 3), (5, 5)]:
        assert mcnemar(up, down) == pytest.approx(contingency.mcnemar([[0, up], [down, 0]]).pvalue)


def test_mcnemar_without_pairs_that_disagree_is_certain_of_nothing():
    assert mcnemar(0, 0) == 1
    with pytest.raises(BadInput):
        mcnemar(-1, 2)


def test_fishers_permutation_of_darwins_maize():
    """Fisher counted all 32,768 ways: 863 on one side give as much or more, p = 0.0527 on both."""
    made = permutation(Difference(MEAN, MEAN, 2), both(DARWIN, [0] * 15), swaps=40_000)
    assert made == pytest.approx(2 * 863 / 32768, abs=0.004)


def test_few_rows_are_swapped_in_every_way():
    one, other = [3, 1, 4, 1, 5, 9, 2], [2, 7, 1, 8, 2, 8, 1]
    expected = stats.permutation_test(
        (numpy.array(one), numpy.array(other)), lambda a, b: numpy.mean(a - b), permutation_type="samples"
    )
    assert permutation(Difference(MEAN, MEAN, 2), both(one, other)) == pytest.approx(expected.pvalue)


def test_equal_rows_are_swapped_one_by_one():
    """Five rows that differ by the same: 2 of 32 ways are as extreme."""
    assert permutation(Difference(MEAN, MEAN, 2), both([1] * 5, [0] * 5)) == pytest.approx(2 / 32)


def test_clusters_are_swapped_whole():
    one = [1, 1, 1, 1, 1, 1]
    made = permutation(Difference(MEAN, MEAN, 2), both(one, [0] * 6), clusters=[0, 0, 1, 1, 2, 2])
    assert made == pytest.approx(2 / 8)


def test_permutation_of_nothing_is_certain_of_nothing():
    assert permutation(Difference(MEAN, MEAN, 2), both([], []).reshape(0, 4)) == 1
    assert permutation(Difference(MEAN, MEAN, 2), both([1], [1])) == 1
    assert permutation(Difference(MEAN, MEAN, 2), both([1], [0])) == 1


def test_wilcoxon_of_darwins_maize():
    """Rank sums 96 and 24 of the 15 pairs: two-sided 0.0413, as in scipy's own documentation."""
    assert wilcoxon([float(one) for one in DARWIN]) == pytest.approx(0.041259765625)


def test_wilcoxons_own_table():
    """Wilcoxon 1945, table II: of 8 pairs a rank sum of 3 or less has a chance of 0.0391 (given as 0.039)."""
    assert wilcoxon([8, 7, 6, 5, 4, -1, -2, 11]) == pytest.approx(0.0391, abs=5e-5)


def test_wilcoxon_leaves_out_what_does_not_differ():
    assert wilcoxon([0.0] * 5) == 1
    assert wilcoxon([]) == 1
    assert wilcoxon([0.0, float("nan"), *map(float, DARWIN)]) == wilcoxon(list(map(float, DARWIN)))


def test_holms_example():
    """The step-down by hand: 0.01, 0.04, 0.03, 0.005 become 0.03, 0.06, 0.06, 0.02."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_holm_is_statsmodels():
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    chances = list(numpy.random.default_rng(3).random(30) ** 3)
    assert holm(chances) == pytest.approx(list(multitest.multipletests(chances, method="holm")[1]))


def test_holm_refuses_what_is_no_chance():
    assert holm([]) == []
    with pytest.raises(BadInput):
        holm([0.5, float("nan")])


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_never_lowers_a_chance_nor_changes_their_order(chances):
    made = holm(chances)
    assert all(one <= other for one, other in zip(chances, made, strict=True))
    order = sorted(range(len(chances)), key=lambda at: chances[at])
    assert [made[at] for at in order] == sorted(made)
