"""What can be made of a model that may be quicker: a copy that answers as it does, in another precision or engine."""

from __future__ import annotations

import copy as copying
import importlib.util
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hf_nb.infer.backends.local import narrow, threads

if TYPE_CHECKING:
    from hf_nb.infer.backends.local.model import Loaded

NAMES = {"bf16": "half the bits", "int8": "Linear layers in 8 bits", "onnx": "ONNX Runtime, all bits"}
LARGEST = 1_500_000_000  # bytes that one ONNX file may hold


@dataclass
class Copy:
    """`answer(tensors)` says what the model would; `doubt`: a margin below which the model itself is asked."""

    name: str
    task: str
    answer: Callable[[dict[str, Any]], Any]
    bytes: int
    doubt: float = 0.0

    def passed(self, loaded: Loaded, pieces: list[Any]) -> Any:
        """What it says of these pieces, in one pass."""
        given = loaded.reader.batch(pieces, loaded.device)
        with threads.computing(loaded.model, given["input_ids"].numel()):
            return self.answer(given)

    def unsure(self, said: Any, lengths: list[int]) -> list[bool]:
        """Which rows it does not decide clearly."""
        from hf_nb.infer.backends.local.accel import sureness

        return [margin < self.doubt for margin in sureness.margins(said, lengths, self.task)]


def make(loaded: Loaded, name: str, task: str) -> Copy | None:
    """This copy of a model, where it can be made here; raises what torch raises."""
    made: Callable[[Loaded], tuple[Callable[[dict[str, Any]], Any], int] | None] = _WAYS[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that an operation will move to another package some day
        found = made(loaded)
    return None if found is None else Copy(name, task, *found)


def _plain(loaded: Loaded) -> Any:
    """A copy of the model without what `matmul` put into it; its last layer is as narrow as the model's."""
    model = copying.deepcopy(loaded.model)
    for layer in model.modules():
        layer.__dict__.pop("forward", None)
    if loaded.kept.get("narrow"):
        narrow.again(model)
    return model


def _bf16(loaded: Loaded) -> tuple[Callable[[dict[str, Any]], Any], int]:
    import torch

    model = _plain(loaded).to(torch.bfloat16)
    return lambda tensors: model(**tensors), sum(one.numel() * 2 for one in model.parameters())


def _int8(loaded: Loaded) -> tuple[Callable[[dict[str, Any]], Any], int] | None:
    import torch

    try:
        from torch.ao.quantization import quantize_dynamic
    except ImportError:
        return None
    model = quantize_dynamic(_plain(loaded), {torch.nn.Linear}, dtype=torch.qint8, inplace=True)
    linear = sum(one.weight.numel() for one in loaded.model.modules() if type(one) is torch.nn.Linear)
    return lambda tensors: model(**tensors), linear + 4 * sum(one.numel() for one in model.parameters())


def _onnx(loaded: Loaded) -> tuple[Callable[[dict[str, Any]], Any], int] | None:
    if (
        not all(map(importlib.util.find_spec, ("onnxruntime", "onnx", "onnxscript")))
        or loaded.bytes > LARGEST
    ):
        return None
    from hf_nb.infer.backends.local.accel import exported

    return exported.copy(_plain(loaded), loaded)


_WAYS: dict[str, Callable[[Loaded], tuple[Callable[[dict[str, Any]], Any], int] | None]] = {
    "bf16": _bf16,
    "int8": _int8,
    "onnx": _onnx,
}
