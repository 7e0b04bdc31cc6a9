"""The way to the Hub: proxies, certificates, one short question, and what its answer tells by the way."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from hf_nb.errors import HfNbError, Refused, Unauthorized
from hf_nb.hub.client import api
from hf_nb.hub.translate import translated
from hf_nb.plumbing import http, redact, token
from hf_nb.plumbing.ratelimits import Month
from hf_nb.plumbing.session import Session
from hf_nb.plumbing.settings import LOOPBACK, REAL_HUB
from hf_nb.values.doctor import State, Symptom

# Seconds for the one question; the whole checkup is over soon after.
PATIENCE = 3.0
SLOW = 1.0
SKEW = 60.0
PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")
# What the systems say of a name without an address.
NO_ADDRESS = (
    "Name or service not known",
    "nodename nor servname",
    "Temporary failure in name resolution",
    "No address associated",
    "getaddrinfo failed",
)


def surroundings(session: Session) -> Iterator[Symptom]:
    """Proxies and certificates of the environment, which every request uses."""
    for name in PROXIES:
        if said := os.environ.get(name) or os.environ.get(name.lower()):
            yield Symptom("network", name, "note", redact.text(said))
    try:
        http.certificates()
    except HfNbError as wrong:
        yield Symptom("network", "certificates", "problem", wrong.problem, wrong.next_step)
    else:
        named = next((name for name in http.CERTIFICATES if os.environ.get(name)), None)
        if named:
            yield Symptom("network", "certificates", "note", f"{named}={os.environ[named]}")
    if not os.environ.get("HF_HUB_DISABLE_XET"):
        detail = (
            "its transfers take the proxy from the environment by themselves; local_only switches them off"
        )
        yield Symptom("network", "Xet", "note", detail)


def hub(session: Session) -> Iterator[Symptom]:
    """One question: is it there, how fast, what time is it there, what is left of the limits, is the token good."""
    where = _shown(session)
    if session.settings.local_only and not session.settings.endpoint_is_local:
        yield Symptom("hub", where, "note", "not asked: the setting local_only is on")
        return
    began = time.perf_counter()
    try:
        answer = _ask(session)
    except HfNbError as wrong:
        yield _unanswered(session, where, wrong)
        return
    yield from _answered(session, where, answer, time.perf_counter() - began)
    yield from _token(session)
    yield from _left(session)


def _ask(session: Session) -> Any:
    """The smallest question; short, whatever the settings say."""
    http.install(session)
    from huggingface_hub.utils import get_session

    with http.within(PATIENCE, copies=False), translated("the list of models", session.settings):
        return get_session().get(f"{session.settings.endpoint}/api/models", params={"limit": 1})


def _answered(session: Session, where: str, answer: Any, seconds: float) -> Iterator[Symptom]:
    try:
        is_hub = answer.status_code < 400 and isinstance(answer.json(), list)
    except ValueError:
        is_hub = False
    if not is_hub:
        yield Symptom(
            "hub", where, "problem", f"something answers ({answer.status_code}), but it is no Hub", _another()
        )
        return
    state: State = "warn" if seconds > SLOW else "ok"
    yield Symptom(
        "hub", where, state, f"answers in {seconds * 1000:.0f} ms", "" if state == "ok" else _slow()
    )
    yield from _clock(answer)


def _unanswered(session: Session, where: str, wrong: HfNbError) -> Symptom:
    cause = wrong.__cause__
    said = str(getattr(cause, "last", cause) or "")
    host = urlsplit(session.settings.endpoint).hostname or ""
    if any(words in said for words in NO_ADDRESS):
        detail = f"no address is known for {host}: the network is gone, or the name is wrong"
        return Symptom(
            "hub", where, "problem", detail, _another() if host != _real() else "Connect to a network."
        )
    if isinstance(wrong, Refused):
        return Symptom("hub", where, "problem", wrong.problem, wrong.next_step)
    return Symptom("hub", where, "problem", wrong.problem, wrong.next_step or _another())


def _clock(answer: Any) -> Iterator[Symptom]:
    """Signed addresses and tokens expire by the clock: a wrong one looks like a wrong token."""
    try:
        there = parsedate_to_datetime(answer.headers.get("date", ""))
        off = (datetime.now(UTC) - there).total_seconds()
    except (TypeError, ValueError):
        return
    if abs(off) > SKEW:
        way = "ahead of" if off > 0 else "behind"
        detail = f"this machine's clock is {abs(off) / 60:.0f} min {way} the Hub's"
        yield Symptom("hub", "clock", "warn", detail, "Set the clock; signed downloads fail otherwise.")
    else:
        yield Symptom("hub", "clock", "ok", f"{abs(off):.0f} s apart")


def _token(session: Session) -> Iterator[Symptom]:
    name = token.name()
    if name is None:
        yield Symptom(
            "token", "token", "note", "none: public repositories only, and lower limits", "%hf login"
        )
        return
    try:
        with http.within(PATIENCE, copies=False), translated("your account", session.settings):
            who = api(session).whoami()
    except Unauthorized:
        yield Symptom("token", name, "problem", "the Hub does not accept it", "%hf login")
    except HfNbError as wrong:
        yield Symptom("token", name, "warn", f"could not be tried: {wrong.problem}", wrong.next_step)
    else:
        auth = (who.get("auth") or {}).get("accessToken") or {}
        yield Symptom("token", name, "ok", f"{who.get('name')}, {auth.get('role') or 'role unknown'}")


def _left(session: Session) -> Iterator[Symptom]:
    host = urlsplit(session.settings.endpoint).netloc
    for window in session.limits.windows.known(host):
        if window.limit and window.after > 0:
            state: State = (
                "problem" if not window.left else "warn" if window.left < window.limit / 10 else "ok"
            )
            detail = f"{window.left:,} of {window.limit:,} requests left, renewed in {window.after:.0f} s"
            yield Symptom("limits", window.bucket, state, detail, "" if state == "ok" else "%hf limits")
    budget = session.settings.monthly_requests
    if budget and Month(session.settings.endpoint).used() >= budget:
        detail = f"your own {budget:,} requests are spent"
        yield Symptom("limits", "month", "problem", detail, f"%hf settings monthly_requests={2 * budget}")


def _shown(session: Session) -> str:
    host = urlsplit(session.settings.endpoint).hostname or session.settings.endpoint
    return "offline Hub" if host in LOOPBACK else host


def _real() -> str:
    return urlsplit(REAL_HUB).hostname or ""


def _another() -> str:
    return f"%hf settings endpoint={REAL_HUB}"


def _slow() -> str:
    return "Work with copies: %hf settings response_cache_minutes=120"
