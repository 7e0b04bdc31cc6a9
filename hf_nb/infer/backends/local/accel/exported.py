"""A model as ONNX Runtime runs it, exported by torch itself."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hf_nb.infer.backends.local.model import Loaded


def copy(model: Any, loaded: Loaded) -> tuple[Callable[[dict[str, Any]], Any], int]:
    """What answers in place of the model, and the bytes of its file."""
    import onnxruntime
    import torch

    reader = loaded.reader
    example = reader.batch([reader.plain("One example."), reader.plain("Another one, longer.")], "cpu")
    inputs = list(example)
    with torch.inference_mode():
        outputs = [name for name, one in model(**example).items() if isinstance(one, torch.Tensor)]
    model.config.return_dict = True
    axes = {name: {0: "rows", 1: "tokens"} for name in inputs}
    axes |= {name: {0: "rows"} | ({1: "tokens"} if name.endswith("hidden_state") else {}) for name in outputs}
    with torch.no_grad(), tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.onnx"
        torch.onnx.export(
            Named(model, inputs, outputs),
            tuple(example.values()),
            file,
            input_names=inputs,
            output_names=outputs,
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
        whole = file.read_bytes()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    options.log_severity_level = 3
    running = onnxruntime.InferenceSession(whole, options, providers=["CPUExecutionProvider"])

    def answer(tensors: dict[str, Any]) -> Any:
        said = running.run(outputs, {name: one.numpy() for name, one in tensors.items()})
        return SimpleNamespace(**dict(zip(outputs, map(torch.from_numpy, said), strict=True)))

    return answer, len(whole)


def Named(model: Any, inputs: list[str], outputs: list[str]) -> Any:  # noqa: N802 -- it makes a class of torch's
    """The model with its inputs in order, as an exporter asks for it."""
    import torch

    class _Named(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *given: Any) -> Any:
            said = self.model(**dict(zip(inputs, given, strict=True)))
            return tuple(said[name] for name in outputs)

    return _Named().eval()
