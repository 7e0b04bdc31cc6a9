"""The quicker of two ways to multiply by a Linear's weights, measured on this machine; both are exact to rounding.

torch asks MKL, which uses half of what some processors can do: on a Zen 5 core 90 GFLOP/s, where oneDNN does 190, and
210 when it finds the weights in an order of its own; for 16 rows 67, 98 and 170. Elsewhere it is the other way round,
so nothing is decided by the processor's name. Weights in that order are there twice, so large ones stay as they are.

Where both are nearly as quick, another measurement would say otherwise: the first of a machine holds for all after it,
so that two kernels do alike and `fit` knows what they do.
"""

from __future__ import annotations

import contextlib
import itertools
import statistics
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hf_nb.infer.backends.local.threads import fewer

if TYPE_CHECKING:
    from hf_nb.infer.machine import Machine

GAIN = 1.1  # before it is used: less may be noise
NEAR = 0.15  # of it, where one look says this and the next that
NONE = 1e-3  # the gain of what says something else, or is not there
ROWS = 256
MOST = 300_000_000  # multiplications in one try
LARGE = 200_000_000  # bytes of weights that are tried; of a larger layer so large a part
ROUNDS, MORE = 5, 25  # of both in turn; the second where they are near
PATIENCE = 0.05  # seconds, after which more rounds are not worth the wait
LEAST = 2_000_000  # multiplications; of fewer, calling it takes longer than it saves
TWICE = 1_000_000_000  # bytes of a model's weights that may be held in both orders
CLOSE = 1e-4  # of the largest number in an answer


def quickest(model: Any) -> float:
    """Let the Linear layers of a model use oneDNN directly where that is quicker; by how much it was, or 1."""
    import torch

    layers = [one for one in model.modules() if type(one) is torch.nn.Linear]
    fit = [
        one
        for one in layers
        if one.weight.device.type == "cpu"
        and one.weight.dtype is torch.float32
        and one.weight.numel() * ROWS >= LEAST
    ]
    if not fit or not torch.backends.mkldnn.is_available():
        return 1.0
    largest = max(fit, key=lambda one: one.weight.numel())
    found = gain(largest.weight.shape, layer=largest)
    if found < GAIN:
        return 1.0
    ordered = sum(one.weight.numel() * 4 for one in fit) <= TWICE
    for layer in fit:
        layer.__dict__["forward"] = _forward(layer, ordered=ordered)
    return found


def beside(model: Any) -> int:
    """Bytes of its weights that are there a second time."""
    return sum(getattr(one.__dict__.get("forward"), "bytes", 0) for one in model.modules())


def gain(shape: tuple[int, ...], here: Machine | None = None, layer: Any = None) -> float:
    """How many times quicker it is for a layer of this shape, as this machine has settled it.

    `here`: where that is kept. `layer`: one of that shape, if there is one to try it with.
    """
    from hf_nb.infer import machine

    here = machine.chosen() if here is None else here
    return here.settled(kept_as(shape), lambda: _tried(shape, layer)) or NONE


def kept_as(shape: tuple[int, ...]) -> str:
    """The name under which it is kept."""
    return f"gain {tuple(shape)}"


def rows(shape: tuple[int, ...]) -> int:
    """Of a layer's weights, those that are tried."""
    return max(1, min(shape[0], LARGE // max(1, shape[1] * 4)))


def _tried(shape: tuple[int, ...], layer: Any) -> float | None:
    """None where it cannot be tried; torch promises nothing about this operation."""
    import torch

    with contextlib.suppress(Exception), torch.inference_mode():
        if layer is None:
            return max(NONE, _gain(torch.nn.Linear(shape[1], rows(shape))))
        part = torch.nn.Linear(shape[1], rows(shape), bias=False, device="meta")
        part.weight = torch.nn.Parameter(layer.weight[: rows(shape)], requires_grad=False)
        return max(NONE, _gain(part))
    return None


def _gain(layer: Any) -> float:
    """How many times quicker it is for one layer; 0 where it says something else.

    Both in turn, by what one thread computed: several wait for each other, and for whoever else is at work.
    """
    import torch

    some = torch.randn(max(1, min(ROWS, MOST // layer.weight.numel())), layer.in_features)
    ways = (layer, _forward(layer))
    first, second = (way(some) for way in ways)
    if float((first - second).abs().max()) > CLOSE * max(1.0, float(first.abs().max())):
        return 0.0
    gains: list[float] = []
    with fewer(1):
        until = time.thread_time() + PATIENCE
        for order in itertools.islice(itertools.cycle((ways, ways[::-1])), MORE):
            took = {way: _seconds(way, some) for way in order}
            gains.append(took[ways[0]] / took[ways[1]])
            if len(gains) >= ROUNDS:
                sure = abs(statistics.median(gains) / GAIN - 1) > NEAR
                if sure or time.thread_time() > until:
                    break
    return statistics.median(gains)


def _seconds(way: Callable[[Any], Any], some: Any) -> float:
    began = time.thread_time()
    way(some)
    return max(time.thread_time() - began, 1e-9)


def _forward(layer: Any, *, ordered: bool = True) -> Callable[[Any], Any]:
    import torch

    linear = torch.nn.functional.linear
    ops = torch.ops.mkldnn  # what torch.compile makes of a Linear
    multiply, weight = ops._linear_pointwise.default, layer.weight  # noqa: SLF001
    if ordered:
        with torch.inference_mode():
            weight = ops._reorder_linear_weight(weight.detach(), ROWS)  # noqa: SLF001
    least = LEAST // layer.out_features  # numbers in the input

    def forward(input: Any) -> Any:
        if input.numel() < least or torch.is_grad_enabled() or input.dtype is not torch.float32:
            return linear(input, layer.weight, layer.bias)
        return multiply(input, weight, layer.bias, "none", [], "")

    forward.__dict__["bytes"] = layer.weight.numel() * 4 if ordered else 0
    return forward
