"""A SentenceTransformer as this package reads one: its model, and the steps after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput
from hf_nb.infer.backends.local import embedding
from hf_nb.infer.backends.local.model import unfit

if TYPE_CHECKING:
    from hf_nb.infer.backends.local.model import Loaded


def heart(whole: Any) -> tuple[Any, Any]:
    """The model inside, and its tokenizer."""
    first = whole[0]
    model = getattr(first, "auto_model", None) or getattr(first, "model", None)
    if model is None or not hasattr(model, "config"):
        raise BadInput(
            f"A SentenceTransformer that begins with {type(first).__name__} cannot be used here.",
            "One that begins with a Transformer can.",
        )
    return model, whole.tokenizer


def recipe_of(whole: Any, loaded: Loaded) -> embedding.Recipe:
    """Its steps, as if they had been read from its files."""
    import torch

    recipe = embedding.Recipe(whole=True)
    if limit := getattr(whole, "max_seq_length", None):
        loaded.reader.window = min(int(limit), loaded.reader.window)
    for step in [*whole][1:]:
        kind = type(step).__name__
        if kind == "Pooling":
            embedding._pooling(recipe, step.get_config_dict(), loaded)  # noqa: SLF001 -- the same room
        elif kind == "Normalize":
            recipe.normalized = True
        elif kind == "Dense":
            recipe.dense.append(torch.nn.Sequential(step.linear, step.activation_function).eval())
        elif kind != "Dropout":
            raise unfit(loaded.name, "feature-extraction", f"it has a step this package does not know, {kind}")
    recipe.prompts = dict(getattr(whole, "prompts", None) or {})
    recipe.prompt = recipe.prompts.get(getattr(whole, "default_prompt_name", None) or "")
    return recipe
