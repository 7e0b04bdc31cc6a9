"""In which formats a model's numbers are there, and the room they take in memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from hf_nb.hub.precision import BYTES
from hf_nb.values.info import File, Weights

# What a model may be loaded as. Packed 4-bit weights keep a scale for every few dozen numbers: half a bit each.
LOADED: dict[str, float] = {"fp32": 4, "bf16": 2, "int8": 1, "int4": 0.5625}
_WHOLE = frozenset({"F64", "F32", "F16", "BF16", "F8_E4M3", "F8_E5M2"})

FORMATS: dict[str, str] = {
    ".safetensors": "safetensors",
    ".gguf": "GGUF",
    ".onnx": "ONNX",
    ".onnx_data": "ONNX",
    ".bin": "pickle",
    ".pt": "pickle",
    ".pth": "pickle",
    ".ckpt": "pickle",
    ".pkl": "pickle",
    ".pickle": "pickle",
    ".joblib": "pickle",
    ".h5": "Keras",
    ".keras": "Keras",
    ".msgpack": "Flax",
    ".tflite": "TFLite",
    ".npz": "NumPy",
}
_ORDER = tuple(dict.fromkeys(FORMATS.values()))
_GGUF = re.compile(r"(?:^|[-._])((?:IQ|Q|TQ)\d\w*|BF16|F16|F32|MXFP4)(?=[-.]|$)", re.IGNORECASE)
_ONNX = re.compile(r"_(fp16|int8|uint8|q4f16|q4|q8|bnb4|quantized)(?=[._])", re.IGNORECASE)
_SHARD = re.compile(r"-\d{5}-of-\d{5}")
# state of a training run, not weights
_NO_WEIGHTS = re.compile(r"(?:^|/)(?:training_args|optimizer|scheduler|rng_state\w*|scaler)\.")


def variants(files: Iterable[File]) -> tuple[Weights, ...]:
    """The files that hold weights, put together by format, precision and folder; the safest format first."""
    groups: dict[tuple[str, str | None, str], list[File]] = {}
    for file in files:
        kind = FORMATS.get(_ending(file.path))
        if kind and not _NO_WEIGHTS.search(file.path):
            folder = file.path.rpartition("/")[0]
            stem = _SHARD.sub("", file.path) if kind == "GGUF" else folder
            groups.setdefault((kind, _precision(kind, file.path), stem), []).append(file)
    return tuple(
        Weights(kind, precision, tuple(one.path for one in found), sum(one.size or 0 for one in found))
        for (kind, precision, _), found in sorted(
            groups.items(), key=lambda pair: (_ORDER.index(pair[0][0]), pair[0][2])
        )
    )


def memory(parameters: Mapping[str, int], total: int | None = None) -> dict[str, int]:
    """Bytes the weights alone take: as stored, and loaded as something else. Nothing is known of packed numbers."""
    found: dict[str, int] = {}
    if parameters:
        found["stored"] = round(sum(number * BYTES.get(kind, 4) for kind, number in parameters.items()))
    packed = sum(number for kind, number in parameters.items() if kind not in _WHOLE)
    count = total or sum(parameters.values())
    if count and packed <= 0.02 * count:  # position ids and masks are whole numbers in any model
        found |= {name: round(count * each) for name, each in LOADED.items()}
    return found


def parameters(found: Any) -> dict[str, int]:
    """Numbers by type, as safetensors files state them."""
    stated = getattr(getattr(found, "safetensors", None), "parameters", None)
    if not isinstance(stated, dict):
        return {}
    return {str(kind): number for kind, number in stated.items() if isinstance(number, int) and number > 0}


def _ending(path: str) -> str:
    name = path.rpartition("/")[2]
    return "." + name.rpartition(".")[2].lower() if "." in name else ""


def _precision(kind: str, path: str) -> str | None:
    name = path.rpartition("/")[2]
    if kind == "GGUF":
        found = _GGUF.findall(name)
        return str(found[-1]).upper() if found else None
    if kind == "ONNX":
        found = _ONNX.findall(name)
        return str(found[-1]).lower() if found else None
    return None
