"""A model object of the kernel (`infer.own.objects`) as the answers know a model; nothing is loaded."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput
from hf_nb.infer.backends.local import embedding, loading
from hf_nb.infer.backends.local.model import Loaded, unfit
from hf_nb.infer.backends.local.reader import Reader

if TYPE_CHECKING:
    from hf_nb.infer.own.objects import Own


@contextlib.contextmanager
def lent(own: Own, auto: str) -> Iterator[Loaded]:
    """It, for as long as the block uses it."""
    model = own.there()
    with own.lock:
        if own.tokenizer is None:
            own.tokenizer = _tokenizer(own.name, model)
        if own.reader is None:
            own.reader = Reader(own.tokenizer, own.name, loading.window(own.tokenizer, model.config))
        device = str(next(itertools.chain(model.parameters(), model.buffers())).device)
        loaded = Loaded(own.name, model, own.tokenizer, own.reader, device, None, own.kept, own.lock)
        if auto == "AutoModel" and "recipe" not in own.kept:
            whole = own.sentences() if own.sentences is not None else None
            own.kept["recipe"] = embedding.Recipe() if whole is None else _recipe(whole, loaded)
        own.begins(model)
    try:
        yield loaded
    finally:
        with own.lock:
            own.ended()


def _tokenizer(name: str, model: Any) -> Any:
    """The one it was loaded beside."""
    import transformers

    told = getattr(model, "name_or_path", "") or getattr(model.config, "_name_or_path", "")
    both = "Give both: model=(model, tokenizer)"
    if not told:
        raise BadInput(f"{name} does not say which tokenizer it reads with.", both)
    try:
        with loading.quiet():
            return transformers.AutoTokenizer.from_pretrained(told, trust_remote_code=False)
    except Exception as wrong:
        raise BadInput(f"{name} came from {told}, where no tokenizer could be read.", both) from wrong


def _recipe(whole: Any, loaded: Loaded) -> embedding.Recipe:
    """A SentenceTransformer's steps, as if they had been read from its files."""
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
            raise unfit(
                loaded.name, "feature-extraction", f"it has a step this package does not know, {kind}"
            )
    recipe.prompts = dict(getattr(whole, "prompts", None) or {})
    recipe.prompt = recipe.prompts.get(getattr(whole, "default_prompt_name", None) or "")
    return recipe
