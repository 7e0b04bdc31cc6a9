"""How near two vectors are, for whoever has to compare some: plain Python, the same on every machine."""

from __future__ import annotations

import math
from collections.abc import Sequence


def dot(one: Sequence[float], other: Sequence[float]) -> float:
    """The sum of their products; of vectors of length one it is their cosine."""
    return math.fsum(a * b for a, b in zip(one, other, strict=True))


def cosine(one: Sequence[float], other: Sequence[float]) -> float:
    """−1 to 1; 0 where one of them has no length."""
    both = math.sqrt(dot(one, one) * dot(other, other))
    return dot(one, other) / both if both else 0.0
