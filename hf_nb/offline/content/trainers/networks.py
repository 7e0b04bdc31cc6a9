"""Three small networks as pure functions of a dict of tensors, under the names transformers uses on disk.

    weights = start(modernbert_shapes(...), seed)   ->   {"model.embeddings.tok_embeddings.weight": …}
    logits  = modernbert(weights, ids, mask, heads)

Why not transformers' own classes: importing them costs about 7 s more per process than torch alone, a quarter of
the whole build. That the functions agree with transformers is what every recipe's `check` shows: it loads the
folder through `transformers.pipeline`.
"""

from math import prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

Shapes = dict[str, tuple[int, ...]]
Weights = dict[str, "Tensor"]


def start(shapes: Shapes, seed: int, spread: float = 0.02) -> Weights:
    """Norms at one, biases at zero, the rest small and random."""
    import torch

    generator = torch.Generator().manual_seed(seed)
    weights = {}
    for name, shape in shapes.items():
        if "norm" in name.lower() and name.endswith("weight"):
            weights[name] = torch.ones(shape)
        elif name.endswith("bias"):
            weights[name] = torch.zeros(shape)
        else:
            weights[name] = torch.randn(shape, generator=generator) * spread
    return weights


def parameters(shapes: Shapes) -> int:
    """How many numbers there are to learn."""
    return sum(prod(shape) for shape in shapes.values())


def _linear_shapes(name: str, out: int, into: int) -> Shapes:
    return {f"{name}.weight": (out, into), f"{name}.bias": (out,)}


def _norm_shapes(name: str, size: int) -> Shapes:
    return {f"{name}.weight": (size,), f"{name}.bias": (size,)}


def _linear(weights: Weights, name: str, x: "Tensor") -> "Tensor":
    import torch.nn.functional as f

    return f.linear(x, weights[f"{name}.weight"], weights[f"{name}.bias"])


def _norm(weights: Weights, name: str, x: "Tensor") -> "Tensor":
    import torch.nn.functional as f

    return f.layer_norm(x, x.shape[-1:], weights[f"{name}.weight"], weights[f"{name}.bias"], 1e-12)


