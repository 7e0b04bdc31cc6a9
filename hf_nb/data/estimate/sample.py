"""Which blocks are read at each look.

Rows within a block are alike, so blocks are what is drawn. The table is cut into stretches of neighbouring blocks, and
one block is drawn out of each, at random: a sorted or drifting file is then covered from end to end. Stretches are
shorter towards both ends, and the first and the last block are always read: a sorted file keeps its extremes there.

For the next look each stretch is cut in half. The block drawn before is a fair draw of the half it lies in; the other
half gets one of its own. So nothing that was read is thrown away, each look reads about twice as many blocks as the one
before, every look is a fair draw by itself, and the last one has read everything.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

# Fewer say too little about how blocks differ; where there are few, a quarter of them has to do.
ENOUGH = 16
FEWEST = 6
# The stretches at each end, beside the first block, as parts of an ordinary one.
ENDS = (0.2, 0.5)


@dataclass(frozen=True)
class Stretch:
    """Blocks from `first` up to `end`, of which `drawn` is read."""

    first: int
    end: int
    drawn: int

    def __len__(self) -> int:
        return self.end - self.first


def looks(blocks: int, share: float, seed: str | int) -> Iterator[list[Stretch]]:
    """The stretches of each look, in the table's order; the last look has one for each block."""
    draw = random.Random(seed)  # noqa: S311 -- a fair draw that can be repeated, no secret
    now = _first(blocks, _count(blocks, share), draw)
    yield now
    while len(now) < blocks:
        now = [half for stretch in now for half in _halves(stretch, draw)]
        yield now


def _count(blocks: int, share: float) -> int:
    return max(min(ENOUGH, max(FEWEST, blocks // 4)), round(blocks * share))


def _first(blocks: int, count: int, draw: random.Random) -> list[Stretch]:
    """About `count` stretches: equal ones, and shorter ones towards the ends."""
    if blocks <= count:
        return [Stretch(at, at + 1, at) for at in range(blocks)]
    parts = ENDS if count >= 12 else ()
    inner = count - 2 * (1 + len(parts))
    length = (blocks - 2) / (inner + 2 * sum(parts))
    end = [0, 1]
    for part in parts:
        end.append(max(end[-1] + 1, round(end[-1] + part * length)))
    head, tail = end[-1], blocks - end[-1]
    middle = [head + (tail - head) * cut // inner for cut in range(inner + 1)]
    edges = sorted({*end, *middle, *(blocks - at for at in end)})
    return [Stretch(first, stop, draw.randrange(first, stop)) for first, stop in pairwise(edges)]


def _halves(stretch: Stretch, draw: random.Random) -> Sequence[Stretch]:
    if len(stretch) == 1:
        return (stretch,)
    middle = stretch.first + len(stretch) // 2 + (len(stretch) % 2 and draw.randrange(2))
    left = stretch.drawn if stretch.drawn < middle else draw.randrange(stretch.first, middle)
    right = stretch.drawn if stretch.drawn >= middle else draw.randrange(middle, stretch.end)
    return Stretch(stretch.first, middle, left), Stretch(middle, stretch.end, right)
