"""Memory and seconds of a model that is not here, from what it does with an input.

seconds   what its steps take, and what its own Python costs: so much for a layer called and a function called
memory    its numbers, what stands beside them while it works, what it keeps of a text, and what torch brings along

The figures below are fitted on a hundred architectures. `tests/benchmarks/fit.py` fits them anew on all but one, and
prints how far off they are on that one.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

from hf_nb.hub import fits
from hf_nb.infer.backends.local import threads
from hf_nb.infer.fit import replay, shapes, trace
from hf_nb.infer.fit.machine import Machine
from hf_nb.infer.fit.trace import Trace

# Times what a step takes alone, and times the machine's unit for a layer called and for a function called.
STEPS, MODULES, CALLS = 1.11, 2.26, 0.885
TOKEN = 60.0  # units for a token beyond the model itself: choosing it, looking whether it is the last


@dataclass(frozen=True)
class Reckoned:
    """What a model takes. `work`: bytes beside the weights; `kept`: bytes of the text it has read; `token`: seconds.

    `beside`: bytes of weights that are there a second time, in the order in which this machine multiplies quickest.
    """

    weights: int
    work: int
    kept: int
    beside: int
    seconds: float | None
    token: float | None = None
    parameters: int = 0


def reckon(
    model: Any,
    machine: Machine | None,
    *,
    tokens: int,
    new_tokens: int,
    seconds: float,
    writes: bool,
    timed: bool = True,
) -> Reckoned:
    """`machine`: None where it is not this one's processor that computes. `writes`: it answers token by token."""
    given = shapes.inputs(model, tokens, seconds)
    first, answer = trace.watched(model, given)
    numbers = list(_numbers(model))
    weights = sum(one.numel() * one.element_size() for one in numbers)
    count = sum(one.numel() for one in model.parameters())
    clock = machine if timed else None
    took = _seconds(first, weights, clock, threads.wanted(model, tokens))
    step = None
    kept = 0
    cache = getattr(answer, "past_key_values", None)
    if writes and cache is not None:
        own, across, length = _kept(cache)
        kept = across + own * (tokens + new_tokens) // max(1, length)
        later, _ = trace.watched(model, _next(model, given, answer))
        step = _seconds(later, weights, clock, threads.wanted(model, 1))
        if step is not None and clock is not None:
            step += TOKEN * clock.unit
        took = None if took is None or step is None else took + step * max(0, new_tokens - 1)
    return Reckoned(weights, first.bytes, kept, _beside(model, machine), took, step, count)


def _beside(model: Any, machine: Machine | None) -> int:
    """As the engine decides it: by its largest layer, and not where it would be too much."""
    import torch

    from hf_nb.infer.backends.local import matmul

    some = [
        one.weight
        for one in model.modules()
        if type(one) is torch.nn.Linear and one.weight.dtype is torch.float32
    ]
    fit = {id(one): one for one in some if one.numel() * matmul.ROWS >= matmul.LEAST}.values()
    total = sum(one.numel() * 4 for one in fit)
    if machine is None or not fit or total > matmul.TWICE:
        return 0
    largest = max(fit, key=lambda one: one.numel())
    return total if replay.quick(trace.shape_of(largest), machine) else 0


def peak(found: Reckoned, model: Any, stored: int | None, scale: float = 1.0) -> int:
    """Bytes at most, loaded and at work; the weights take `scale` of what they do in this dtype."""
    weights = round(found.weights * scale)
    return max(
        fits.peak(weights, stored, 0),
        weights + round(rebuilt(model) * scale) + found.work + found.kept + found.beside + fits.BROUGHT,
    )


def rebuilt(model: Any) -> int:
    """Bytes of experts: a file holds them one by one, a layer as one, and while it is loaded they stand there twice."""
    return sum(
        one.numel() * one.element_size()
        for name, one in model.named_parameters()
        if one.dim() == 3 and ".experts." in name
    )


def _numbers(model: Any) -> Any:
    seen = set()
    for one in itertools.chain(model.parameters(), model.buffers()):
        if id(one) not in seen:
            seen.add(id(one))
            yield one


def _seconds(one: Trace, weights: int, machine: Machine | None, threads_: int) -> float | None:
    if machine is None:
        return None
    steps = replay.seconds(one, weights, machine, threads_)
    return STEPS * steps + machine.unit * (MODULES * one.modules + CALLS * one.calls)


def _kept(cache: Any) -> tuple[int, int, int]:
    """Bytes that grow with the text, bytes that do not, and the tokens read so far."""
    own = getattr(cache, "self_attention_cache", cache)
    across = getattr(cache, "cross_attention_cache", None)
    return _cached(own), 0 if across is None else _cached(across), int(own.get_seq_length())


def _cached(cache: Any) -> int:
    total = 0
    for layer in getattr(cache, "layers", ()):
        for one in (getattr(layer, "keys", None), getattr(layer, "values", None)):
            if one is not None:
                total += one.numel() * one.element_size()
    return total


def _next(model: Any, given: dict[str, Any], answer: Any) -> dict[str, Any]:
    """What is put in for the second token."""
    import torch

    word = torch.zeros(1, 1, dtype=torch.long, device="meta")
    if getattr(model.config, "is_encoder_decoder", False):
        from transformers.modeling_outputs import BaseModelOutput

        seen = BaseModelOutput(last_hidden_state=answer.encoder_last_hidden_state)
        return {"decoder_input_ids": word, "encoder_outputs": seen, "past_key_values": answer.past_key_values}
    return {"input_ids": word, "past_key_values": answer.past_key_values}
