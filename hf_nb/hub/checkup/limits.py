"""What is used and left of the Hub's limits, and of one's own."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from hf_nb.errors import HfNbError
from hf_nb.hub.client import api
from hf_nb.hub.translate import translated
from hf_nb.plumbing import http, token
from hf_nb.plumbing.ratelimits import Month, Window
from hf_nb.plumbing.session import Session, current
from hf_nb.values.limits import Allowance, Limits

# The Hub's own words for its three counters.
COUNTERS = ("api", "resolvers", "pages")


def limits(*, session: Session | None = None) -> Limits:
    """How many requests the Hub and your own settings still allow. Asks the Hub once if it has not been asked yet."""
    session = session or current()
    settings = session.settings
    host = urlsplit(settings.endpoint).netloc
    name = token.name()
    with session.span("hub.limits"):
        note = None if _heard(session, host, name) else _ask(session)
        known = session.limits.windows.known(host)
        month, rate = Month(settings.endpoint), settings.requests_per_minute
        return Limits(
            hub=settings.endpoint,
            token=name,
            windows=tuple(_allowances(known, with_token=name is not None)),
            minute_limit=rate,
            minute_left=session.limits.minute.left(rate) if rate else None,
            month=f"{datetime.now().astimezone():%Y-%m}",
            month_used=month.used(),
            month_limit=settings.monthly_requests,
            note=note,
        )


def _heard(session: Session, host: str, name: str | None) -> bool:
    """Whether the Hub has said in this window what is left for whoever asks now."""
    return any(
        one.bucket == "api" and one.after > 0 and one.token == (name is not None)
        for one in session.limits.windows.known(host)
    )


def _ask(session: Session) -> str | None:
    """The smallest question there is; its answer's headers are what matters."""
    settings = session.settings
    try:
        with (
            http.within(settings.deadline, copies=False),
            translated("the list of models", settings),
        ):
            next(iter(api(session).list_models(limit=1)), None)
    except HfNbError as wrong:
        return f"The Hub was not heard: {wrong.problem}"
    return None


def _allowances(known: tuple[Window, ...], *, with_token: bool) -> list[Allowance]:
    """Every counter, the ones nobody has asked under as well."""
    found = [_allowance(one) for one in known]
    missing = [Allowance(what, with_token) for what in COUNTERS if not any(one.what == what for one in found)]
    order = {what: place for place, what in enumerate(COUNTERS)}
    return sorted([*found, *missing], key=lambda one: (order.get(one.what, len(order)), not one.token))


def _allowance(window: Window) -> Allowance:
    over = window.after <= 0
    return Allowance(
        what=window.bucket,
        token=window.token,
        left=window.limit if over else window.left,
        limit=window.limit,
        window=window.seconds,
        resets=None if over else window.after,
    )
