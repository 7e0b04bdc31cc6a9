"""Texts as numbers that say how alike they are.

A text is the set of all runs of five characters in it, without capitals and punctuation; two texts are as alike as the
share of runs they have in common (Jaccard). The least of all runs' hashes under one hash function is the same for two
texts with just that probability (MinHash). So texts are looked at together where `each` such numbers are the same in
one of `count` bands, and the share itself is worked out for those alone.
"""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy

RUN = 5  # characters
FUNCTIONS = 128
MISSED = 0.01  # of pairs just as alike as asked for, at most so many are not looked at
LONGEST = 50_000  # characters of a text that are compared
AT_ONCE = 1_000_000  # characters worked on at the same time: a few dozen megabytes
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True)
class Bands:
    """How the numbers of a text are put together."""

    count: int
    each: int


@functools.cache
def bands(threshold: float) -> Bands:
    """As narrow as may be, so that few are compared in vain."""
    for each in range(16, 1, -1):
        count = FUNCTIONS // each
        if (1 - threshold**each) ** count <= MISSED:
            return Bands(count, each)
    return Bands(FUNCTIONS, 1)


def plain(text: str) -> str:
    """Words alone, without capitals; what is written with other signs for the same letters is the same."""
    text = text[:LONGEST]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return " ".join(_WORDS.findall(text.casefold()))


def runs(text: str) -> frozenset[str]:
    """Of a plain text."""
    return frozenset(text[at : at + RUN] for at in range(max(1, len(text) - RUN + 1)))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of runs they have in common."""
    both = len(one & other)
    return both / (len(one) + len(other) - both)


def digest(text: bytes) -> bytes:
    """128 bits."""
    return hashlib.blake2b(text, digest_size=16, usedforsecurity=False).digest()


def keys(texts: Sequence[str], how: Bands) -> numpy.ndarray:
    """A number per text (of plain ones, none empty) and band: a row per band."""
    import numpy

    made, first, signs = [], 0, 0
    for at, text in enumerate(texts):
        signs += max(RUN, len(text))
        if signs >= AT_ONCE:
            made.append(_keys(texts[first : at + 1], how))
            first, signs = at + 1, 0
    if first < len(texts):
        made.append(_keys(texts[first:], how))
    return numpy.concatenate(made, axis=1) if made else numpy.empty((how.count, 0), "uint64")


def _keys(texts: Sequence[str], how: Bands) -> numpy.ndarray:
    import numpy

    hashes, starts = _hashes(texts)
    multipliers, added = _functions()
    found = numpy.zeros((how.count, len(texts)), "uint64")
    for function in range(how.count * how.each):
        least = numpy.minimum.reduceat(hashes * multipliers[function] + added[function], starts)
        band = found[function // how.each]
        band[:] = _mixed(band ^ least.astype("uint64"))
    return found


def _hashes(texts: Sequence[str]) -> tuple[Any, Any]:
    """A number per run of all texts, one after another, and where each text's begin."""
    import numpy

    padded = [text if len(text) >= RUN else text.ljust(RUN) for text in texts]
    signs = numpy.frombuffer("".join(padded).encode("utf-32-le", "replace"), "<u4").astype("uint64")
    lengths = numpy.fromiter(map(len, padded), "int64", len(padded))
    ends = numpy.cumsum(lengths)
    mixed = numpy.zeros(len(signs) - RUN + 1, "uint64")
    for at in range(RUN):
        mixed = mixed * numpy.uint64(0x100000001B3) + signs[at : at + len(mixed)]
    within = numpy.ones(len(mixed), bool)  # runs that begin in one text and end in the next are none
    for back in range(1, RUN):
        within[ends[:-1] - back] = False
    starts = numpy.concatenate(([0], numpy.cumsum(lengths - RUN + 1)[:-1]))
    return (_mixed(mixed[within]) >> numpy.uint64(32)).astype("uint32"), starts


def _mixed(numbers: Any) -> Any:
    """Every bit depends on every bit (splitmix64)."""
    import numpy

    numbers = numbers + numpy.uint64(0x9E3779B97F4A7C15)
    numbers = (numbers ^ (numbers >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> numpy.uint64(31))


@functools.cache
def _functions() -> tuple[Any, Any]:
    """The same ones every time."""
    import numpy

    dice = numpy.random.default_rng(7)
    multipliers = dice.integers(0, 2**32, FUNCTIONS, "uint32") | numpy.uint32(1)
    return multipliers, dice.integers(0, 2**32, FUNCTIONS, "uint32")