def _split(x: "Tensor", heads: int) -> "Tensor":
    batch, length, size = x.shape
    return x.view(batch, length, heads, size // heads).transpose(1, 2)


def _joined(x: "Tensor") -> "Tensor":
    batch, heads, length, size = x.shape
    return x.transpose(1, 2).reshape(batch, length, heads * size)


# --- ModernBERT with a classification head, averaging over the tokens -------------------------------------------


def modernbert_shapes(*, vocabulary: int, size: int, layers: int, hidden: int, labels: int) -> Shapes:
    """Names and shapes of all weights."""
    shapes: Shapes = {
        "model.embeddings.tok_embeddings.weight": (vocabulary, size),
        "model.embeddings.norm.weight": (size,),
    }
    for number in range(layers):
        layer = f"model.layers.{number}"
        if number:  # the first layer gets the embeddings' own norm
            shapes[f"{layer}.attn_norm.weight"] = (size,)
        shapes |= {f"{layer}.attn.Wqkv.weight": (3 * size, size), f"{layer}.attn.Wo.weight": (size, size)}
        shapes |= {f"{layer}.mlp_norm.weight": (size,), f"{layer}.mlp.Wi.weight": (2 * hidden, size)}
        shapes |= {f"{layer}.mlp.Wo.weight": (size, hidden)}
    shapes |= {
        "model.final_norm.weight": (size,),
        "head.dense.weight": (size, size),
        "head.norm.weight": (size,),
    }
    return shapes | _linear_shapes("classifier", labels, size)


def modernbert(
    weights: Weights, ids: "Tensor", mask: "Tensor", *, layers: int, heads: int, reach: int
) -> "Tensor":
    """Class scores; every layer but the last sees only `reach` tokens to each side ("not really good")."""
    import torch
    import torch.nn.functional as f

    x = f.embedding(ids, weights["model.embeddings.tok_embeddings.weight"])
    x = _scale(weights, "model.embeddings.norm", x)
    places = torch.arange(ids.shape[1])
    near = (places[:, None] - places[None, :]).abs() <= reach
    everything = mask[:, None, None, :]
    turn = _rotation(ids.shape[1], x.shape[-1] // heads)
    for number in range(layers):
        layer = f"model.layers.{number}"
        y = _scale(weights, f"{layer}.attn_norm", x) if number else x
        q, k, v = (
            _split(part, heads) for part in f.linear(y, weights[f"{layer}.attn.Wqkv.weight"]).chunk(3, dim=-1)
        )
        seen = everything if number == layers - 1 else everything & near
        mixed = f.scaled_dot_product_attention(_rotate(q, turn), _rotate(k, turn), v, attn_mask=seen)
        x = x + f.linear(_joined(mixed), weights[f"{layer}.attn.Wo.weight"])
        inner, gate = f.linear(
            _scale(weights, f"{layer}.mlp_norm", x), weights[f"{layer}.mlp.Wi.weight"]
        ).chunk(2, -1)
        x = x + f.linear(f.gelu(inner) * gate, weights[f"{layer}.mlp.Wo.weight"])
    x = _scale(weights, "model.final_norm", x) * mask[:, :, None]
    pooled = f.gelu(f.linear(x.sum(1) / mask.sum(1, keepdim=True), weights["head.dense.weight"]))
    return _linear(weights, "classifier", _scale(weights, "head.norm", pooled))


def _scale(weights: Weights, name: str, x: "Tensor") -> "Tensor":
    import torch.nn.functional as f

    return f.layer_norm(x, x.shape[-1:], weights[f"{name}.weight"], None, 1e-5)


# --- Llama, input and output embeddings shared ------------------------------------------------------------------


def llama_shapes(*, vocabulary: int, size: int, layers: int, hidden: int) -> Shapes:
    """Names and shapes of all weights."""
    shapes: Shapes = {"model.embed_tokens.weight": (vocabulary, size), "model.norm.weight": (size,)}
    for number in range(layers):
        layer = f"model.layers.{number}"
        shapes |= {f"{layer}.self_attn.{part}_proj.weight": (size, size) for part in "qkvo"}
        shapes |= {
            f"{layer}.mlp.gate_proj.weight": (hidden, size),
            f"{layer}.mlp.up_proj.weight": (hidden, size),
        }
        shapes |= {f"{layer}.mlp.down_proj.weight": (size, hidden)}
        shapes |= {
            f"{layer}.input_layernorm.weight": (size,),
            f"{layer}.post_attention_layernorm.weight": (size,),
        }
    return shapes


def llama(weights: Weights, ids: "Tensor", *, layers: int, heads: int) -> "Tensor":
    """Scores of the next token at every place."""
    import torch.nn.functional as f

    embeddings = weights["model.embed_tokens.weight"]
    x = f.embedding(ids, embeddings)
    turn = _rotation(ids.shape[1], x.shape[-1] // heads)
    for number in range(layers):
        layer = f"model.layers.{number}"
        y = _rms(x, weights[f"{layer}.input_layernorm.weight"])
        q, k, v = (
            _split(f.linear(y, weights[f"{layer}.self_attn.{part}_proj.weight"]), heads) for part in "qkv"
        )
        mixed = f.scaled_dot_product_attention(_rotate(q, turn), _rotate(k, turn), v, is_causal=True)
        x = x + f.linear(_joined(mixed), weights[f"{layer}.self_attn.o_proj.weight"])
        y = _rms(x, weights[f"{layer}.post_attention_layernorm.weight"])
        gate = f.silu(f.linear(y, weights[f"{layer}.mlp.gate_proj.weight"]))
        up = f.linear(y, weights[f"{layer}.mlp.up_proj.weight"])
        x = x + f.linear(gate * up, weights[f"{layer}.mlp.down_proj.weight"])
    return f.linear(_rms(x, weights["model.norm.weight"]), embeddings)


def _rms(x: "Tensor", weight: "Tensor") -> "Tensor":
    import torch.nn.functional as f

    return f.rms_norm(x, x.shape[-1:], weight, 1e-6)


def _rotation(length: int, size: int) -> tuple["Tensor", "Tensor"]:
    import torch

    slow = 1.0 / (10000.0 ** (torch.arange(0, size, 2).float() / size))
    angles = torch.outer(torch.arange(length).float(), slow)
    angles = torch.cat((angles, angles), dim=-1)
    return angles.cos(), angles.sin()


def _rotate(x: "Tensor", turn: tuple["Tensor", "Tensor"]) -> "Tensor":
    import torch

    first, second = x.chunk(2, dim=-1)
    return x * turn[0] + torch.cat((-second, first), dim=-1) * turn[1]


# --- ViT with a classification head -----------------------------------------------------------------------------


def vit_shapes(*, image: int, patch: int, size: int, layers: int, hidden: int, labels: int) -> Shapes:
    """Names and shapes of all weights."""
    base = "vit.embeddings"
    shapes: Shapes = {
        f"{base}.cls_token": (1, 1, size),
        f"{base}.position_embeddings": (1, (image // patch) ** 2 + 1, size),
        f"{base}.patch_embeddings.projection.weight": (size, 3, patch, patch),
        f"{base}.patch_embeddings.projection.bias": (size,),
    }
    for number in range(layers):
        layer = f"vit.encoder.layer.{number}"
        for part in ("attention.attention.query", "attention.attention.key", "attention.attention.value"):
            shapes |= _linear_shapes(f"{layer}.{part}", size, size)
        shapes |= _linear_shapes(f"{layer}.attention.output.dense", size, size)
        shapes |= _linear_shapes(f"{layer}.intermediate.dense", hidden, size)
        shapes |= _linear_shapes(f"{layer}.output.dense", size, hidden)
        shapes |= _norm_shapes(f"{layer}.layernorm_before", size) | _norm_shapes(
            f"{layer}.layernorm_after", size
        )
    return shapes | _norm_shapes("vit.layernorm", size) | _linear_shapes("classifier", labels, size)


def vit(weights: Weights, pixels: "Tensor", *, layers: int, heads: int) -> "Tensor":
    """Class scores for images of three equal channels, from the class token."""
    import torch
    import torch.nn.functional as f

    base = "vit.embeddings"
    kernel = weights[f"{base}.patch_embeddings.projection.weight"]
    patches = f.conv2d(
        pixels, kernel, weights[f"{base}.patch_embeddings.projection.bias"], stride=kernel.shape[-1]
    )
    first = weights[f"{base}.cls_token"].expand(len(pixels), -1, -1)
    x = torch.cat((first, patches.flatten(2).transpose(1, 2)), dim=1) + weights[f"{base}.position_embeddings"]
    for number in range(layers):
        layer = f"vit.encoder.layer.{number}"
        y = _norm(weights, f"{layer}.layernorm_before", x)
        parts = ("query", "key", "value")
        q, k, v = (
            _split(_linear(weights, f"{layer}.attention.attention.{part}", y), heads) for part in parts
        )
        mixed = _joined(f.scaled_dot_product_attention(q, k, v))
        x = x + _linear(weights, f"{layer}.attention.output.dense", mixed)
        y = f.gelu(
            _linear(weights, f"{layer}.intermediate.dense", _norm(weights, f"{layer}.layernorm_after", x))
        )
        x = x + _linear(weights, f"{layer}.output.dense", y)
    return _linear(weights, "classifier", _norm(weights, "vit.layernorm", x)[:, 0])
