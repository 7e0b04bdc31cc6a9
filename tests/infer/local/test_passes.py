"""Many questions through one model together: the same answers, whatever goes wrong with one of them."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hf_nb.errors import BadInput, Broken, HfNbError, OutOfMemory, Stopped
from hf_nb.infer.backends.local import WAYS, Local, line, matmul, passes
from hf_nb.infer.backends.local.model import AT_ONCE, Loaded
from hf_nb.infer.call import Call, Chunk, Terms
from hf_nb.plumbing.session import Session

pytestmark = pytest.mark.slow
MODEL = "hfnb-demo/sentiment-en"
TASK = "text-classification"
WORDS = "we loved the room and the view was small but it is not good at all".split()
Through = Callable[..., dict[int, Chunk | HfNbError]]


def texts(count: int) -> list[str]:
    draw = random.Random(3)  # noqa: S311 -- the same every time
    return [" ".join(draw.choices(WORDS, k=int(draw.lognormvariate(2.5, 1)) % 90 + 1)) for _ in range(count)]


@pytest.fixture
def loaded(local: Local) -> Iterator[Loaded]:
    """A model whose own things are its own: what a test does to it is gone afterwards."""
    way = WAYS[TASK]
    with local.memory.lent(Call(TASK, MODEL, None, ""), way.auto, way.answer, Terms()) as held:
        mine = copy.copy(held)
        mine.kept, mine.at_once = {"matmul": 1.0}, AT_ONCE
        yield mine


@pytest.fixture
def through(loaded: Loaded) -> Through:
    def go(some: list[Any], *, terms: Terms | None = None) -> dict[int, Chunk | HfNbError]:
        calls = [Call(TASK, MODEL, None, one) for one in some]
        read = WAYS[TASK].read
        assert read is not None
        return dict(passes.several(loaded, calls, terms or Terms(), read))

    return go


def scores(said: Chunk | HfNbError) -> list[float]:
    assert isinstance(said, Chunk), said
    return [one["score"] for one in said.output]


def refusing(loaded: Loaded, monkeypatch: pytest.MonkeyPatch, wrong: Callable[[list[int]], Any]) -> list[int]:
    """The model raises what `wrong` makes of a pass's lengths; how many rows each pass had."""
    passed, sizes = Loaded.passed, []

    def maybe(self: Loaded, pieces: list[Any]) -> Any:
        sizes.append(len(pieces))
        if (error := wrong([len(one.ids) for one in pieces])) is not None:
            raise error
        return passed(self, pieces)

    monkeypatch.setattr(Loaded, "passed", maybe)
    return sizes


def test_together_each_gets_what_it_gets_alone(through: Through) -> None:
    some = texts(300)
    together = through(some)
    assert sorted(together) == list(range(300))
    for at in range(0, 300, 7):
        assert scores(together[at]) == pytest.approx(scores(through([some[at]])[0]), abs=1e-5)


def test_a_text_that_no_tokenizer_reads_is_an_error_beside_the_answers(through: Through) -> None:
    some = texts(100)
    some[41] = "half a \ud800 character"
    said = through(some)
    assert isinstance(said[41], BadInput) or "half a character" in str(said[41])
    assert sum(isinstance(one, Chunk) for one in said.values()) == 99


