"""What torch takes while a step works, beside what goes in and comes out: copies in another order, columns, indices.

By the step's kind and shape alone, never by the model's name. Measured on shapes so large that nothing else counts,
on a processor with AVX-512 (oneDNN pads channels to 16 there, elsewhere to 8: that is all of it that depends on one).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

BLOCK = 16  # channels that oneDNN puts side by side
FEW = 3  # channels that it reads as they lie
SMALL = 20_480  # numbers in an input, up to which torch multiplies a convolution's columns itself
BATCH = 16


def scratch(name: str, args: Any, named: dict[str, Any], answer: Any, threads: int) -> int:
    """Bytes that are gone when the step is over."""
    rule = _RULES.get(name)
    if rule is None:
        return 0
    try:
        return max(0, int(rule(answer, threads, *args, **named)))
    except (TypeError, AttributeError, IndexError, ValueError):  # called in a way that nobody calls it
        return 0


def _bytes(tensor: Any) -> int:
    made: int = tensor.numel() * tensor.element_size()
    return made


def _all(value: Any, count: int) -> tuple[int, ...]:
    return (value,) * count if isinstance(value, int) else tuple(value) * (count if len(value) == 1 else 1)


def _convolution(
    answer: Any,
    threads: int,
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> int:
    """Input, weights and answer are copied into an order of oneDNN's own, though not all at one time."""
    import torch

    kernel = tuple(weight.shape[2:])
    count = len(kernel)
    moved = any(one != 1 for one in (*_all(stride, count), *_all(dilation, count)))
    plain = math.prod(kernel) == 1 and not moved
    batch = input.shape[0] if input.dim() == count + 2 else 1
    wide = count > 1 and all(one > FEW for one in kernel[-2:])
    ordered = (
        torch.backends.mkldnn.is_available()
        and input.dtype is torch.float32
        and (not plain or batch >= BATCH or threads > 1)
        and (groups > 1 or wide or batch > 1 or input.numel() > SMALL)
    )
    if not ordered:
        out = answer.numel() // max(1, weight.shape[0])
        return 0 if plain else weight.shape[1] * math.prod(kernel) * out * input.element_size()
    if _last(input):
        return _bytes(weight)
    read = 0 if input.shape[-count - 1] <= FEW else _padded(input, count)
    written = _padded(answer, count)
    return _bytes(weight) + max(read + written - _bytes(answer), written)


def _last(input: Any) -> bool:
    """Channels side by side already."""
    return bool(input.dim() > 3 and input.shape[1] > 1 and input.stride(1) == 1)


def _padded(tensor: Any, count: int) -> int:
    channels = tensor.shape[-count - 1]
    return int(_bytes(tensor) * -(-channels // BLOCK) * BLOCK // channels)


def _turned(answer: Any, threads: int, input: Any, weight: Any, *_: Any, **__: Any) -> int:
    """A convolution the other way round."""
    return _bytes(input) + 2 * _bytes(answer) + _bytes(weight)


def _in_a_row(answer: Any, threads: int, input: Any, *_: Any, **__: Any) -> int:
    """What reads along the last axis copies an input that lies otherwise."""
    return 0 if input.is_contiguous() else _bytes(input)


def _softmax(answer: Any, threads: int, input: Any, *_: Any, **__: Any) -> int:
    return 0 if input.is_contiguous() else _bytes(answer)


def _rolled(answer: Any, threads: int, input: Any, shifts: Any, dims: Any = None, **_: Any) -> int:
    """Axis by axis, by way of a copy."""
    return _bytes(input) if isinstance(shifts, (tuple, list)) and len(shifts) > 1 else 0


def _pooled(answer: Any, threads: int, *_: Any, **__: Any) -> int:
    """The largest of each window, and where it was, in eight bytes."""
    one = answer[0] if isinstance(answer, (tuple, list)) else answer
    return one.numel() * 8 if not isinstance(answer, (tuple, list)) else 0


def _linear(answer: Any, threads: int, input: Any, *_: Any, **__: Any) -> int:
    return 0 if _seen_as(input, (-1, input.shape[-1])) else _bytes(input)


def _multiplied(answer: Any, threads: int, one: Any, other: Any, *_: Any, **__: Any) -> int:
    """Matrices of a batch are multiplied one after another: axes that cannot be seen as one are copied."""
    if min(one.dim(), other.dim()) < 3:
        return 0
    return sum(
        0 if _seen_as(each, (-1, *each.shape[-2:])) else _bytes(each)
        for each in (
            one.expand(*answer.shape[:-2], *one.shape[-2:]),
            other.expand(*answer.shape[:-2], *other.shape[-2:]),
        )
    )


def _seen_as(tensor: Any, shape: tuple[int, ...]) -> bool:
    try:
        tensor.view(shape)
    except RuntimeError:
        return False
    return True


def _attended(
    answer: Any,
    threads: int,
    query: Any,
    key: Any,
    value: Any,
    attn_mask: Any = None,
    *_: Any,
    **__: Any,
) -> int:
    """In pieces, where it may be; else all the scores, before and after softmax. A mask of bits becomes numbers."""
    import torch

    mask = attn_mask.numel() * 4 if attn_mask is not None and attn_mask.dtype is torch.bool else 0
    shapes = query.dim() == 4 and query.shape[-1] == value.shape[-1]
    if shapes and all(one.stride(-1) == 1 for one in (query, key, value)):
        return mask
    scores = math.prod(query.shape[:-1]) * key.shape[-2] * query.element_size()
    return int(mask + 2 * scores)


def _transformed(answer: Any, threads: int, input: Any, *_: Any, **__: Any) -> int:
    """Numbers become complex ones before they are looked at."""
    return 0 if input.is_complex() else _bytes(answer)


_RULES: dict[str, Callable[..., int]] = {
    "conv1d": _convolution,
    "conv2d": _convolution,
    "conv3d": _convolution,
    "conv_transpose1d": _turned,
    "conv_transpose2d": _turned,
    "conv_transpose3d": _turned,
    "layer_norm": _in_a_row,
    "softmax": _softmax,
    "log_softmax": _softmax,
    "roll": _rolled,
    "max_pool1d": _pooled,
    "max_pool2d": _pooled,
    "linear": _linear,
    "matmul": _multiplied,
    "__matmul__": _multiplied,
    "scaled_dot_product_attention": _attended,
    "fft_fft": _transformed,
    "fft_fftn": _transformed,
    "fft_fft2": _transformed,
}
