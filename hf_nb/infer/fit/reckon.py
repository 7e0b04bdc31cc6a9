"""Memory and seconds of a model that is not here, from what it does with an input.

seconds   what its steps take, and what its own Python costs: so much for a layer called and a function called
memory    its numbers, what stands beside them while it works, what it keeps of a text, and what torch brings along

The figures below are fitted on a hundred architectures. `tests/benchmarks/fit.py` fits them anew on all but one, and
prints how far off they are on that one.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import Any

from hf_nb.hub import fits
from hf_nb.infer.backends.local import threads
from hf_nb.infer.fit import replay, shapes, trace
from hf_nb.infer.fit.trace import Trace
from hf_nb.infer.machine import Machine

# Times what a step takes alone, and times the machine's unit for a layer called and for a function called. Between two
# fits: (1.11, 2.26, 0.885) beside other work, and (1.40, 0, 1.67) on a quiet Xeon with AMX.
STEPS, MODULES, CALLS = 1.3, 1.0, 1.3
ANSWERS = 3  # of the two ways that are tried, and their difference
# Bytes: the code of torch that a first pass brings into memory, and the trial of a layer. Of oneDNN alone: a first
# multiplication; a first convolution, with nothing of it there, or with some.
PASS, TRIAL = 29_800_000, 10_500_000
MULTIPLIES, CONVOLVES, FURTHER = 6_100_000, 8_000_000, 3_900_000
BEFORE = 26_500_000  # of the first of them, before the pass
# What is given back to the C library leaves holes that the next does not fit into, so much of it; blocks so large are
# given back to the system.
HOLES, LARGE = 0.78, 64_000_000
TOKEN = 60.0  # units for a token beyond the model itself: choosing it, looking whether it is the last


@dataclass(frozen=True)
class Reckoned:
    """What a model takes. `work`: bytes beside the weights; `kept`: bytes of the text it has read; `token`: seconds.

    `beside`: bytes of weights that are there a second time, in the order in which this machine multiplies quickest.
    `either`: bytes that may be there a second time or not, since both ways are as quick here. `tried`: bytes while that
    is found out, with the largest layer alone, where this machine has not settled it; `largest`: that layer's own.
    `quick`: it multiplies by oneDNN.
    """

    weights: int
    work: int
    kept: int
    beside: int
    seconds: float | None
    token: float | None = None
    parameters: int = 0
    either: int = 0
    tried: int = 0
    largest: int = 0
    convolves: bool = False
    quick: bool = False


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
    at_once = threads.wanted(model, tokens)
    first, answer = trace.watched(model, given, at_once)
    numbers = list(_numbers(model))
    weights = sum(one.numel() * one.element_size() for one in numbers)
    count = sum(one.numel() for one in model.parameters())
    clock = machine if timed else None
    took = _seconds(first, weights, clock, at_once)
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
    elif writes and took is not None:  # it keeps nothing: for each token the whole text is read again
        step, took = took, took * new_tokens
    seen = any(step.name.startswith("conv") for step in first.steps)
    found = Reckoned(weights, first.bytes, kept, 0, took, step, count, convolves=seen)
    return found if machine is None else _ordered(found, model, machine)


def _ordered(found: Reckoned, model: Any, machine: Machine) -> Reckoned:
    """As the engine decides it: by its largest layer, and not where it would be too much."""
    import torch

    from hf_nb.infer.backends.local import matmul

    some = [
        one.weight
        for one in model.modules()
        if type(one) is torch.nn.Linear and one.weight.dtype is torch.float32
    ]
    fit = {id(one): one for one in some if one.numel() * matmul.ROWS >= matmul.LEAST}.values()
    if not fit:
        return found
    total = sum(one.numel() * 4 for one in fit)
    held = total if total <= matmul.TWICE else 0
    largest = max(fit, key=lambda one: one.numel())
    shape, (out, into) = trace.shape_of(largest), (matmul.rows(largest.shape), largest.shape[1])
    rows = max(1, min(matmul.ROWS, matmul.MOST // (out * into)))
    tried = out * into * 4 + rows * (ANSWERS * out + into) * 4
    quick = replay.quick(shape, machine)
    return replace(
        found,
        beside=held if quick else 0,
        either=held if replay.either(shape, machine) else 0,
        tried=tried if replay.anew(shape, machine) else 0,
        largest=largest.numel() * 4,
        quick=quick,
    )


def peak(found: Reckoned, model: Any, stored: int | None, scale: float = 1.0) -> int:
    """Bytes at most: loaded, tried, and at work; the weights take `scale` of what they do in this dtype.

    Numbers that are made longer while they are loaded stand there twice, and so does all of a file of which one tensor
    was left as it is, for as long as the model is there. A file as it is comes into memory where it is touched.
    """
    weights = round(found.weights * scale)
    twice = stored if stored is not None and stored < 0.99 * _filed(model) * scale else 0
    held = twice if _left(model) else 0
    read = weights + held if twice else round(found.largest * scale)
    return max(
        weights + twice + round(rebuilt(model) * scale) + fits.BROUGHT // 2,
        read + found.tried + BEFORE + TRIAL if found.tried else 0,
        weights + held + round(rebuilt(model) * scale) + found.kept + found.beside + _working(found),
    )


def _working(found: Reckoned) -> int:
    """What stands beside the weights, and the code that works on them."""
    before = TRIAL if found.tried else MULTIPLIES if found.quick else 0
    convolves = 0 if not found.convolves else FURTHER if before else CONVOLVES
    return found.work + round(HOLES * min(found.work, LARGE)) + PASS + before + convolves


def _filed(model: Any) -> int:
    """Bytes of it that come from its file; the rest it makes itself."""
    named = set(model.state_dict())
    beside = (one for name, one in model.named_buffers() if name in named)
    return sum(one.numel() * one.element_size() for one in itertools.chain(model.parameters(), beside))


def _left(model: Any) -> bool:
    """Whether it has numbers in its file that are no fractions: they are used where they lie."""
    return any(not one.is_floating_point() for one in model.state_dict().values())


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
