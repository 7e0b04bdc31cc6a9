"""Whether a model has room in this machine's memory, from nothing but what a list says of it: how many numbers it has.

What this cannot tell (how fast, how much a long text takes) `hf_nb.fit` does, from the model's config.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from hf_nb.plumbing import memory
from hf_nb.render import units

Verdict = Literal["fits", "tight", "too large"]
FULL = 4  # bytes of a number as it is loaded on the CPU
# What torch and the loader bring along, and what stands beside the weights at work: so much of them.
BROUGHT, WORKING = 40_000_000, 0.03
# The engine may hold weights of so many bytes in two orders, whichever multiplies quicker here.
TWICE = 1_000_000_000
EASY = 0.8  # of what is free


class Room(NamedTuple):
    """What a model takes at its peak, about; what is free; and the verdict."""

    bytes: int
    free: int
    verdict: Verdict

    @property
    def sentence(self) -> str:
        """Fits, at most ≈ 1.2 GB. What is free is named where it matters: it is another number every time."""
        need, there = units.size(self.bytes), units.size(self.free)
        if self.verdict == "fits":
            return f"fits, at most ≈ {need}"
        return f"{self.verdict}: at most ≈ {need}, {there} are free"


def room(parameters: int | None, stored: int | None = None, there: int | None = None) -> Room | None:
    """None where nobody says how large the model is. `stored`: bytes of its file; `there`: bytes that are free."""
    if not parameters:
        return None
    weights = parameters * FULL
    need = peak(weights, stored, round(WORKING * weights) + (weights if weights <= TWICE else 0))
    there = memory.free() if there is None else there
    return Room(need, there, verdict(need, there))


def peak(weights: int, stored: int | None, work: int | None = None) -> int:
    """Bytes at most: at work, or while numbers stored shorter than they are loaded stand there twice."""
    beside = round(WORKING * weights) if work is None else work
    casting = stored if stored is not None and stored < 0.99 * weights else 0
    return max(weights + beside + BROUGHT, weights + casting + BROUGHT // 2)


def verdict(need: int, there: int) -> Verdict:
    """Close to all that is free, something else will have to go."""
    return "fits" if need <= EASY * there else "tight" if need <= there else "too large"
