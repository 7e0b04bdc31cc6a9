"""The quicker of two ways to multiply by a Linear's weights, measured on this machine; both are exact to rounding.

torch asks MKL, which uses half of what some processors can do: on a Zen 5 core 90 GFLOP/s, where oneDNN does 190, and
210 when it finds the weights in an order of its own; for 16 rows 67, 98 and 170. Elsewhere it is the other way round,
so nothing is decided by the processor's name. Weights in that order are there twice, so large ones stay as they are.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import Any

GAIN = 1.1  # before it is used: less may be noise
ROWS = 256
MOST = 300_000_000  # multiplications in one try
ROUNDS = 5
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
    gain = 1.0
    with (
        contextlib.suppress(Exception),
        torch.inference_mode(),
    ):  # torch promises nothing about this operation
        gain = _gain(max(fit, key=lambda one: one.weight.numel()))
    if gain < GAIN:
        return 1.0
    ordered = sum(one.weight.numel() * 4 for one in fit) <= TWICE
    for layer in fit:
        layer.__dict__["forward"] = _forward(layer, ordered=ordered)
    return gain


def beside(model: Any) -> int:
    """Bytes of its weights that are there a second time."""
    return sum(getattr(one.__dict__.get("forward"), "bytes", 0) for one in model.modules())


def _gain(layer: Any) -> float:
    """How many times quicker it is for one layer; 0 where it says something else."""
    import torch

    rows = max(1, min(ROWS, MOST // layer.weight.numel()))
    some = torch.randn(rows, layer.in_features)
    ways = (layer, _forward(layer))
    first, second = (way(some) for way in ways)
    if float((first - second).abs().max()) > CLOSE * max(1.0, float(first.abs().max())):
        return 0.0
    best = [float("inf"), float("inf")]
    for _ in range(ROUNDS):
        for at, way in enumerate(ways):
            began = time.process_time()
            way(some)
            best[at] = min(best[at], time.process_time() - began)
    return best[0] / max(best[1], 1e-9)


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
