"""Slices: what differs from the whole is found, and chance is not."""

import numpy
import pytest

from hf_nb.errors import BadInput
from hf_nb.measure.scores import numbers
from hf_nb.measure.slices import bands, slices

pytest.importorskip("scipy.stats")
RNG = numpy.random.default_rng(2)
LANGUAGES = ["en"] * 150 + ["de"] * 50 + ["fr"] * 4


def marks(values):
    return numbers("mark", list(values), higher=True)


def test_a_slice_where_the_ranking_turns_over_is_found():
    gains = numpy.concatenate([RNG.normal(0.8, 1, 150), RNG.normal(-1, 1, 50), RNG.normal(0, 1, 4)])
    made = slices(marks(gains), marks([0.0] * 204), {"language": LANGUAGES})
    assert made.whole.ahead == 1
    assert [(one.column, one.value) for one in made.flips] == [("language", "de")]
    assert all(one.unlike for one in made.all)
    assert made.small == (("language", "fr", 4),)


def test_a_slice_that_only_looks_turned_is_not_said_to_be():
    gains = numpy.concatenate([RNG.normal(0.8, 1, 150), RNG.normal(0.8, 1, 50)])
    gains[150:] -= gains[150:].mean() + 0.05  # behind by a hair
    made = slices(marks(gains), marks([0.0] * 200), {"language": LANGUAGES[:200]})
    german = next(one for one in made.all if one.value == "de")
    assert german.paired.difference.value < 0
    assert german.ahead == 0
    assert made.flips == ()


def test_many_slices_of_equals_are_corrected_for_being_many():
    """Twenty-five slices of pure chance: some differ taken alone, none after correction."""
    one, other = numpy.random.default_rng(0).normal(0, 1, (2, 300))
    made = slices(marks(one), marks(other), {"group": [at % 25 for at in range(300)]})
    assert len(made.all) == 25
    assert min(one.paired.p for one in made.all) < 0.05
    assert all(one.ahead == 0 and not one.unlike for one in made.all)


def test_numbers_become_bands_with_about_as_many_rows():
    made = bands([3, 1, 2, 9, 8, 7, None, 5, 4, 6])
    assert made[:3] == ["1 to 3"] * 3
    assert made[6] is None
    assert [made.count(name) for name in ("1 to 3", "4 to 6", "7 to 9")] == [3, 3, 3]


def test_equal_numbers_stay_together():
    assert bands([5] * 10) == ["5"] * 10
    assert set(bands([0] * 9 + [7])) == {"0", "7"} or set(bands([0] * 9 + [7])) == {"0 to 7"}
    assert bands([]) == []
    assert bands([None, float("nan")]) == [None, None]


def test_a_column_of_another_length_is_an_error():
    with pytest.raises(BadInput, match="language has 1 values for 2 rows"):
        slices(marks([1.0, 2.0]), marks([1.0, 2.0]), {"language": ["en"]})


def test_names_of_any_kind_are_slices():
    names = [None, float("nan"), "<b>", 3, ("a",)] * 20
    made = slices(marks(RNG.random(100)), marks(RNG.random(100)), {"<script>": names}, least=2)
    assert len(made.all) >= 4


def test_a_column_of_too_many_values_or_none_that_name_a_slice_says_what_to_do():
    many = marks([1.0] * 600)
    with pytest.raises(BadInput, match="60 slices") as caught:
        slices(many, many, {"user": [at // 10 for at in range(600)]})
    assert "bands" in caught.value.next_step
    with pytest.raises(BadInput, match="no name of a slice"):
        slices(many, many, {"tags": [["a"]] * 600})


def test_empty_cells_are_one_slice():
    values = [float("nan") for _ in range(20)] + ["x"] * 20
    made = slices(marks(RNG.random(40)), marks(RNG.random(40)), {"column": values})
    assert [one.value for one in made.all] == [None, "x"]
