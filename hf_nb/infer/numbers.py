"""What the calls of this session came to: how many, how fast, what they cost, what went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hf_nb.infer.call import Target
    from hf_nb.infer.run import Asking
    from hf_nb.infer.shapes import Tally

MILLION = 1_000_000


def cost(target: Target, tally: Tally) -> float | None:
    """Dollars, where the price and the tokens are known."""
    if target.read is None or target.written is None or tally.read is None or tally.written is None:
        return None
    return (target.read * tally.read + target.written * tally.written) / MILLION


def note(asking: Asking, wrong: BaseException | None, seconds: float) -> None:
    """Remember how a call went."""
