"""What a model does with an input, step by step, without its weights and without computing: tensors have a shape only.

A config of a kilobyte is enough. The steps are those of torch's own functions, as the model's code calls them, so any
architecture that transformers knows is understood.
"""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from hf_nb.infer.fit.scratch import scratch

LONGEST = 20.0  # seconds of a processor for one model: what a stranger's config describes may be of any size
MOST_STEPS = 400_000


class Shape(NamedTuple):
    """A tensor without its numbers. `weight`: one of the model's own."""

    size: tuple[int, ...]
    dtype: Any
    stride: tuple[int, ...]
    weight: bool


class Step(NamedTuple):
    """One call of one of torch's functions; tensors are Shapes."""

    function: Callable[..., Any]
    args: Any
    named: Any

    @property
    def name(self) -> str:
        """The function's."""
        return getattr(self.function, "__name__", "")


class TooLong(Exception):
    """There is more of it than anybody would run."""


@dataclass
class Trace:
    """What one pass does. `bytes`: the most that stands in memory at once beside the weights and the input.

    `modules`: so many layers are called; `calls`: so many functions.
    """

    steps: dict[Step, int] = field(default_factory=dict)
    bytes: int = 0
    modules: int = 0
    calls: int = 0


def watched(model: Any, inputs: dict[str, Any], threads: int = 1) -> tuple[Trace, Any]:
    """One pass of a model of shapes, and its answer. `threads`: how many it would have."""
    import torch

    mode = _mode(Trace(), threads)
    trace: Trace = mode.trace

    def count(*_: Any) -> None:
        trace.modules += 1

    hooks = [one.register_forward_pre_hook(count) for one in model.modules()]
    try:
        with torch.inference_mode(), mode:
            answer = model(**inputs)
    finally:
        for hook in hooks:
            hook.remove()
    return trace, answer


def unwatched() -> Any:
    """While the block runs, what depends on numbers is guessed, and there is an end to it."""
    return _mode(None)


def _mode(trace: Trace | None, threads: int = 1) -> Any:
    from torch.overrides import TorchFunctionMode

    until = time.thread_time() + LONGEST
    memory = _Memory()

    class Watch(TorchFunctionMode):
        def __init__(self) -> None:
            super().__init__()
            self.trace = trace

        def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            named = kwargs or {}
            name = getattr(func, "__name__", "")
            if name in _GUESSED and _is_shape(args):
                return _GUESSED[name]
            answer = _grouped(args) if name in GROUPED and _is_shape(args) else func(*args, **named)
            if time.thread_time() > until or (trace is not None and trace.calls > MOST_STEPS):
                raise TooLong
            if trace is not None:
                trace.calls += 1
                if name not in _FREE:
                    step = Step(func, _shaped(args), _shaped(tuple(sorted(named.items()))))
                    trace.steps[step] = trace.steps.get(step, 0) + 1
                    memory.made(answer)
                    working = memory.now + scratch(name, args, named, answer, threads)
                    trace.bytes = max(trace.bytes, memory.most, working)
            return answer

    return Watch()


# What depends on the numbers, which nobody has: a mask leaves nothing out, and there is always something to do.
_GUESSED: dict[str, Any] = {"__bool__": True, "item": 1, "__contains__": False}
# What costs no more than asking for it.
_FREE = frozenset(
    {"__get__", "__set__", "size", "dim", "numel", "stride", "is_contiguous", "is_floating_point", "__len__"}
)
# Experts in one multiplication; torch says the shape of its answer for 16 bits only.
GROUPED = frozenset({"_grouped_mm", "grouped_mm"})


def _is_shape(args: Any) -> bool:
    return bool(args) and getattr(getattr(args[0], "device", None), "type", "") == "meta"


def _grouped(args: Any) -> Any:
    return args[0].new_empty((args[0].shape[0], args[1].shape[-1]))


class _Memory:
    """Which storages stand, by the tensors that lead to them."""

    def __init__(self) -> None:
        self.now = self.most = 0
        self._held: dict[int, int] = {}
        self._refs: dict[int, Any] = {}

    def made(self, answer: Any) -> None:
        import torch

        if isinstance(answer, torch.Tensor):
            self._one(answer)
        elif isinstance(answer, (tuple, list)):
            for one in answer:
                self.made(one)

    def _one(self, tensor: Any) -> None:
        import torch

        mine = id(tensor)
        if isinstance(tensor, torch.nn.Parameter) or mine in self._refs:
            return
        storage = tensor.untyped_storage()
        key, size = storage._cdata, storage.nbytes()  # noqa: SLF001 -- the only name a storage has
        if key not in self._held:
            self.now += size
            self.most = max(self.most, self.now)
        self._held[key] = self._held.get(key, 0) + 1

        def gone(_: Any) -> None:
            self._refs.pop(mine, None)
            self._held[key] -= 1
            if not self._held[key]:
                del self._held[key]
                self.now -= size

        self._refs[mine] = weakref.ref(tensor, gone)


def _shaped(value: Any) -> Hashable:
    """A value that can be compared, with Shapes in place of tensors; the first item says which kind of collection."""
    import torch

    if isinstance(value, torch.Tensor):
        return shape_of(value)
    if isinstance(value, (list, tuple)):
        return (list if isinstance(value, list) else tuple, *map(_shaped, value))
    if isinstance(value, dict):
        return (dict, *((name, _shaped(one)) for name, one in value.items()))
    if isinstance(value, slice):
        return (slice, _shaped(value.start), _shaped(value.stop), _shaped(value.step))
    try:
        hash(value)
    except TypeError:
        return repr(value)
    made: Hashable = value
    return made


def shape_of(tensor: Any) -> Shape:
    """A tensor without its numbers."""
    import torch

    return Shape(tuple(tensor.shape), tensor.dtype, tensor.stride(), isinstance(tensor, torch.nn.Parameter))


def bytes_of(shape: Shape) -> int:
    """What a tensor takes."""
    total: int = shape.dtype.itemsize
    for one in shape.size:
        total *= one
    return total


def tensors(step: Step) -> list[Shape]:
    """Every tensor that goes into a step."""
    found: list[Shape] = []

    def look(value: Any) -> None:
        if isinstance(value, Shape):
            found.append(value)
        elif isinstance(value, tuple):
            for one in value:
                look(one)

    look(step.args)
    look(step.named)
    return found