def test_the_row_that_breaks_a_pass_is_found_and_the_others_are_answered(
    through: Through, loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = [*texts(200), "good " * 77]
    bad = len(loaded.reader.pieces(some[-1])[0].ids)
    some = [one for one in some[:-1] if len(loaded.reader.pieces(one)[0].ids) != bad] + some[-1:]
    refusing(loaded, monkeypatch, lambda sizes: RuntimeError("index out of range") if bad in sizes else None)
    said = through(some)
    wrong = said.pop(len(some) - 1)
    assert isinstance(wrong, Broken)
    assert "index out of range" in wrong.problem
    assert len(said) == len(some) - 1
    assert all(isinstance(one, Chunk) for one in said.values())


def test_a_model_that_fails_at_everything_is_not_asked_for_every_row(
    through: Through, loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = refusing(loaded, monkeypatch, lambda _: RuntimeError("no such operation"))
    with pytest.raises(Broken, match="no such operation"):
        through(texts(500))
    assert len(sizes) < 30


def test_too_little_memory_halves_what_goes_together_and_is_remembered(
    through: Through, loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(sizes: list[int]) -> Exception | None:
        return MemoryError() if max(sizes) * len(sizes) > 300 and len(sizes) > 1 else None

    sizes = refusing(loaded, monkeypatch, full)
    assert all(isinstance(one, Chunk) for one in through(texts(300)).values())
    assert loaded.at_once <= 600
    first = len(sizes)
    through(texts(300))
    assert sum(one == 1 for one in sizes[first:]) < 20


def test_one_text_that_does_not_fit_is_said(
    through: Through, loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing(loaded, monkeypatch, lambda _: RuntimeError("DefaultCPUAllocator: not enough memory"))
    with pytest.raises(OutOfMemory):
        through(texts(3))


def test_a_stop_ends_it_between_two_passes(through: Through) -> None:
    terms = Terms()
    terms.stop.set()
    with pytest.raises(Stopped):
        through(texts(10), terms=terms)


def test_the_number_of_tokens_at_once_is_measured_once_on_a_long_line(
    through: Through, loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clock that says that 4,096 tokens are quickest."""
    now = [0.0]
    monkeypatch.setattr("hf_nb.infer.backends.local.line.time.process_time", lambda: now[0])
    passed = Loaded.passed

    def slow(self: Loaded, pieces: list[Any]) -> Any:
        now[0] += 1.0 + len(pieces) * 0.001
        return passed(self, pieces)

    monkeypatch.setattr(Loaded, "passed", slow)
    through(texts(100))
    assert "at once" not in loaded.kept  # too short a line
    said = through(texts(500))
    assert len(said) == 500
    assert loaded.kept["at once"]
    assert loaded.at_once == 4096


def test_on_a_gpu_more_goes_together_until_that_is_no_quicker(
    loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr("hf_nb.infer.backends.local.line.time.perf_counter", lambda: now[0])
    loaded.device = "cuda"
    row = line.Line(loaded, [10] * 20_000, alone=False)
    gone = 0
    while group := row.next():
        now[0] += max(
            1.0, len(group) * 10 / 8000
        )  # from 8,000 tokens on, a pass takes as long as it has tokens
        row.done(group)
        gone += len(group)
    assert gone == 20_000
    assert 8192 <= loaded.at_once <= 16384


def test_pieces_of_a_text_longer_than_the_window_come_back_together(through: Through, loaded: Loaded) -> None:
    some = [*texts(80), "I love it. " * 600]
    said = through(some)
    long = said[80]
    assert isinstance(long, Chunk)
    assert "pieces" in long.note
    assert scores(long) == pytest.approx(scores(through(some[80:])[0]), abs=1e-5)


def test_texts_read_side_by_side_are_read_as_one_by_one(loaded: Loaded) -> None:
    reader, some = loaded.reader, texts(200)
    alone = [[piece.ids for piece in reader.pieces(one)] for one in some]
    with reader.ahead(some):
        together = [[piece.ids for piece in reader.pieces(one)] for one in some]
        other = reader.pieces(some[0], overlap=0, window=8)
    assert together == alone
    assert all(len(one.ids) <= 8 for one in other)  # with other settings it is read anew


def test_reading_side_by_side_leaves_no_warning_for_a_fork(
    loaded: Loaded, capfd: pytest.CaptureFixture[str]
) -> None:
    import os

    with loaded.reader.ahead(texts(300)):
        for one in texts(300):
            loaded.reader.pieces(one)
    if (child := os.fork()) == 0:
        os._exit(0)
    os.waitpid(child, 0)
    assert "forked" not in capfd.readouterr().err


def test_the_quicker_multiplication_says_the_same() -> None:
    import torch

    torch.manual_seed(0)
    model = torch.nn.Sequential(
        torch.nn.Linear(256, 1024), torch.nn.GELU(), torch.nn.Linear(1024, 256)
    ).eval()
    some = torch.randn(64, 256)
    with torch.inference_mode():
        before = model(some)
        for ordered in (False, True):
            for layer in (model[0], model[2]):
                layer.__dict__["forward"] = matmul._forward(layer, ordered=ordered)
            after = model(some)
            one = model(some[:1])
            assert float((before - after).abs().max()) < 1e-5
            assert float((before[:1] - one).abs().max()) < 1e-5
            assert matmul.beside(model) == (2 * 256 * 1024 * 4 if ordered else 0)
    assert model(some).requires_grad  # while something learns, torch's own is used


def test_a_slower_multiplication_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    model = torch.nn.Sequential(torch.nn.Linear(256, 256))
    for gain, changed in ((1.0, False), (0.0, False), (2.0, True)):
        monkeypatch.setattr(matmul, "gain", lambda *_, gain=gain, **__: gain)
        matmul.quickest(model)
        assert ("forward" in model[0].__dict__) is changed


def test_weights_are_held_twice_only_where_they_are_small_and_that_is_counted(
    hub: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matmul, "gain", lambda *_, **__: 2.0)
    for most, twice in ((10**9, True), (1000, False)):
        monkeypatch.setattr(matmul, "TWICE", most)
        local = Local(Session())
        way = WAYS[TASK]
        with local.memory.lent(Call(TASK, MODEL, None, ""), way.auto, way.answer) as mine:
            mine.passed(mine.reader.pieces("A text."))
            assert (mine.kept["bytes_beside"] > 0) is twice
            assert mine.kept["bytes_beside"] <= mine.bytes
        (seen,) = local.memory.seen()
        assert seen.bytes == mine.bytes + mine.kept["bytes_beside"]
