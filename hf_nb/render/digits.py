"""A column of numbers as it can be read: fractions with as many places each, so that their points stand in line.

even(["4.11", "3.0", "5.5"])                 -> ["4.11", "3.00", "5.50"]
even(["6.597660021725229", "133.871…"])      -> ["6.598", "133.871"], six digits of the largest
"""

from __future__ import annotations

import math
from collections.abc import Sequence

DIGITS, LONG, EXACT = 6, 12, 24
LARGEST = 1e15  # beyond that a float is no longer every whole number
SURE = 2  # digits that the smallest one keeps


def even(said: Sequence[str], *, exact: bool = False) -> list[str]:
    """What is no fraction stays as it is. `exact`: decimal numbers, whose digits are all meant."""
    if exact and max(map(len, said), default=0) <= EXACT:
        return list(said)
    fractions = {at: float(one) for at, one in enumerate(said) if _fraction(one)}
    if not fractions:
        return list(said)
    places = _places([said[at] for at in fractions], [abs(one) for one in fractions.values()])
    return [
        one if at not in fractions else short(one) if places is None else f"{fractions[at]:.{places}f}"
        for at, one in enumerate(said)
    ]


def short(said: str) -> str:
    """One number by itself: what is too long is rounded, not cut."""
    return f"{float(said):.{DIGITS}g}" if len(said) > LONG and _fraction(said) else said


def _fraction(said: str) -> bool:
    if not {".", "e"} & {*said}:
        return False
    try:
        return math.isfinite(float(said))
    except ValueError:
        return False


def _places(said: Sequence[str], sizes: Sequence[float]) -> int | None:
    """Behind the point, for all of them; None where they are too unlike for that."""
    largest, least = max(sizes), min((one for one in sizes if one), default=0.0)
    if any("e" in one for one in said) or largest >= LARGEST:
        return None
    places = max(len(one.partition(".")[2]) for one in said)
    if max(map(len, said)) > LONG or places > DIGITS:
        before = len(str(int(largest))) if largest >= 1 else 0
        places = max(1, min(places, DIGITS - before))
    if least * 10**places < 10 ** (SURE - 1) and any(float(one) != round(float(one), places) for one in said):
        return None
    return _without_zeros([f"{float(one):.{places}f}" for one in said], places)


def _without_zeros(made: Sequence[str], places: int) -> int:
    """Places that say nothing in any of them are left out; one stays."""
    while places > 1 and all(one.endswith("0") for one in made):
        made, places = [one[:-1] for one in made], places - 1
    return places
