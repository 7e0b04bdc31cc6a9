from collections import Counter, defaultdict
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hf_nb.data.estimate import sample

BLOCKS = st.integers(0, 3000)


@settings(deadline=None, max_examples=40)
@given(BLOCKS, st.integers())
def test_every_look_covers_the_table_once_and_the_last_reads_all_of_it(blocks, seed):
    looks = list(sample.looks(blocks, 0.02, seed))
    for look in looks:
        assert [at for one in look for at in range(one.first, one.end)] == list(range(blocks))
        assert all(one.first <= one.drawn < one.end for one in look)
    assert {one.drawn for one in looks[-1]} == set(range(blocks))


@settings(deadline=None, max_examples=40)
@given(BLOCKS, st.integers())
def test_a_look_keeps_what_was_read_before_and_reads_at_most_as_much_again(blocks, seed):
    looks = [{one.drawn for one in look} for look in sample.looks(blocks, 0.02, seed)]
    for before, after in pairwise(looks):
        assert before < after
        assert len(after) <= 2 * len(before)


def test_the_first_look_reads_about_two_percent_and_enough_blocks():
    assert len(next(sample.looks(5000, 0.02, 0))) == 100
    assert len(next(sample.looks(200, 0.02, 0))) == 16
    assert len(next(sample.looks(30, 0.02, 0))) == 7


def test_the_same_table_is_drawn_in_the_same_way():
    assert list(sample.looks(700, 0.02, "a")) == list(sample.looks(700, 0.02, "a"))
    assert list(sample.looks(700, 0.02, "a")) != list(sample.looks(700, 0.02, "b"))


@pytest.mark.parametrize(("look", "at"), [(0, 9), (1, 14), (1, 15)])
def test_every_block_of_a_stretch_is_as_likely_as_its_neighbours(look, at):
    drawn: dict[tuple[int, int], Counter[int]] = defaultdict(Counter)
    for seed in range(1600):
        one = list(sample.looks(100, 0.02, seed))[look][at]
        drawn[one.first, one.end][one.drawn] += 1
    (first, end), counted = max(drawn.items(), key=lambda item: item[1].total())
    assert end - first >= 4
    even = counted.total() / (end - first)
    assert all(0.75 * even < counted[at] < 1.25 * even for at in range(first, end))
