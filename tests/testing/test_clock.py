"""A clock for tests: it passes when told, and what is due on the way happens on the way."""

import threading

import pytest

from hf_nb.plumbing.clock import Clock
from hf_nb.testing.clock import Virtual, chance


def test_time_passes_in_sleep_alone_and_takes_none() -> None:
    clock: Clock = Virtual(start=5)
    assert clock.virtual
    assert clock.now() == clock.now() == 5
    clock.sleep(3600)
    assert clock.now() == 3605


def test_what_is_due_happens_in_order_at_its_time() -> None:
    clock, seen = Virtual(start=0), []
    clock.at(2, lambda: seen.append(("second", clock.now())))
    clock.at(1, lambda: seen.append(("first", clock.now())))
    clock.at(9, lambda: seen.append(("later", clock.now())))
    clock.sleep(5)
    assert seen == [("first", 1), ("second", 2)]
    assert clock.now() == 5
    clock.pass_(4)
    assert seen[-1] == ("later", 9)


def test_a_stop_on_the_way_ends_the_sleep_there() -> None:
    clock, stop = Virtual(start=0), threading.Event()
    clock.at(2, stop.set)
    clock.sleep(10, stop)
    assert clock.now() == 2
    clock.sleep(10, stop)
    assert clock.now() == 2
    assert clock.slept == [10, 10]


def test_time_never_goes_back() -> None:
    clock = Virtual(start=7)
    clock.sleep(-3)
    assert clock.now() == 7


def test_chance_comes_out_the_same_for_the_same_seed() -> None:
    assert chance(3).uniform(0, 1) == chance(3).uniform(0, 1) != pytest.approx(chance(4).uniform(0, 1))
