"""The router's list of models: who serves one, at what price, how fast. Asked now and then, never waited for long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from hf_nb.errors import HfNbError
from hf_nb.infer import backends
from hf_nb.infer.call import Target, Terms
from hf_nb.plumbing import reading

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

SECONDS = 5.0
TRY_AGAIN = 60.0
TYPICAL = 100  # tokens of an answer, where places are compared by their speed


@dataclass(frozen=True)
class Offer:
    """A provider's terms for one model, in dollars per million tokens, seconds, tokens a second, and tokens at once."""

    provider: str
    read: float | None = None
    written: float | None = None
    first: float | None = None
    rate: float | None = None
    window: int | None = None

    @property
    def price(self) -> float:
        """What orders offers by price: those without one come last."""
        return float("inf") if self.read is None or self.written is None else self.read + self.written

    @property
    def seconds(self) -> float | None:
        """How long a usual answer takes, as the router says."""
        return None if self.first is None or not self.rate else self.first + TYPICAL / self.rate


Offers = Mapping[str, tuple[Offer, ...]]
_kept: WeakKeyDictionary[Session, tuple[float, str, Offers]] = WeakKeyDictionary()


def offers(model: str, session: Session, *, ask: bool = True) -> tuple[Offer, ...]:
    """Who serves a model; nothing where the router does not say. Without `ask`, what is known already."""
    address = session.settings.router_address
    kept = _kept.get(session)
    known = kept[2].get(model, ()) if kept is not None and kept[1] == address else None
    if not ask:
        return known or ()
    if known is not None and kept is not None and kept[0] >= session.clock.now() and not reading.asks_anew():
        return known
    listed = _ask(session)
    keep = TRY_AGAIN if listed is None else session.settings.response_cache_minutes * 60
    _kept[session] = (session.clock.now() + keep, address, listed or {})
    return (listed or {}).get(model, ())


def listed(session: Session) -> object:
    """Something else whenever the list was read anew."""
    kept = _kept.get(session)
    return None if kept is None else kept[:2]


def offer(model: str, provider: str, session: Session) -> Offer | None:
    """One provider's, if it is known already."""
    return next((one for one in offers(model, session, ask=False) if one.provider == provider), None)


def window(model: str, provider: str | None, session: Session) -> int | None:
    """Tokens this provider reads at once, or without one every provider, as far as that is known already."""
    found = [one.window for one in offers(model, session, ask=False) if provider in (None, one.provider)]
    known = [one for one in found if one is not None]
    return min(known) if known and len(known) == len(found) else None


def priced(target: Target, provider: str, session: Session) -> Target:
    """The target with what its provider takes, as far as that is known."""
    found = offer(target.model, provider, session)
    return replace(target, read=found.read, written=found.written) if found else target


def _ask(session: Session) -> Offers | None:
    """None where it cannot be had: prices are no reason to fail."""
    terms = Terms(session.clock, ends=session.clock.now() + SECONDS)
    try:
        listed = backends.find("hf", session).models(terms)  # type: ignore[attr-defined]  # the router's own
    except HfNbError:
        return None
    return {
        str(one.get("id")): tuple(map(_offer, filter(_live, one.get("providers") or ()))) for one in listed
    }


def _live(provider: Any) -> bool:
    return isinstance(provider, dict) and provider.get("status", "live") == "live"


def _offer(provider: Mapping[str, Any]) -> Offer:
    pricing = provider.get("pricing")
    pricing = pricing if isinstance(pricing, dict) else {}
    first = _number(provider.get("first_token_latency_ms"))
    return Offer(
        str(provider.get("provider")),
        _number(pricing.get("input")),
        _number(pricing.get("output")),
        None if first is None else first / 1000,
        _number(provider.get("throughput")),
        None if (read := _number(provider.get("context_length"))) is None else int(read),
    )


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
