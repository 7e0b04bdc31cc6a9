"""Ten thousand rows, thirty-seven of them bad: nothing, no text, half a character. No two good ones are the same."""

from __future__ import annotations

import random
from typing import Any

MODEL = "hfnb-demo/sentiment-en"
ROWS, BAD = 10_000, 37
_BAD = (None, "", "  \n ", float("nan"), 7, ["a list"], "half \ud83d of it", b"bytes", {"a": 1})
_WORDS = "the room was small but we loved view and staff could not have been worse or kinder to us".split()


def planted() -> frozenset[int]:
    """Where the bad ones are."""
    return frozenset(random.Random(8).sample(range(ROWS), BAD))  # noqa: S311 -- the same everywhere


def rows() -> list[Any]:
    """The same in every process."""
    draw = random.Random(9)  # noqa: S311 -- the same
    bad = planted()
    return [
        _BAD[at % len(_BAD)]
        if at in bad
        else f"{' '.join(draw.choices(_WORDS, k=draw.randint(2, 24)))} number {at}"
        for at in range(ROWS)
    ]
