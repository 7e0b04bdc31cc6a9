"""Halving finds it, with as few questions as there can be, and says what could not be asked."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hf_nb.infer.bisect import narrowing


@given(st.integers(2, 300), st.data())
def test_the_first_that_is_like_the_last_is_found(count: int, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, count - 1))
    asked: list[int] = []

    def ask(one: int) -> bool:
        asked.append(one)
        return one >= at

    found = narrowing.first(count, ask)

    assert (found.before, found.at) == (at - 1, at)
    assert len(asked) <= math.ceil(math.log2(count))
    assert len(set(asked)) == len(asked)


@given(st.integers(2, 60), st.data())
def test_what_cannot_be_asked_is_left_between_both_ends(count: int, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, count - 1))
    out = data.draw(st.sets(st.integers(0, count - 2)))
    found = narrowing.first(count, lambda one: None if one in out else one >= at)

    assert found.before < at <= found.at
    assert set(found.untried) == set(range(found.before + 1, found.at))
    assert set(found.untried) <= out


@pytest.mark.parametrize("needed", [{"a"}, {"b", "f"}, {"a", "d", "h"}, set("abcdefgh")])
def test_the_fewest_that_do_it_together_are_found(needed: set[str]) -> None:
    few = narrowing.fewest(list("abcdefgh"), lambda some: needed <= set(some))

    assert set(few) == needed
