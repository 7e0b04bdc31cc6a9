"""A small ModernBERT without a task: its body, its tokenizer and its files. Masked words and sentence vectors.

hidden = body(weights, ids, mask, shape)        one vector per token; from every token, or from near ones
pooled = head(weights, mean(hidden, mask))      what transformers puts between the body and a classifier
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.offline.content.card import write_json
from hf_nb.offline.content.trainers.networks import (
    Shapes,
    Weights,
    _joined,
    _rotate,
    _rotation,
    _scale,
    _split,
    modernbert_shapes,
)
from hf_nb.offline.content.trainers.pieces import teach_words

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor

SPECIAL = {"pad": "[PAD]", "unk": "[UNK]", "cls": "[CLS]", "sep": "[SEP]", "mask": "[MASK]"}
PAD, UNKNOWN, FIRST, LAST, MASK = range(5)
ROPE = ("full_attention", "sliding_attention")


@dataclass(frozen=True)
class Shape:
    """How large an encoder is."""

    vocabulary: int
    size: int = 64
    layers: int = 2
    heads: int = 4
    hidden: int = 128
    positions: int = 128
    reach: int = 0  # how many tokens to each side all layers but the last see; 0: all


def body_shapes(shape: Shape) -> Shapes:
    """The body's weights."""
    everything = modernbert_shapes(
        vocabulary=shape.vocabulary, size=shape.size, layers=shape.layers, hidden=shape.hidden, labels=1
    )
    return {name: sizes for name, sizes in everything.items() if name.startswith("model.")}


def head_shapes(shape: Shape) -> Shapes:
    """The weights of what follows the body."""
    return {"head.dense.weight": (shape.size, shape.size), "head.norm.weight": (shape.size,)}


def body(weights: Weights, ids: "Tensor", mask: "Tensor", shape: Shape) -> "Tensor":
    """One vector per token."""
    import torch.nn.functional as f

    x = f.embedding(ids, weights["model.embeddings.tok_embeddings.weight"])
    x = _scale(weights, "model.embeddings.norm", x)
    turn = _rotation(ids.shape[1], shape.size // shape.heads)
    everything = mask[:, None, None, :]
    near = _near(ids.shape[1], shape.reach)
    for number in range(shape.layers):
        layer = f"model.layers.{number}"
        y = _scale(weights, f"{layer}.attn_norm", x) if number else x
        parts = f.linear(y, weights[f"{layer}.attn.Wqkv.weight"]).chunk(3, dim=-1)
        q, k, v = (_split(part, shape.heads) for part in parts)
        seen = everything & near if shape.reach and number < shape.layers - 1 else everything
        mixed = f.scaled_dot_product_attention(_rotate(q, turn), _rotate(k, turn), v, attn_mask=seen)
        x = x + f.linear(_joined(mixed), weights[f"{layer}.attn.Wo.weight"])
        y = _scale(weights, f"{layer}.mlp_norm", x)
        inner, gate = f.linear(y, weights[f"{layer}.mlp.Wi.weight"]).chunk(2, -1)
        x = x + f.linear(f.gelu(inner) * gate, weights[f"{layer}.mlp.Wo.weight"])
    return _scale(weights, "model.final_norm", x)


def _near(length: int, reach: int) -> "Tensor":
    import torch

    places = torch.arange(length)
    return (places[:, None] - places[None, :]).abs() <= reach


def head(weights: Weights, x: "Tensor") -> "Tensor":
    """Between the body and a classifier."""
    import torch.nn.functional as f

    return _scale(weights, "head.norm", f.gelu(f.linear(x, weights["head.dense.weight"])))


def mean(hidden: "Tensor", mask: "Tensor") -> "Tensor":
    """The mean over a text's tokens."""
    return (hidden * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)


def wordpiece(texts: Iterable[str], vocabulary: int) -> "Tokenizer":
    """Learn a tokenizer of lower-cased word pieces."""
    from tokenizers import Tokenizer, models

    tokenizer = Tokenizer(models.WordPiece(unk_token=SPECIAL["unk"]))
    _dress(tokenizer)
    teach_words(tokenizer, texts, vocabulary, special=list(SPECIAL.values()), unknown=SPECIAL["unk"], least=2)
    return tokenizer


def wordpiece_of(pieces: list[str]) -> "Tokenizer":
    """A tokenizer of these word pieces."""
    from tokenizers import Tokenizer, models

    known = {piece: number for number, piece in enumerate([*SPECIAL.values(), *pieces])}
    tokenizer = Tokenizer(models.WordPiece(known, unk_token=SPECIAL["unk"]))
    tokenizer.add_special_tokens(list(SPECIAL.values()))
    _dress(tokenizer)
    return tokenizer


def _dress(tokenizer: "Tokenizer") -> None:
    from tokenizers import decoders, normalizers, pre_tokenizers, processors

    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True, strip_accents=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[(SPECIAL["cls"], FIRST), (SPECIAL["sep"], LAST)],
    )


def padded(rows: list[list[int]]) -> "Tensor":
    """Rows of token ids as one tensor."""
    import torch

    longest = max(map(len, rows))
    return torch.tensor([row + [PAD] * (longest - len(row)) for row in rows])


def write(
    folder: Path, weights: Weights, tokenizer: "Tokenizer", shape: Shape, config: Mapping[str, Any]
) -> None:
    """Weights, tokenizer and configuration, as transformers reads them."""
    write_weights(folder, weights)
    write_tokenizer(folder, tokenizer, shape.positions, ("input_ids", "attention_mask"))
    write_json(folder / "config.json", _config(shape) | dict(config))


def write_weights(folder: Path, weights: Weights) -> None:
    """The weights in one file."""
    from safetensors.torch import save_file

    whole = {name: tensor.contiguous() for name, tensor in weights.items()}
    save_file(whole, folder / "model.safetensors", metadata={"format": "pt"})


def write_tokenizer(folder: Path, tokenizer: "Tokenizer", positions: int, inputs: tuple[str, ...]) -> None:
    """The tokenizer, and what it hands to its model."""
    tokenizer.save(str(folder / "tokenizer.json"))
    write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": positions,
            "model_input_names": list(inputs),
            **{f"{role}_token": token for role, token in SPECIAL.items()},
        },
    )


def _config(shape: Shape) -> dict[str, Any]:
    return {
        "model_type": "modernbert",
        "vocab_size": shape.vocabulary,
        "hidden_size": shape.size,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.hidden,
        "layer_types": _layer_types(shape),
        "local_attention": 2 * (shape.reach or shape.positions),
        "rope_parameters": {kind: {"rope_type": "default", "rope_theta": 10000.0} for kind in ROPE},
        "max_position_embeddings": shape.positions,
        "classifier_pooling": "mean",
        "pad_token_id": PAD,
        "cls_token_id": FIRST,
        "sep_token_id": LAST,
        "bos_token_id": FIRST,
        "eos_token_id": LAST,
        "dtype": "float32",
    }


def _layer_types(shape: Shape) -> list[str]:
    below = "sliding_attention" if shape.reach else "full_attention"
    return [below] * (shape.layers - 1) + ["full_attention"]
