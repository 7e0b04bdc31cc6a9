"""Which multiplication is quicker: looked at in turn, settled once for a machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hf_nb.infer import machine
from hf_nb.infer.backends.local import matmul
from hf_nb.infer.fit import replay, trace

SIZE = 256


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HF_NB_CACHE_DIR", str(tmp_path))
    return tmp_path


def model() -> Any:
    import torch

    return torch.nn.Sequential(torch.nn.Linear(SIZE, SIZE))


def changed(one: Any) -> bool:
    return "forward" in one[0].__dict__


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """What each look says, the next first."""
    said: list[float] = []
    monkeypatch.setattr(matmul, "_gain", lambda _: said.pop(0))
    return said  # type: ignore[return-value]


def test_the_first_look_of_a_machine_holds_for_all_after_it(looks: list[float]) -> None:
    looks[:] = [1.12, 1.02]
    first, second = model(), model()
    assert matmul.quickest(first) == matmul.quickest(second) == 1.12
    assert changed(first)
    assert changed(second)
    assert looks == [1.02]  # nobody looked again


def test_fit_goes_by_what_the_engine_does_and_the_engine_by_what_fit_settled(looks: list[float]) -> None:
    looks[:] = [1.09]
    shape = trace.shape_of(model()[0].weight)
    assert not replay.quick(shape, machine.this())
    assert not replay.anew(shape, machine.this())
    assert not replay.either(shape, machine.this())  # as near as it is: it stands
    one = model()
    assert matmul.quickest(one) == 1.0
    assert not changed(one)


def test_of_two_that_look_at_the_same_time_the_first_to_write_holds_for_both() -> None:
    one, other = machine.chosen(), machine.chosen()
    assert one.known("a") is other.known("a") is None
    assert one.settled("a", lambda: 1.2) == 1.2
    other.learn("a", 0.9)
    other.learn("b", 3.0)
    other.save()
    assert other.known("a") == machine.chosen().known("a") == 1.2
    assert machine.chosen().known("b") == 3.0


def test_where_nothing_can_be_kept_each_looks_for_itself(looks: list[float], kept: Path) -> None:
    (kept / "fit").write_text("a file where the folder would be", encoding="utf-8")
    looks[:] = [1.2, 1.0, 1.09, 1.09]
    assert matmul.quickest(model()) == 1.2
    assert matmul.quickest(model()) == 1.0
    here = machine.this()
    assert replay.either(trace.shape_of(model()[0].weight), here)


def test_what_cannot_be_tried_is_not_kept(looks: list[float], kept: Path) -> None:
    assert matmul.quickest(model()) == 1.0  # nothing more to say: it raises
    assert not list(kept.rglob("*.chosen.json"))
    looks[:] = [2.0]
    assert matmul.quickest(model()) == 2.0
    (file,) = kept.rglob("*.chosen.json")
    assert json.loads(file.read_text()) == {f"gain ({SIZE}, {SIZE})": 2.0}


def test_looks_take_turns_until_they_are_clear_and_the_middle_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import torch

    torch.manual_seed(0)
    layer = torch.nn.Linear(SIZE, SIZE)
    plain, seen = torch.nn.Linear, []

    def clock(near: float) -> Any:
        def took(way: Any, _: Any) -> float:
            seen.append(isinstance(way, plain))
            disturbed = 50.0 if len(seen) in (1, 6) else 1.0
            return disturbed * (near if isinstance(way, plain) else 1.0)

        return took

    for near, rounds in ((2.0, matmul.ROUNDS), (1.11, matmul.MORE)):
        seen.clear()
        monkeypatch.setattr(matmul, "_seconds", clock(near))
        monkeypatch.setattr(matmul, "PATIENCE", 60.0)
        with torch.inference_mode():
            assert matmul._gain(layer) == pytest.approx(near)
        assert len(seen) == 2 * rounds
        assert seen[:4] == [True, False, False, True]


def test_a_large_layer_is_tried_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    tried: list[Any] = []
    monkeypatch.setattr(matmul, "LARGE", SIZE * 4 * 40)

    def look(layer: Any) -> float:
        tried.append(layer.weight)
        return 1.0

    monkeypatch.setattr(matmul, "_gain", look)
    layer = torch.nn.Linear(SIZE, SIZE)
    matmul.gain(layer.weight.shape, layer=layer)
    (weight,) = tried
    assert weight.shape == (40, SIZE)
    assert weight.data_ptr() == layer.weight.data_ptr()  # no copy of it
