"""A float in the room of a narrow column: its first digits and an ellipsis; all of them are one step away.

Only digits behind the point are left out, so that what is shown is never of another size.
"""

from __future__ import annotations

MORE = "…"


def shortened(said: str, chars: int) -> str:
    """At most `chars` signs, where the digits before the point and an exponent leave room for it."""
    if len(said) <= chars:
        return said
    mantissa, e, power = said.partition("e")
    whole, point, fraction = mantissa.partition(".")
    kept = max(1, chars - len(whole) - 1 - len(MORE) - len(e + power))
    if not point or len(fraction) <= kept + len(MORE):
        return said
    return f"{whole}.{fraction[:kept]}{MORE}{e}{power}"
