"""How long the steps of a trace take on this machine: each kind once, with numbers of no meaning, and then counted.

What a processor does with a multiplication depends on its shape more than on anything else, so the very shapes are
tried: about thirty for most models, a fifth of a second. What was measured is kept for the machine.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import Any

from hf_nb.infer.backends.local.threads import fewer
from hf_nb.infer.fit.trace import GROUPED, Shape, Step, Trace, bytes_of, tensors
from hf_nb.infer.machine import Machine

ROUNDS = 5
LOOP = 40e-6  # seconds that one look lasts at least
SPAN = 4e-3  # and all of them: whoever else is at work takes a processor for so long
LONG = 0.1  # seconds for one step, after which one look is enough
PATIENCE = 3.0  # seconds for everything: what is left then is reckoned by its bytes
COLD = 48_000_000  # bytes of weights that no processor keeps at hand
LARGE = 200_000_000  # bytes of one weight that are tried; of a larger one so large a part
WHOLE = 1_000_000_000  # bytes that one step may take here


def seconds(trace: Trace, weights: int, machine: Machine, threads: int) -> float:
    """Of all the steps together. `weights`: bytes of the model, which pass through the processor's caches in turn."""
    import torch

    until = time.monotonic() + PATIENCE
    total = 0.0
    with torch.inference_mode(), fewer(threads):
        linears = _Linears(trace, machine, weights)
        # The largest first: what they take is what it is about.
        for step, count in sorted(trace.steps.items(), key=lambda one: -one[1] * _moved(one[0])):
            key = f"{_key(step, count, weights)} {torch.get_num_threads()}"
            each = machine.known(key)
            if each is None:
                each = _each(step, count, weights, linears) if time.monotonic() < until else None
                if each is None:
                    each = _moved(step) / machine.bandwidth
                else:
                    machine.learn(key, each)
            total += count * each
    return total


def _each(step: Step, count: int, weights: int, linears: _Linears) -> float | None:
    """Seconds of one call; None where it cannot be tried."""
    try:
        if _is_linear(step):
            return linears.timed(step, count)
        if _moved(step) > WHOLE:
            return None
        named = {pair[1]: _real(pair[2]) for pair in step.named[1:]}
        if step.name in GROUPED:  # every expert has as much to do
            import torch

            named["offs"] = torch.linspace(0, step.args[1].size[0], step.args[2].size[0] + 1)[1:].int()
        some = [_real(step.args) for _ in range(_copies(step, count, weights))]
        return _best(lambda args: step.function(*args, **named), some)
    except Exception:  # noqa: BLE001 -- torch says no in many ways
        return None


