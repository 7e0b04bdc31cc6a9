"""Threads of a pass: one for a small one, all that are free for a large one, and the user's own number afterwards."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

import pytest
import torch

from hf_nb.infer.backends.local import threads
from hf_nb.plumbing import processors


@pytest.fixture(autouse=True)
def four(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Four, whatever the machine has."""
    monkeypatch.setattr(processors, "free", lambda: 4)
    before = torch.get_num_threads()
    torch.set_num_threads(4)
    yield
    torch.set_num_threads(before)


def model(width: int) -> torch.nn.Module:
    return torch.nn.Sequential(torch.nn.Embedding(50_000, 8), torch.nn.Linear(width, width, bias=False))


def seen(one: torch.nn.Module, tokens: int) -> int:
    with threads.computing(one, tokens):
        assert torch.is_inference_mode_enabled()
        return torch.get_num_threads()


def test_words_are_looked_up_and_not_multiplied() -> None:
    assert threads.multiplied(model(100)) == 10_000


def test_a_small_pass_has_one_thread_and_a_large_one_all_that_are_free(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small = model(500)  # 250,000 numbers
    assert seen(small, 27) == 1
    assert seen(small, 2_000) == 4
    monkeypatch.setattr(processors, "free", lambda: 2)
    assert seen(small, 2_000) == 2
    assert torch.get_num_threads() == 4


def test_one_token_of_a_large_model_is_as_much_work_as_reading_its_weights() -> None:
    assert seen(model(3_000), 1) == 4


def test_the_user_s_own_smaller_number_is_kept() -> None:
    torch.set_num_threads(2)
    assert seen(model(500), 2_000) == 2
    assert seen(model(500), 1) == 1
    assert torch.get_num_threads() == 2


def test_a_thread_that_begins_beside_a_small_pass_leaves_no_trace() -> None:
    begun, go_on, said = threading.Event(), threading.Event(), []

    def small() -> None:
        with threads.computing(model(10), 1):
            begun.set()
            go_on.wait(10)

    def later() -> None:
        begun.wait(10)
        said.append(seen(model(10), 1))
        go_on.set()

    both = [threading.Thread(target=small), threading.Thread(target=later)]
    for one in both:
        one.start()
    for one in both:
        one.join(20)
    assert said == [1]
    new: list[int] = []
    last = threading.Thread(target=lambda: new.append(torch.get_num_threads()))
    last.start()
    last.join(10)
    assert new == [4], "a new thread of the user's has all of them"
    assert torch.get_num_threads() == 4


def test_an_error_in_a_pass_gives_the_threads_back() -> None:
    with pytest.raises(ZeroDivisionError), threads.computing(model(10), 1):
        raise ZeroDivisionError
    assert torch.get_num_threads() == 4


def test_passes_at_the_same_time_share_what_is_free() -> None:
    said: list[int] = []
    large = model(500)
    with threads.computing(large, 2_000):
        assert torch.get_num_threads() == 4
        beside = threading.Thread(target=lambda: said.append(seen(large, 2_000)))
        beside.start()
        beside.join(20)
    assert said == [2]
    assert seen(large, 2_000) == 4  # alone again, it has all of them


@contextlib.contextmanager
def wrote(large: torch.nn.Module) -> Iterator[None]:
    """While the block runs, a thread beside has made one pass, and is there still."""
    between, go_on = threading.Event(), threading.Event()

    def writes() -> None:
        seen(large, 2_000)
        between.set()
        go_on.wait(20)

    beside = threading.Thread(target=writes)
    beside.start()
    assert between.wait(20)
    yield
    go_on.set()
    beside.join(20)


def test_a_thread_between_two_passes_keeps_its_share_and_one_that_has_ended_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(threads, "BETWEEN", 60.0)
    large = model(500)
    with wrote(large):
        assert seen(large, 2_000) == 2
    assert seen(large, 2_000) == 4


def test_who_has_long_begun_no_pass_shares_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "BETWEEN", -1.0)
    large = model(500)
    with wrote(large):
        assert seen(large, 2_000) == 4
