"""A classifier reads the first token of an encoder alone, so its last layer is computed for that one alone.

The others are still looked at there: what falls away is asking for them, and all that comes after. Of four layers
that is a fifth of the work, of six a seventh. Whether a model is of this kind is tried, not known by its name: the
layer has the parts that are named here, and the model says the same with it as before. A model of shapes says nothing,
so a small one of its kind is asked for it.
"""

from __future__ import annotations

import contextlib
import copy as copying
from collections.abc import Callable, Mapping
from typing import Any

from hf_nb.infer.backends.local.threads import fewer

CLOSE = 1e-5  # of the largest score
WIDE, WORDS = 8, 99  # a small model: numbers of each head, and its words
SPREAD = 0.3  # how far its numbers lie apart
FIRST, SIZES = 5, (5, 8, 3)  # an example for it: its first word, and the lengths of its rows
BERT = ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense")
DISTILBERT = ("attention.q_lin", "attention.k_lin", "attention.v_lin", "attention.out_lin", "sa_layer_norm")
Forward = Callable[..., Any]


def narrow(model: Any, example: Mapping[str, Any]) -> bool:
    """Let the last layer of a model be for the first token alone, if it answers the example as before.

    The example has rows of different lengths.
    """
    import torch

    layer = last(model)
    if layer is None:
        return False
    with torch.inference_mode():
        before = model(**example).logits
        layer.__dict__["forward"] = _forward(layer)
        with contextlib.suppress(Exception):  # whatever a head raises that reads more than the first token
            after = model(**example).logits
            apart = float((before - after).abs().max())
            if before.dim() == 2 and apart <= CLOSE * max(1.0, float(before.abs().max())):
                return True
    del layer.__dict__["forward"]
    return False


def classifies(model: Any) -> bool:
    """Whether it may be one: what reads a layer's answer is a classifier."""
    return hasattr(model, "classifier")


def shapes(model: Any) -> bool:
    """The same for a model of shapes, which becomes as narrow as the real one would."""
    if not classifies(model) or last(model) is None:
        return False
    with contextlib.suppress(Exception), fewer(1):  # a config that makes no small model
        if narrow(small(model), example()):
            again(model)
            return True
    return False


def small(model: Any) -> Any:
    """Of the same class and kind, with one layer of few numbers, so that each of them counts in the answer."""
    import torch

    config = copying.deepcopy(model.config)
    config.num_hidden_layers = 1
    config.hidden_size = WIDE * config.num_attention_heads
    config.vocab_size = max(WORDS, (config.pad_token_id or 0) + 1)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        made = type(model)._from_config(config, dtype=torch.float32).eval()  # noqa: SLF001 -- what the Auto classes call
        with torch.no_grad():
            for one in made.parameters():  # as they are drawn, all texts are answered nearly alike
                one.normal_(std=SPREAD)
    return made


def example() -> dict[str, Any]:
    """Rows of different lengths."""
    import torch

    mask = torch.arange(max(SIZES))[None] < torch.tensor(SIZES)[:, None]
    some = torch.arange(mask.numel()).view_as(mask) % (WORDS - FIRST) + FIRST
    return {"input_ids": some * mask, "attention_mask": mask.long()}


def again(model: Any) -> None:
    """The same for a copy of a model for which it was found to hold."""
    if (layer := last(model)) is not None:
        layer.__dict__["forward"] = _forward(layer)


def last(model: Any) -> Any:
    """The last layer of its encoder, where it is of a known build."""
    import torch

    stacks = [
        one
        for name, one in model.named_modules()
        if isinstance(one, torch.nn.ModuleList) and name.rpartition(".")[2] == "layer" and len(one)
    ]
    if len(stacks) != 1 or getattr(model.config, "is_decoder", False):
        return None
    layer = stacks[0][-1]
    return layer if _has(layer, BERT) or _has(layer, DISTILBERT) else None


def _has(layer: Any, names: tuple[str, ...]) -> bool:
    try:
        return all(layer.get_submodule(name) is not None for name in names)
    except AttributeError:
        return False


def _forward(layer: Any) -> Forward:
    usual = type(layer).forward
    mine = _bert(layer) if _has(layer, BERT) else _distilbert(layer)

    def forward(hidden: Any, attention_mask: Any = None, *rest: Any, **how: Any) -> Any:
        import torch

        if torch.is_grad_enabled() and hidden.requires_grad:
            return usual(layer, hidden, attention_mask, *rest, **how)
        return mine(hidden, None if attention_mask is None else attention_mask[:, :, :1])

    return forward


def _bert(layer: Any) -> Forward:
    """BERT and those that are built as it is: RoBERTa, XLM-R, CamemBERT, ELECTRA."""
    attention = layer.attention

    def forward(hidden: Any, mask: Any) -> Any:
        own, first = attention.self, hidden[:, :1]
        looked = _looked(own.query(first), own.key(hidden), own.value(hidden), mask, own.num_attention_heads)
        return layer.feed_forward_chunk(attention.output(looked, first))

    return forward


def _distilbert(layer: Any) -> Forward:
    attention = layer.attention

    def forward(hidden: Any, mask: Any) -> Any:
        first = hidden[:, :1]
        looked = _looked(
            attention.q_lin(first),
            attention.k_lin(hidden),
            attention.v_lin(hidden),
            mask,
            attention.n_heads,
        )
        seen = layer.sa_layer_norm(attention.out_lin(looked) + first)
        return layer.output_layer_norm(layer.ffn(seen) + seen)

    return forward


def _looked(query: Any, key: Any, value: Any, mask: Any, heads: int) -> Any:
    """What the first token takes from all of them."""
    import torch

    asked, keys, values = (
        one.unflatten(-1, (heads, one.shape[-1] // heads)).transpose(1, 2) for one in (query, key, value)
    )
    taken = torch.nn.functional.scaled_dot_product_attention(asked, keys, values, attn_mask=mask)
    return taken.transpose(1, 2).flatten(2)