class _Linears:
    """Layers as the engine has them: multiplied by whatever is quicker here for the largest."""

    def __init__(self, trace: Trace, machine: Machine, weights: int) -> None:
        self.weights = weights
        from hf_nb.infer.backends.local import matmul

        sizes = [step.args[2] for step in trace.steps if _is_linear(step)]
        both = [
            count * bytes_of(step.args[2])
            for step, count in trace.steps.items()
            if _is_linear(step) and _taken(bytes_of(step.args[2]) // 4)
        ]
        self.ordered = sum(both) <= matmul.TWICE
        self.quick = bool(sizes) and quick(max(sizes, key=bytes_of), machine)

    def timed(self, step: Step, count: int) -> float:
        import torch

        from hf_nb.infer.backends.local import matmul

        shape, bias = step.args[2], step.args[3] if len(step.args) > 3 else None
        part = min(1.0, LARGE / bytes_of(shape))
        rows = max(1, int(shape.size[0] * part))
        given = _real(step.args[1])

        def layer() -> Any:
            made = torch.nn.Linear(shape.size[1], rows, bias=bias is not None, dtype=shape.dtype)
            if self.quick and _taken(made.weight.numel()):
                made.__dict__["forward"] = matmul._forward(made, ordered=self.ordered)  # noqa: SLF001
            return made

        own = bytes_of(shape) * part
        copies = max(1, min(count, -(-min(self.weights, COLD) // max(1, int(own)))))
        layers = [layer() for _ in range(copies)]
        functions = [one.__dict__.pop("forward", None) or _plain(one) for one in layers]
        each = _best(lambda function: function(given), functions)
        whole: float = each * (shape.size[0] / rows)
        return whole


def _plain(layer: Any) -> Callable[[Any], Any]:
    import torch

    return lambda given: torch.nn.functional.linear(given, layer.weight, layer.bias)


def _taken(numbers: int) -> bool:
    """Large enough for the engine to look at."""
    from hf_nb.infer.backends.local import matmul

    return numbers * matmul.ROWS >= matmul.LEAST


def quick(shape: Shape, machine: Machine) -> bool:
    """Whether the engine multiplies this model's largest layer by oneDNN here."""
    from hf_nb.infer.backends.local import matmul

    return _gain(shape, machine) >= matmul.GAIN


def anew(shape: Shape, machine: Machine) -> bool:
    """Whether each process will measure it anew, since nothing can be kept here."""
    from hf_nb.infer.backends.local import matmul

    return not machine.choices.keeps(matmul.kept_as(shape.size))


def either(shape: Shape, machine: Machine) -> bool:
    """Whether it may as well decide otherwise: it measures anew, and here the two are as quick."""
    from hf_nb.infer.backends.local import matmul

    return anew(shape, machine) and abs(_gain(shape, machine) / matmul.GAIN - 1) < matmul.NEAR


def _gain(shape: Shape, machine: Machine) -> float:
    """By how much oneDNN is quicker for a layer of this shape: what the engine goes by."""
    import torch

    from hf_nb.infer.backends.local import matmul

    if shape.dtype is not torch.float32 or not torch.backends.mkldnn.is_available():
        return matmul.NONE
    return matmul.gain(shape.size, machine.choices)


def _is_linear(step: Step) -> bool:
    return (
        step.name == "linear"
        and len(step.args) > 2
        and isinstance(step.args[2], Shape)
        and step.args[2].weight
    )


def _copies(step: Step, count: int, weights: int) -> int:
    """Weights of so many layers take turns: where a model is larger than the caches, none of them is found there."""
    own = sum(bytes_of(one) for one in tensors(step) if one.weight)
    return max(1, min(count, -(-min(weights, COLD) // own))) if own else 1


def _moved(step: Step) -> int:
    return sum(bytes_of(one) for one in tensors(step)) or 1


def _key(step: Step, count: int, weights: int) -> str:
    from torch.overrides import resolve_name

    said = f"{resolve_name(step.function) or step.function!r} {step.args!r} {step.named!r}"
    return f"{hashlib.sha1(said.encode(), usedforsecurity=False).hexdigest()[:20]} {_copies(step, count, weights)}"


def _best(call: Callable[[Any], Any], some: list[Any]) -> float:
    """Seconds of one call, each of `some` in turn, at its quickest: what disturbs only ever adds."""
    import torch

    clock = time.process_time if torch.get_num_threads() == 1 else time.perf_counter
    call(some[0])
    began = clock()
    for one in some:
        call(one)
    once = max((clock() - began) / len(some), 1e-7)
    if once * len(some) > LONG:
        return once
    loops = max(1, int(LOOP / (once * len(some))))
    best = once
    rounds, until = 0, time.perf_counter() + SPAN
    while rounds < ROUNDS or time.perf_counter() < until:
        began = clock()
        for _ in range(loops):
            for one in some:
                call(one)
        best = min(best, (clock() - began) / (loops * len(some)))
        rounds += 1
    return best


def _real(value: Any) -> Any:
    """The same with tensors: numbers between 0 and 1, and places that exist."""
    import torch

    if isinstance(value, Shape):
        return _tensor(value)
    if isinstance(value, tuple) and value and value[0] in (tuple, list):
        return value[0](_real(one) for one in value[1:])
    if isinstance(value, tuple) and value and value[0] is slice:
        return slice(*(_real(one) for one in value[1:]))
    if isinstance(value, tuple) and value and value[0] is dict:
        return {name: _real(one) for name, one in value[1:]}
    if isinstance(value, torch.device) and value.type == "meta":
        return torch.device("cpu")
    return "cpu" if isinstance(value, str) and value == "meta" else value


def _tensor(shape: Shape) -> Any:
    import torch

    if 0 in shape.stride:  # one number seen many times: written as often as it is seen, it would be refused
        return (
            torch.zeros(1, dtype=shape.dtype)
            .as_strided((1,) * len(shape.size), (1,) * len(shape.size))
            .expand(shape.size)
        )
    made = torch.empty_strided(shape.size, shape.stride, dtype=shape.dtype)
    if shape.dtype.is_floating_point:
        return made.uniform_()
    return made.fill_(True) if shape.dtype is torch.bool else made.zero_()
