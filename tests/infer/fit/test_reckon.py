"""What is reckoned, beside what a model of each family really takes. `tests/benchmarks/fit.py` has all of them."""

from __future__ import annotations

import statistics
import time
from typing import Any

import pytest

from hf_nb.infer import machine
from hf_nb.infer.fit import reckon, replay, shapes, trace
from tests.infer.fit.architectures import BUILT

FAMILIES = (
    "bert",
    "deberta-v2",
    "llama",
    "mixtral",
    "gpt2",
    "t5",
    "bart",
    "vit",
    "swin",
    "resnet",
    "wav2vec2",
    "clip",
)
SMALLEST = {kind: (auto, config) for kind, auto, config in reversed(BUILT)}


def shaped(kind: str) -> Any:
    auto, config = SMALLEST[kind]
    return shapes.built(shapes.config_of({**config, "model_type": kind}), auto)


def real(kind: str) -> Any:
    import transformers

    auto, config = SMALLEST[kind]
    return getattr(transformers, auto).from_config(shapes.config_of({**config, "model_type": kind})).eval()


def test_there_are_sixty_architectures_to_be_held_against() -> None:
    assert len({kind for kind, _, _ in BUILT}) >= 60


@pytest.mark.slow
@pytest.mark.parametrize("kind", FAMILIES)
def test_a_model_of_shapes_has_the_numbers_of_a_real_one_and_answers_in_the_same_shape(kind: str) -> None:
    import torch

    one, other = shaped(kind), real(kind)
    assert [(name, p.shape) for name, p in one.named_parameters()] == [
        (name, p.shape) for name, p in other.named_parameters()
    ]
    assert all(p.device.type == "meta" for p in one.parameters())
    watched, said = trace.watched(one, shapes.inputs(one, 12, 1.0))
    with torch.inference_mode():
        answered = other(**shapes.inputs(other, 12, 1.0, device="cpu"))
    assert said[0].shape == answered[0].shape
    assert watched.modules > 5


def test_what_stands_beside_the_weights_is_the_most_of_any_moment() -> None:
    import torch

    model = torch.nn.Sequential(torch.nn.Linear(10, 1000), torch.nn.ReLU(), torch.nn.Linear(1000, 10)).to(
        "meta"
    )
    watched, _ = trace.watched(model, {"input": torch.zeros(5, 10, device="meta")})
    wide = 5 * 1000 * 4
    assert wide * 2 <= watched.bytes <= wide * 2 + 5 * 10 * 4


def _stands(work: Any, *shapes_: tuple[int, ...]) -> int:
    """Bytes that stand beside what goes in, at most."""
    import torch

    class Model(torch.nn.Module):
        def forward(self, *given: Any) -> Any:
            return work(*given)

    given = {f"g{at}": torch.zeros(*shape, device="meta") for at, shape in enumerate(shapes_)}
    model = Model()
    model.forward = lambda **named: work(*named.values())  # type: ignore[method-assign]
    return trace.watched(model, given)[0].bytes


def test_a_convolution_takes_more_than_its_answer_and_one_of_side_by_side_channels_does_not() -> None:
    import torch

    conv = torch.nn.functional.conv2d
    picture, kernel = (1, 64, 128, 128), (64, 64, 3, 3)
    answer, weight = 64 * 128 * 128 * 4, 64 * 64 * 9 * 4

    def plain(x: Any, w: Any) -> Any:
        return conv(x, w, padding=1)

    def ordered(x: Any, w: Any) -> Any:
        return conv(x.to(memory_format=torch.channels_last), w, padding=1)

    assert _stands(plain, picture, kernel) == 2 * answer + weight
    assert _stands(ordered, picture, kernel) == 2 * answer + weight  # the other order itself, and the answer
    small = _stands(plain, (1, 8, 16, 16), (8, 8, 3, 3))
    assert small == 8 * 16 * 16 * 4 * (1 + 9)  # torch's own: columns of nine


def test_what_lies_otherwise_is_copied_before_a_softmax() -> None:
    one = 64 * 512 * 4
    assert _stands(lambda x: (x * 1).softmax(-1), (64, 512)) == 2 * one
    assert _stands(lambda x: (x * 1).t().softmax(-1), (64, 512)) == 3 * one


def test_a_file_with_whole_numbers_stays_beside_the_weights_made_of_it() -> None:
    """Batch norms count their batches in whole numbers, which are used where they lie."""
    with_norm, without = shaped("resnet"), shaped("vit")
    for model, held in ((with_norm, True), (without, False)):
        weights = sum(one.numel() * 4 for one in model.parameters())
        found = reckon.Reckoned(weights, 50_000_000, 0, 0, None)
        more = reckon.peak(found, model, weights // 2) - reckon.peak(found, model, weights)
        assert (more >= weights // 2) == held


def test_a_layer_tried_in_both_orders_counts_where_it_is_most_of_the_model() -> None:
    model = shaped("gpt2")
    alone = reckon.Reckoned(40_000_000, 1_000_000, 0, 0, None)
    tried = reckon.Reckoned(40_000_000, 1_000_000, 0, 0, None, tried=90_000_000, largest=30_000_000)
    assert reckon.peak(tried, model, None) >= 120_000_000 > reckon.peak(alone, model, None)


def test_experts_that_are_not_asked_cost_memory_and_no_time() -> None:
    auto, config = SMALLEST["mixtral"]

    def reckoned(experts: int) -> tuple[int, int]:
        read = shapes.config_of({**config, "model_type": "mixtral", "num_local_experts": experts})
        model = shapes.built(read, auto)
        watched, _ = trace.watched(model, shapes.inputs(model, 12, 1.0))
        grouped = [step for step in watched.steps if step.name in trace.GROUPED]
        return sum(p.numel() for p in model.parameters()), sum(step.args[1].size[0] for step in grouped)

    few, many = reckoned(4), reckoned(16)
    assert many[0] > 2 * few[0]
    assert many[1] == few[1] > 0


@pytest.mark.slow
def test_the_time_of_most_is_near_what_they_take() -> None:
    """Loose, since other work on the machine falls on both unevenly: the benchmark says how near in quiet."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    offs = []
    try:
        for kind in FAMILIES:
            model, other = shaped(kind), real(kind)
            given = shapes.inputs(other, 27, 1.0, device="cpu")
            weights = sum(p.numel() * 4 for p in other.parameters())
            here = machine.Machine(None)
            watched, _ = trace.watched(model, shapes.inputs(model, 27, 1.0))
            took = float("inf")
            with torch.inference_mode():
                for _ in range(12):
                    began = time.process_time()
                    other(**given)
                    took = min(took, time.process_time() - began)
            steps = replay.seconds(watched, weights, here, 1)
            calls = reckon.MODULES * watched.modules + reckon.CALLS * watched.calls
            offs.append((reckon.STEPS * steps + here.unit * calls) / took - 1)
    finally:
        torch.set_num_threads(threads)
    assert statistics.median(map(abs, offs)) < 0.35, dict(zip(FAMILIES, offs, strict=True))
