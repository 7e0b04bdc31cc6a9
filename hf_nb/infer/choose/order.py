"""In which order the places that can answer are asked: the policies.

as listed      the order of the setting `methods`
free first     what costs nothing, then the cheapest
local only     nothing leaves this machine
fastest seen   by how long answers took in this session, then by what the router says
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from hf_nb.infer import numbers
from hf_nb.infer.call import NEVER, Target
from hf_nb.infer.choose import prices
from hf_nb.infer.choose.places import UNPINNED, WRITTEN, Place
from hf_nb.render import units

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session


def ordered(
    found: Sequence[Place], task: str, policy: str, session: Session
) -> tuple[tuple[Target, ...], str]:
    """The targets in the policy's order, and what decided."""
    if policy == "free first":
        return _free_first(_each_provider(found, task, session))
    if policy == "fastest seen":
        return _fastest(_each_provider(found, task, session), task, session)
    return tuple(one.target for one in found), ""


def _each_provider(found: Sequence[Place], task: str, session: Session) -> list[Place]:
    """Each provider by itself instead of all of them together, where the router lists them."""
    places: list[Place] = []
    for one in found:
        offers = (
            prices.offers(one.target.model, session) if one.target.method == "hf" and task in WRITTEN else ()
        )
        each = [
            replace(
                one,
                target=Target(
                    f"hf/{offer.provider}",
                    one.target.model,
                    reason=UNPINNED,
                    read=offer.read,
                    written=offer.written,
                    window=offer.window,
                ),
            )
            for offer in offers
        ]
        places += each or [one]
    return places


def _free_first(found: list[Place]) -> tuple[tuple[Target, ...], str]:
    def price(one: Place) -> float:
        if not one.remote:
            return 0.0
        read, written = one.target.read, one.target.written
        return NEVER if read is None or written is None else read + written

    inside = sorted(found, key=price)
    if not inside:
        return (), ""
    best = inside[0]
    if not best.remote:
        why = "it costs nothing"
    elif price(best) == NEVER:
        why = "no price is known"
    else:
        why = f"${best.target.read:g} and ${best.target.written:g} a million tokens"
    return tuple(one.target for one in inside), f"free first: {best.target.method}, {why}"


def _fastest(found: list[Place], task: str, session: Session) -> tuple[tuple[Target, ...], str]:
    """By what was measured here, else by what the router says; what costs nothing and was not seen is tried first."""
    if not found:
        return (), ""
    measured = {one.target: numbers.median(one.target, task, session) for one in found}

    def told(target: Target) -> float | None:
        offer = prices.offer(target.model, target.method.removeprefix("hf/"), session)
        return offer.seconds if offer else None

    def key(one: Place) -> float:
        seen = measured[one.target]
        expected = told(one.target) if seen is None else seen
        if expected is None:
            return NEVER if one.remote else 0.0
        return expected

    inside = sorted(found, key=key)
    best = inside[0].target
    if (seen := measured[best]) is not None:
        why = units.seconds(seen)
    elif (said := told(best)) is not None:
        why = f"about {units.seconds(said)} as the router says"
    else:
        why = "not seen often enough yet"
    return tuple(one.target for one in inside), f"fastest seen: {best.method}, {why}"
