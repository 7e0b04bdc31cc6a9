"""One training loop for all demo models: Muon for the matrices inside, AdamW for the rest, a rate that falls.

Muon (Jordan et al. 2024) needs about half the steps of AdamW at these sizes, and on two cores steps are what there
is too few of. `torch.optim` is not used because its first step imports `torch._dynamo` (about 3 s).
"""

from collections.abc import Callable, Iterable
from math import cos, pi
from typing import TYPE_CHECKING, Any

from hf_nb.offline.content.trainers.networks import Weights

if TYPE_CHECKING:
    from torch import Tensor

MOMENTUM, SQUARES = 0.9, 0.98


def fit(
    weights: Weights,
    batches: Iterable[tuple["Tensor", ...]],
    loss: Callable[..., "Tensor"],
    *,
    steps: int,
    rate: float,
    matrix_rate: float,
) -> Weights:
    """Train for `steps` batches and return the new weights; `loss(weights, *batch)` gives the number to lower."""
    import torch

    weights = {name: tensor.clone().requires_grad_() for name, tensor in weights.items()}
    tensors = list(weights.values())
    means = [torch.zeros_like(tensor) for tensor in tensors]
    squares = [torch.zeros_like(tensor) for tensor in tensors]
    inner = [_is_inner_matrix(name, tensor) for name, tensor in weights.items()]
    for step, batch in zip(range(1, steps + 1), batches, strict=False):
        gradients = torch.autograd.grad(loss(weights, *batch), tensors)
        share = schedule(step / steps)
        with torch.no_grad():
            for tensor, gradient, mean, square, muon in zip(
                tensors, gradients, means, squares, inner, strict=True
            ):
                if muon:
                    _muon(tensor, gradient, mean, share * matrix_rate)
                else:
                    _adam(tensor, gradient, mean, square, step, share * rate)
    return {name: tensor.detach() for name, tensor in weights.items()}


def schedule(done: float) -> float:
    """Share of the peak rate: up during the first twentieth, then half a cosine down to 2 %."""
    if done < 0.05:
        return done / 0.05
    return 0.02 + 0.98 * 0.5 * (1 + cos(pi * (done - 0.05) / 0.95))


def _is_inner_matrix(name: str, tensor: "Tensor") -> bool:
    return tensor.ndim == 2 and "embed" not in name and "classifier" not in name


def _adam(
    tensor: "Tensor", gradient: "Tensor", mean: "Tensor", square: "Tensor", step: int, rate: float
) -> None:
    mean.lerp_(gradient, 1 - MOMENTUM)
    square.mul_(SQUARES).addcmul_(gradient, gradient, value=1 - SQUARES)
    spread = (square / (1 - SQUARES**step)).sqrt_().add_(1e-8)
    tensor.addcdiv_(mean, spread, value=-rate / (1 - MOMENTUM**step))


def _muon(tensor: "Tensor", gradient: "Tensor", mean: "Tensor", rate: float) -> None:
    mean.mul_(0.95).add_(gradient)
    update = _orthogonal(gradient + 0.95 * mean)
    size = max(1.0, tensor.shape[0] / tensor.shape[1]) ** 0.5
    tensor.mul_(1 - 0.01 * rate).add_(update, alpha=-rate * size)


def _orthogonal(matrix: Any) -> Any:
    """The nearest matrix with all singular values near one: five Newton-Schulz steps."""
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.T if tall else matrix
    x = x / (x.norm() + 1e-7)
    for _ in range(5):
        square = x @ x.T
        x = 3.4445 * x + (-4.7750 * square + 2.0315 * square @ square) @ x
    return x.T if tall else x
