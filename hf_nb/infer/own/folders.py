"""A model in a folder: what it is for, and what to do where it is none.

./my-model               as `save_pretrained` writes it
./out/checkpoint-500     as a Trainer does
./my-adapter             adapter_config.json and adapter_model.safetensors, on a base that is fetched
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from hf_nb.errors import BadInput, NotFound, Refused
from hf_nb.infer import weighing
from hf_nb.infer.architectures import task_of_config

CONFIG, ADAPTER = "config.json", "adapter_config.json"
PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle")
TOKENIZERS = (
    "tokenizer",
    "vocab",
    "spiece",
    "sentencepiece",
    "merges",
    "source.spm",
)  # how their files begin
_CHECKPOINT = re.compile(r"checkpoint-(\d+)")
# The words of an adapter for what it was made for.
ADAPTED = {
    "SEQ_CLS": "text-classification",
    "TOKEN_CLS": "token-classification",
    "QUESTION_ANS": "question-answering",
    "CAUSAL_LM": "text-generation",
    "SEQ_2_SEQ_LM": "text2text-generation",
    "FEATURE_EXTRACTION": "feature-extraction",
}


def looks_like_one(model: str) -> bool:
    """It was meant as a place on the disk: no id of the Hub begins like this."""
    return model.startswith((".", "/", "~", "\\")) or bool(re.match(r"[A-Za-z]:[\\/]", model))


def missing(model: str) -> NotFound:
    """There is no such folder."""
    path = Path(os.path.expanduser(model))  # noqa: PTH111 -- Path's own raises where there is no such user
    if os.path.isfile(path):  # noqa: PTH113 -- Path's own raises where the name is too long
        return NotFound(f"{model} is a file; a model is a folder.", f"-m {path.parent}")
    from difflib import get_close_matches

    try:
        beside = [one.name for one in path.parent.iterdir() if one.is_dir()]
    except OSError:
        return NotFound(f"There is no folder {model}.", f"Its parent is not there either: {path.parent}")
    near = get_close_matches(path.name, beside, n=3, cutoff=0.4)
    step = (
        f"Nearest: {', '.join(str(path.parent / one) for one in near)}"
        if near
        else f"Look into {path.parent}"
    )
    return NotFound(f"There is no folder {model}.", step, nearest=[str(path.parent / one) for one in near])


def check(model: str) -> None:
    """Refuse a folder that holds no model that could be loaded, before anything is."""
    folder = Path(model)
    if not (folder / CONFIG).is_file() and not (folder / ADAPTER).is_file():
        raise _no_model(folder)
    if is_adapter(folder):
        if not (folder / "adapter_model.safetensors").is_file():
            raise _no_weights(folder)
        return
    if not weighing.files(folder):
        raise _no_weights(folder)
    if not any(one.name.startswith(TOKENIZERS) for one in folder.iterdir()):
        raise BadInput(
            f"{model} holds no tokenizer.",
            f'Put the one it was trained with beside it: tokenizer.save_pretrained("{model}")',
        )


def is_adapter(folder: Path) -> bool:
    """It holds an adapter and not the model it changes."""
    return (folder / ADAPTER).is_file() and not weighing.files(folder)


def task(model: str) -> str | None:
    """What it was made for, by its files."""
    folder = Path(model)
    if is_adapter(folder):
        return ADAPTED.get(str(_json(folder / ADAPTER).get("task_type")))
    if (folder / "modules.json").is_file():
        return "sentence-similarity"
    return task_of_config(folder / CONFIG)


def chats(model: str) -> bool:
    """It has a chat template."""
    folder = Path(model)
    return (folder / "chat_template.jinja").is_file() or bool(
        _json(folder / "tokenizer_config.json").get("chat_template")
    )


def _no_model(folder: Path) -> NotFound:
    found = [
        (int(match[1]), one)
        for one in folder.iterdir()
        if one.is_dir() and (match := _CHECKPOINT.fullmatch(one.name))
    ]
    if found:
        newest = max(found)[1]
        return NotFound(
            f"{folder} holds {len(found)} checkpoints and no model itself.",
            f"The newest: -m {newest}",
            nearest=[str(newest)],
        )
    return NotFound(
        f"{folder} holds no model: there is no {CONFIG} in it.",
        f'Save one there: model.save_pretrained("{folder}")',
    )


def _no_weights(folder: Path) -> Refused | NotFound:
    pickled = next((one.name for one in sorted(folder.iterdir()) if one.name.endswith(PICKLED)), None)
    again = f'Save it once more as safetensors: model.save_pretrained("{folder}")'
    if pickled:
        return Refused(
            f"{folder} has no safetensors weights; pickled ones ({pickled}) can run code and are refused.",
            again,
        )
    return NotFound(f"{folder} holds no weights.", again)


def _json(path: Path) -> dict[str, Any]:
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}
