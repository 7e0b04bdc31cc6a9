"""The verdict as a sentence."""

from __future__ import annotations

from hf_nb.render import units
from hf_nb.values.fits import Fit


def sentence(one: Fit) -> str:
    """Fits: about 1.2 GB of the 16 GB free; a text of 27 tokens in about 40 ms (28 to 52)."""
    if one.memory is None:
        return "Not known: " + (
            one.notes[-1][:1].lower() + one.notes[-1][1:] if one.notes else "nobody says."
        )
    need, there = f"about {units.size(one.memory)}", units.size(one.free)
    if one.verdict == "too large":
        other = f"; a smaller one: {', '.join(one.smaller)}" if one.smaller else ""
        return f"Does not fit: needs {need}, {there} are free{other}."
    head = "Runs" if one.verdict == "fits" else "Tight"
    rest = f"; {speed(one)}" if one.seconds is not None else ""
    return f"{head}: {need} of the {there} free{rest}."


def per_second(rate: float) -> str:
    """Two digits of it, as a person writes them: 540, 27, 3.1."""
    return f"{round(rate, 2 - len(str(int(rate)))):,.0f}" if rate >= 10 else f"{rate:.1f}"


def speed(one: Fit) -> str:
    """What one answer takes, where that was reckoned."""
    if one.seconds is None or one.quickest is None or one.slowest is None:
        return ""
    took = (
        f"about {units.seconds(one.seconds)} ({units.seconds(one.quickest)} to {units.seconds(one.slowest)})"
    )
    if one.token:
        return f"{one.new_tokens} tokens in {took}, about {per_second(1 / one.token)} a second"
    what = {"picture": "a picture", "sound": "five seconds of sound"}.get(one.input)
    return f"{what or f'a text of {one.tokens} tokens'} in {took}"
