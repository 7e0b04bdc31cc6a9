"""Vectors on a plane: their two principal components, without numpy, for some dozens of vectors."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence

ROUNDS = 100
ENOUGH = 1e-7


def flat(vectors: Sequence[Sequence[float]]) -> tuple[list[tuple[float, float]], float]:
    """A point for each, and how much of their variance the plane keeps, 0 to 1 (0: they are all the same)."""
    gram = _centred(vectors)
    whole = sum(gram[i][i] for i in range(len(gram)))
    if whole <= ENOUGH:
        return [(0.0, 0.0)] * len(vectors), 0.0
    across, first = _strongest(gram)
    gram = [
        [cell - first * across[i] * across[j] for j, cell in enumerate(row)] for i, row in enumerate(gram)
    ]
    up, second = _strongest(gram)
    points = [
        (a * math.sqrt(first), b * math.sqrt(max(second, 0.0))) for a, b in zip(across, up, strict=True)
    ]
    return points, min(1.0, (first + max(second, 0.0)) / whole)


def _centred(vectors: Sequence[Sequence[float]]) -> list[list[float]]:
    """The products of every two, once their mean is taken off: small, however many numbers a vector has."""
    count = len(vectors)
    mean = [sum(column) / count for column in zip(*vectors, strict=True)]
    moved = [[a - b for a, b in zip(one, mean, strict=True)] for one in vectors]
    gram = [[0.0] * count for _ in range(count)]
    for i in range(count):
        for j in range(i, count):
            gram[i][j] = gram[j][i] = _product(moved[i], moved[j])
    return gram


def _strongest(gram: Sequence[Sequence[float]]) -> tuple[list[float], float]:
    """The direction that a symmetric matrix stretches most, by asking it again and again; the same every time."""
    at = [math.cos(1.0 + 2.0 * i) for i in range(len(gram))]
    value = 0.0
    for _ in range(ROUNDS):
        moved = [_product(row, at) for row in gram]
        length = math.hypot(*moved)
        if length <= ENOUGH:
            return [0.0] * len(gram), 0.0
        at = [one / length for one in moved]
        if abs(length - value) <= ENOUGH * length:
            break
        value = length
    return at, length


def _product(one: Sequence[float], other: Sequence[float]) -> float:
    return float(sum(map(operator.mul, one, other)))
