"""What a model decides about a row, and how clearly: the least distance between what it chose and the next.

text-classification, token-classification    the class with the highest score, for each token
feature-extraction, sentence-similarity      nothing is decided: a vector is the other to five places, or not
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hf_nb.infer.backends.local.model import Loaded

CLASSES = frozenset({"text-classification", "token-classification"})
VECTORS = frozenset({"feature-extraction", "sentence-similarity"})
TASKS = CLASSES | VECTORS
SURE = 4.0  # times the largest difference seen
CLOSE = 1e-5  # between two vectors of length one: fewer bits never come so near


def decides(loaded: Loaded, task: str) -> bool:
    """Whether its answers can be held against those of a copy: a score alone has no class that could stay the same."""
    return task in VECTORS or int(loaded.config.num_labels) > 1


def margins(said: Any, lengths: list[int], task: str) -> list[float]:
    """For each row, the least distance between its first and its second class; without classes, any is enough."""
    if task in VECTORS:
        return [float("inf")] * len(lengths)
    logits = said.logits.float()
    two = logits.topk(2, dim=-1).values
    apart = two[..., 0] - two[..., 1]
    if apart.dim() == 1:
        found: list[float] = apart.tolist()
        return found
    return [float(row[:size].min()) for row, size in zip(apart, lengths, strict=True)]


def difference(one: Any, other: Any, lengths: list[int], task: str) -> list[tuple[float, bool, float]]:
    """For each row: the largest difference of a score or a vector, whether the same is decided, the vectors' cosine."""
    rows = _vectors if task in VECTORS else _classes
    name = "last_hidden_state" if task in VECTORS else "logits"
    return [
        rows(*((first[:size], second[:size]) if first.dim() == 2 else (first, second)))
        for first, second, size in zip(
            getattr(one, name).float(), getattr(other, name).float(), lengths, strict=True
        )
    ]


def _classes(one: Any, other: Any) -> tuple[float, bool, float]:
    return _apart(one, other), bool((one.argmax(-1) == other.argmax(-1)).all()), 1.0


def _vectors(one: Any, other: Any) -> tuple[float, bool, float]:
    """The first token's, and the mean of all: what models make their vectors of."""
    import torch

    apart, cosine = 0.0, 1.0
    for a, b in ((one[0], other[0]), (one.mean(dim=0), other.mean(dim=0))):
        normal = torch.nn.functional.normalize(a, dim=0), torch.nn.functional.normalize(b, dim=0)
        apart = max(apart, _apart(*normal))
        cosine = min(cosine, float(torch.nn.functional.cosine_similarity(a, b, dim=0)))
    return apart, True, cosine


def _apart(one: Any, other: Any) -> float:
    """What is no number is as far away as can be."""
    found = float((one - other).abs().max())
    return float("inf") if math.isnan(found) else found
