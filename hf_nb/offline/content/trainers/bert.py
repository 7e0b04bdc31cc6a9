"""BERT's body as a function of its weights: to read all-MiniLM-L6-v2 without slow imports, and to train small ones.

Unlike ModernBERT it is told which tokens belong to the first text and which to the second.
"""

from typing import TYPE_CHECKING

from hf_nb.offline.content.trainers.networks import (
    Shapes,
    Weights,
    _joined,
    _linear,
    _linear_shapes,
    _norm,
    _norm_shapes,
    _split,
)

if TYPE_CHECKING:
    from torch import Tensor

LINEAR = ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense")


def shapes(
    *, vocabulary: int, size: int, layers: int, hidden: int, positions: int, prefix: str = ""
) -> Shapes:
    """Names and shapes of all weights."""
    counts = {"word": vocabulary, "position": positions, "token_type": 2}
    found: Shapes = {f"{prefix}embeddings.{name}_embeddings.weight": (n, size) for name, n in counts.items()}
    found |= _norm_shapes(f"{prefix}embeddings.LayerNorm", size)
    for number in range(layers):
        layer = f"{prefix}encoder.layer.{number}"
        for part in LINEAR:
            found |= _linear_shapes(f"{layer}.{part}", size, size)
        found |= _linear_shapes(f"{layer}.intermediate.dense", hidden, size)
        found |= _linear_shapes(f"{layer}.output.dense", size, hidden)
        found |= _norm_shapes(f"{layer}.attention.output.LayerNorm", size)
        found |= _norm_shapes(f"{layer}.output.LayerNorm", size)
    return found


def body(
    weights: Weights,
    ids: "Tensor",
    kinds: "Tensor",
    mask: "Tensor",
    *,
    layers: int,
    heads: int,
    prefix: str = "",
) -> "Tensor":
    """One vector per token; `kinds` says 0 for the first text, 1 for the second."""
    import torch.nn.functional as f

    names = ("word", "position", "token_type")
    words, places, types = (weights[f"{prefix}embeddings.{name}_embeddings.weight"] for name in names)
    x = f.embedding(ids, words) + places[: ids.shape[1]] + f.embedding(kinds, types)
    x = _norm(weights, f"{prefix}embeddings.LayerNorm", x)
    for number in range(layers):
        layer = f"{prefix}encoder.layer.{number}"
        q, k, v = (_split(_linear(weights, f"{layer}.{part}", x), heads) for part in LINEAR[:3])
        mixed = _joined(f.scaled_dot_product_attention(q, k, v, attn_mask=mask[:, None, None, :]))
        x = x + _linear(weights, f"{layer}.{LINEAR[3]}", mixed)
        x = _norm(weights, f"{layer}.attention.output.LayerNorm", x)
        y = f.gelu(_linear(weights, f"{layer}.intermediate.dense", x))
        x = _norm(weights, f"{layer}.output.LayerNorm", x + _linear(weights, f"{layer}.output.dense", y))
    return x
