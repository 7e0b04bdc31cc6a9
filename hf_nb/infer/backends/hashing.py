"""Texts as vectors without a model: signed feature hashing of words, word pairs and pieces of words.

The same text gives the same vector on every machine. Texts that share words come out near each other; what words mean
is not known here. Its space is its own: these vectors must not meet a model's.
"""

from __future__ import annotations

import itertools
import math
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput
from hf_nb.infer.call import Call, Chunk, Parts, Terms
from hf_nb.infer.near import dot

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

MODEL = "hashing-512"
DIMENSIONS = 512
NOTE = "feature hashing: words in common, not meaning"
PIECES = (3, 4, 5)
# How much a feature of each kind counts; and how long a word is that counts in full, since short ones say little.
WORD, PAIR, PIECE = 1.0, 0.5, 0.25
LONG = 6
TASKS = frozenset({"feature-extraction", "sentence-similarity"})
_WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_LOOK = 500  # features between two looks whether somebody wants it to stop


class Hashing:
    """Computes on the spot; nothing is loaded, nothing is asked."""

    name = "hashing"
    remote = False
    device = "cpu"

    def __init__(self, session: Session) -> None:
        self.session = session

    def can(self, call: Call) -> bool:
        return call.task in TASKS

    def stream(self, call: Call, terms: Terms) -> Parts:
        """One chunk."""
        if not self.can(call):
            raise BadInput(f"hashing turns texts into vectors; it cannot do {call.task}.", "--provider local")
        began = time.perf_counter()
        output: Any
        if call.task == "feature-extraction":
            texts = [call.input] if isinstance(call.input, str) else call.input
            output = [vector(text, terms) for text in texts]
        else:
            one = vector(call.input["source_sentence"], terms)
            output = [dot(one, vector(text, terms)) for text in call.input["sentences"]]
        terms.check()
        yield Chunk(output=output, seconds=time.perf_counter() - began, finish="stop", note=NOTE)


def vector(text: str, terms: Terms | None = None) -> list[float]:
    """512 numbers of length one together."""
    if not text.strip():
        raise BadInput("A text that is empty has no vector.", 'For example: "A quiet room."')
    sums = [0.0] * DIMENSIONS
    for i, (feature, weight) in enumerate(_features(text)):
        if terms is not None and i % _LOOK == 0:
            terms.check()
        place, sign = _place(feature)
        sums[place] += sign * weight
    length = math.sqrt(math.fsum(one * one for one in sums))
    if length == 0.0:  # all of it cancelled out
        sums[_place(f"t {text}")[0]] = length = 1.0
    return [one / length for one in sums]


def _features(text: str) -> Iterator[tuple[str, float]]:
    """In an order that depends on the text alone, since sums of fractions depend on theirs."""
    words = _WORDS.findall(unicodedata.normalize("NFKC", text).casefold())
    if not words:
        yield f"t {text.strip()}", 1.0
        return
    for word, often in Counter(words).items():
        weight = _root(often) * min(1.0, len(word) / LONG)
        yield f"w {word}", WORD * weight
        for piece in _pieces(word):
            yield f"c {piece}", PIECE * weight
    for (one, other), often in Counter(itertools.pairwise(words)).items():
        yield f"p {one} {other}", PAIR * _root(often) * min(1.0, (len(one) + len(other)) / LONG / 2)


def _root(often: int) -> float:
    """What comes often counts for more, but not in proportion. A root is exact everywhere, a logarithm is not."""
    return math.sqrt(often)


def _pieces(word: str) -> Iterator[str]:
    marked = f"<{word}>"
    for size in PIECES:
        for start in range(len(marked) - size + 1):
            yield marked[start : start + size]


@lru_cache(maxsize=50_000)
def _place(feature: str) -> tuple[int, float]:
    hashed = int.from_bytes(blake2b(feature.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
    return (hashed >> 1) % DIMENSIONS, 1.0 if hashed & 1 else -1.0
