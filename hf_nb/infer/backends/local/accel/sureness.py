"""What a model decides about a row, and how clearly: the least distance between what it chose and the next.

text-classification, token-classification    the class with the highest score, for each token
feature-extraction, sentence-similarity      nothing is decided: a vector is near the other, or not
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hf_nb.infer.backends.local.model import Loaded

CLASSES = frozenset({"text-classification", "token-classification"})
VECTORS = frozenset({"feature-extraction", "sentence-similarity"})
TASKS = CLASSES | VECTORS
SURE = 4.0  # times the largest difference seen
NEAR = 0.9995  # cosine of two vectors


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
    """For each row: the largest difference of a score, whether the same is decided, the cosine of the vectors."""
    import torch

    found = []
    name = "last_hidden_state" if task in VECTORS else "logits"
    for first, second, size in zip(
        getattr(one, name).float(), getattr(other, name).float(), lengths, strict=True
    ):
        a, b = (first[:size], second[:size]) if first.dim() == 2 else (first, second)
        apart = float((a - b).abs().max())
        if task in VECTORS:
            a, b = a.mean(dim=0), b.mean(dim=0)
            found.append((apart, True, float(torch.nn.functional.cosine_similarity(a, b, dim=0))))
        else:
            found.append((apart, bool((a.argmax(-1) == b.argmax(-1)).all()), 1.0))
    return found
