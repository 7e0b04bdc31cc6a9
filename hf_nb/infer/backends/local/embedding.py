"""Texts as vectors, the way the repository says: its sentence-transformers files, read without that package."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hf_nb.errors import BadInput
from hf_nb.infer.backends.local.classes import split, weighed
from hf_nb.infer.backends.local.model import Loaded, unfit
from hf_nb.infer.backends.local.passes import Work
from hf_nb.infer.call import Call

MODES = ("cls", "max", "mean", "mean_sqrt_len_tokens", "weightedmean", "lasttoken")
# How the older files name the modes.
OLDER = {
    "pooling_mode_cls_token": "cls",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_mean_sqrt_len_tokens": "mean_sqrt_len_tokens",
    "pooling_mode_weightedmean_tokens": "weightedmean",
    "pooling_mode_lasttoken": "lasttoken",
}
ACTIVATIONS = ("Identity", "Tanh", "ReLU", "GELU", "SiLU", "Sigmoid")


@dataclass
class Recipe:
    """How token vectors become one vector. `dense`: layers after pooling; `whole`: the repository says so itself."""

    modes: tuple[str, ...] = ("mean",)
    with_prompt: bool = True
    normalized: bool = False
    dense: list[Any] = field(default_factory=list)
    prompts: Mapping[str, str] = field(default_factory=dict)
    prompt: str | None = None
    cosine: bool = True
    whole: bool = False


def embed(loaded: Loaded, call: Call) -> Work:
    """One vector per text."""
    texts = [call.input] if isinstance(call.input, str) else list(call.input)
    return _work(loaded, texts, call, lambda vectors: vectors.tolist())


def similar(loaded: Loaded, call: Call) -> Work:
    """The cosine between one sentence and others, −1 to 1."""
    import torch

    def scores(vectors: Any) -> Any:
        return torch.nn.functional.cosine_similarity(vectors[:1], vectors[1:]).clamp(-1, 1).tolist()

    return _work(loaded, [call.input["source_sentence"], *call.input["sentences"]], call, scores)


def prepare(loaded: Loaded, read: Any) -> None:
    """Read how it is meant to be pooled. `read(name)` gives a file of the repository, or None."""
    recipe = Recipe()
    modules = _json(read("modules.json"))
    for one in modules or []:
        kind, where = str(one["type"]).rsplit(".", 1)[-1], str(one.get("path") or "")
        at = f"{where}/" if where else ""
        if kind == "Transformer":
            limit = (_json(read(f"{at}sentence_bert_config.json")) or {}).get("max_seq_length")
            if limit:
                loaded.reader.window = min(int(limit), loaded.reader.window)
        elif kind == "Pooling":
            _pooling(recipe, _json(read(f"{at}config.json")) or {}, loaded)
            recipe.whole = True
        elif kind == "Normalize":
            recipe.normalized = True
        elif kind == "Dense":
            recipe.dense.append(
                _dense(_json(read(f"{at}config.json")) or {}, read(f"{at}model.safetensors"), loaded)
            )
        elif kind != "Dropout":
            raise unfit(
                loaded.name, "feature-extraction", f"its files name a step this package does not know, {kind}"
            )
    said = _json(read("config_sentence_transformers.json")) if modules else None
    if said:
        recipe.prompts = said.get("prompts") or {}
        recipe.prompt = recipe.prompts.get(said.get("default_prompt_name") or "")
    loaded.kept["recipe"] = recipe


def _pooling(recipe: Recipe, said: dict[str, Any], loaded: Loaded) -> None:
    mode = said.get("pooling_mode") or [name for key, name in OLDER.items() if said.get(key)] or "mean"
    recipe.modes = (mode,) if isinstance(mode, str) else tuple(mode)
    recipe.with_prompt = bool(said.get("include_prompt", True))
    if unknown := [one for one in recipe.modes if one not in MODES]:
        raise unfit(loaded.name, "feature-extraction", f"it pools by {unknown[0]}, which is unknown here")


def _dense(said: dict[str, Any], weights: Path | None, loaded: Loaded) -> Any:
    import torch
    from safetensors.torch import load_file

    name = str(said.get("activation_function", "torch.nn.modules.activation.Tanh")).rsplit(".", 1)[-1]
    if weights is None or name not in ACTIVATIONS:
        why = "its Dense layer has no safetensors" if weights is None else f"it uses {name}, unknown here"
        raise unfit(loaded.name, "feature-extraction", why)
    layer = torch.nn.Linear(said["in_features"], said["out_features"], bias=said.get("bias", True))
    layer.load_state_dict(
        {key.removeprefix("linear."): one.float() for key, one in load_file(weights).items()}
    )
    return torch.nn.Sequential(layer, getattr(torch.nn, name)()).eval().to(loaded.device)


def _work(loaded: Loaded, texts: list[str], call: Call, output: Callable[[Any], Any]) -> Work:
    """What becomes of the vectors of all texts; one read in several pieces has their mean, by their lengths."""
    import torch

    recipe: Recipe = loaded.kept["recipe"]
    prompt = _prompt(recipe, call)
    skipped = 0 if recipe.with_prompt or not prompt else _prompt_length(loaded, prompt)
    cut = [_pieces(loaded, prompt + text, call) for text in texts]

    def seen(said: Any, lengths: list[int]) -> Any:
        with torch.inference_mode():
            made = pool(said.last_hidden_state.float(), lengths, recipe.modes, skipped)
            for layer in recipe.dense:
                made = layer(made)
        return made.cpu()

    def made(rows: list[Any]) -> tuple[Any, str]:
        coming = iter(rows)
        stacked = torch.stack([weighed(list(itertools.islice(coming, len(mine))), mine) for mine in cut])
        normal = call.params.get("normalize")
        if recipe.normalized if normal is None else normal:
            stacked = torch.nn.functional.normalize(stacked, dim=1)
        return output(stacked), split(loaded, max(map(len, cut)), "averaged")

    return Work(list(itertools.chain(*cut)), seen, lambda vectors, at, _: vectors[at], made)


def _pieces(loaded: Loaded, text: str, call: Call) -> list[Any]:
    cut = loaded.reader.pieces(text, overlap=0)
    if not call.params.get("truncate"):
        return cut
    return cut[-1:] if call.params.get("truncation_direction") == "left" else cut[:1]


def pool(hidden: Any, lengths: list[int], modes: tuple[str, ...], skipped: int) -> Any:
    """Token vectors (right-padded) to one vector a row, the modes one after the other."""
    import torch

    sizes = torch.tensor(lengths, device=hidden.device)
    places = torch.arange(hidden.shape[1], device=hidden.device)[None, :]
    mask = ((places < sizes[:, None]) & (places >= skipped)).float()[:, :, None]
    made = []
    for mode in modes:
        if mode == "cls":
            made.append(hidden[:, skipped])
        elif mode == "lasttoken":
            made.append(hidden[torch.arange(len(lengths), device=hidden.device), sizes - 1])
        elif mode == "max":
            made.append(hidden.masked_fill(mask == 0, float("-inf")).max(dim=1).values)
        else:
            weights = mask * (places + 1)[:, :, None] if mode == "weightedmean" else mask
            total = weights.sum(dim=1).clamp(min=1e-9)
            made.append(
                (hidden * weights).sum(dim=1) / (total.sqrt() if mode == "mean_sqrt_len_tokens" else total)
            )
    return torch.cat(made, dim=1)


def _prompt(recipe: Recipe, call: Call) -> str:
    name = call.params.get("prompt_name")
    if name is None:
        return recipe.prompt or ""
    if name not in recipe.prompts:
        known = ", ".join(recipe.prompts) or "none"
        raise BadInput(f"{call.model} has no prompt called {name!r}.", f"It has: {known}")
    return recipe.prompts[name]


def _prompt_length(loaded: Loaded, prompt: str) -> int:
    whole = loaded.reader.plain(prompt)
    after = next((at for at, mark in enumerate(reversed(whole.special_tokens_mask)) if not mark), 0)
    return len(whole.ids) - after


def _json(path: Path | None) -> Any:
    return None if path is None else json.loads(path.read_text(encoding="utf-8"))
