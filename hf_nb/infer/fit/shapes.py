"""A model without its weights, from its config, and what is put into it. A stranger's config is a stranger's."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any

from hf_nb.infer.fit.trace import unwatched

# What would ask for code, kernels or weights from elsewhere.
_DROPPED = frozenset(
    {
        "auto_map",
        "attn_implementation",
        "experts_implementation",
        "quantization_config",
        "use_pretrained_backbone",
        "use_timm_backbone",
        "backbone",
        "transformers_version",
        "architectures",
        "dtype",
        "torch_dtype",
    }
)
MOST = 100_000_000  # larger than any number in a config that means something
MOST_LABELS, MOST_LAYERS = 100_000, 2_000
_MANY = re.compile(r"layers?$|^n_layer|depth|num_blocks|num_experts|num_local_experts|num_stages")
DEEPEST = 12
RATE = 16_000  # samples of sound a second
PICTURE = 224
FRAMES = 3000


class Unknown(Exception):
    """No architecture of transformers."""


def config_of(read: dict[str, Any], dtype: Any = None) -> Any:
    """Transformers' own settings object; only of architectures it brings along itself."""
    from transformers import CONFIG_MAPPING

    kind = read.get("model_type")
    if not isinstance(kind, str) or kind not in CONFIG_MAPPING:
        raise Unknown(str(kind)[:60])
    config = CONFIG_MAPPING[kind].from_dict(_plain(read))
    names = read.get("architectures")
    config.architectures = [one for one in names if isinstance(one, str)] if isinstance(names, list) else []
    if dtype is not None:
        config.dtype = dtype
    return config


def _plain(value: Any, deep: int = 0) -> Any:
    if deep > DEEPEST:
        raise Unknown("a config nested without end")
    if isinstance(value, dict):
        if any(_odd(name, one) for name, one in value.items()):
            raise Unknown("a config of numbers nobody means")
        return {
            name: _plain(one, deep + 1)
            for name, one in value.items()
            if isinstance(name, str) and name not in _DROPPED and not name.startswith("_")
        }
    if isinstance(value, list):
        return [_plain(one, deep + 1) for one in value]
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) > MOST and value < 1e18:
        raise Unknown("a config of numbers nobody means")
    return value


def built(config: Any, auto: str | None, dtype: Any = None) -> Any:
    """The model of one of transformers' Auto classes, or of the class that its config names."""
    import torch
    import transformers

    if isinstance(labels := getattr(config, "num_labels", None), int) and labels > MOST_LABELS:
        raise Unknown("a config of numbers nobody means")
    how = {"dtype": dtype} if dtype is not None else {}
    kind = _class(config, auto)  # what is imported for it takes seconds of its own
    with quietly(), torch.device("meta"), unwatched():
        if auto is not None:
            made = getattr(transformers, auto).from_config(config, **how)
        else:
            made = kind._from_config(config, **how)  # noqa: SLF001 -- what the Auto classes call
    return made.to("meta").eval()  # some parameters are made past the device that is asked for


def _odd(name: Any, value: Any) -> bool:
    """More layers or labels than anything has: transformers makes lists of them before it makes a model."""
    most = MOST_LABELS if "label" in str(name) else MOST_LAYERS if _MANY.search(str(name)) else None
    return most is not None and isinstance(value, (int, float)) and value > most


def _class(config: Any, auto: str | None) -> Any:
    import transformers

    if auto is not None:
        mapping = getattr(transformers, auto)._model_mapping  # noqa: SLF001 -- it has no public name
        return mapping.get(type(config), None)
    named = next(iter(config.architectures), "")
    kind = getattr(transformers, named, None)
    if not (isinstance(kind, type) and issubclass(kind, transformers.PreTrainedModel)):
        raise Unknown(named[:60])
    return kind


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Transformers has something to say about every config that is not its own."""
    from transformers.utils import logging

    level = logging.get_verbosity()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(level)


def inputs(model: Any, tokens: int, seconds: float, *, device: str = "meta") -> dict[str, Any]:
    """One input of a usual size: so many tokens, a picture of the model's own size, so many seconds of sound."""
    import torch

    config = model.config
    text = getattr(config, "text_config", None) or config
    size = min(int(getattr(text, "vocab_size", 0) or 100), 20_000)

    def words(count: int, rows: int = 1) -> Any:
        if device == "meta":
            return torch.zeros(rows, count, dtype=torch.long, device="meta")
        made = torch.randint(
            min(5, size - 1), size, (rows, count), generator=torch.Generator().manual_seed(1)
        )
        return made.to(device)

    def numbers(*shape: int) -> Any:
        return torch.zeros(*shape, dtype=model.dtype, device=device)

    name = model.main_input_name
    given: dict[str, Any] = {}
    if name == "pixel_values":
        given[name] = numbers(1, *_picture(config))
    elif (
        name == "input_values"
        and hasattr(config, "num_mel_bins")
        and hasattr(config, "max_length")
        and hasattr(config, "patch_size")
    ):
        given[name] = numbers(1, config.max_length, config.num_mel_bins)
    elif name == "input_values":
        given[name] = numbers(1, int(RATE * seconds))
    elif name == "input_features":
        given[name] = numbers(
            1, getattr(config, "num_mel_bins", 80), 2 * getattr(config, "max_source_positions", FRAMES // 2)
        )
    elif getattr(config, "vision_config", None) is not None:
        given = {
            "input_ids": words(min(tokens, 16), 2),
            "pixel_values": numbers(1, *_picture(config.vision_config)),
        }
    else:
        given["input_ids"] = words(tokens)
    if getattr(config, "is_encoder_decoder", False):
        given["decoder_input_ids"] = words(1)
    return given


def _picture(config: Any) -> tuple[int, int, int]:
    size = getattr(config, "image_size", None) or PICTURE
    if isinstance(size, dict):
        size = (size.get("height", PICTURE), size.get("width", PICTURE))
    high, wide = (size, size) if isinstance(size, int) else tuple(size)[-2:]
    return int(getattr(config, "num_channels", 3) or 3), int(high), int(wide)
