"""How long to wait before a target is asked again, and the waiting."""

from __future__ import annotations

import random
from collections.abc import Callable

from hf_nb.errors import HfNbError
from hf_nb.infer.call import Terms
from hf_nb.plumbing import progress

FIRST, LONGEST = 0.5, 8.0
# What a server may ask for at most; the deadline ends most calls before that.
TOLD = 600.0
# How soon a stop is noticed, or an exception that is thrown into this thread.
LOOK = 0.05
Draw = Callable[[float, float], float]


def pause(wrong: HfNbError, tries: int, draw: Draw = random.uniform) -> float:
    """Seconds until the next try: what the server said, else full jitter, so that those who failed together part."""
    after = getattr(wrong, "after", None)
    if after is not None:
        return min(max(float(after), 0.0), TOLD)
    return draw(0.0, min(LONGEST, FIRST * 2.0 ** (tries - 1)))


def rest(seconds: float, terms: Terms, why: str) -> None:
    """Wait, and say so where it takes long. Ends early when the call is stopped."""
    if seconds >= 1:
        progress.say(f"{why}; once more in {seconds:.0f} s …")
    until = terms.clock.now() + seconds
    while not terms.stop.is_set() and (left := until - terms.clock.now()) > 0:
        terms.clock.sleep(left if terms.clock.virtual else min(left, LOOK), terms.stop)
