"""The tokens of this machine, by name: `list`, `use`, `rotate`."""

from __future__ import annotations

import os
from collections.abc import Iterator

from hf_nb.errors import Passing
from hf_nb.hub.people import login as entering
from hf_nb.hub.people import stored
from hf_nb.plumbing import http
from hf_nb.plumbing import token as named
from hf_nb.plumbing.session import Session, current
from hf_nb.values.login import Token, Tokens, Who

# A switch does not wait long for the Hub to say whose token it is.
_PATIENCE = 8.0


def list(*, session: Session | None = None) -> Tokens:  # noqa: A001 -- hf_nb.tokens.list()
    """Every token by its name: where it comes from, what it may do if that is known, which one is in use."""
    session = http.install(session or current())
    with session.span("hub.tokens.list") as here:
        found = (*_of_environment(), *_of_files())
        here.set(tokens=len(found))
        return Tokens(found, _overriding())


def use(name: str, *, session: Session | None = None) -> Who | Token:
    """Switch to a stored token, at once: for these verbs and for every official library in this process."""
    session = http.install(session or current())
    with session.span("hub.tokens.use", token=name):
        value = stored.value_of(name)
        try:
            who = entering.identify(value, name, session, within=_PATIENCE)
        except Passing:
            who = None
        stored.put_to_use(value)
        note = stored.taken_over()
    return (
        entering.noted(who, note) if who else next(one for one in list(session=session) if one.name == name)
    )


def rotate(
    name: str,
    *,
    paste: bool = False,
    from_env: str | None = None,
    wait: float | None = None,
    session: Session | None = None,
) -> Who:
    """Put a new token in the place of a stored one. The old one stays until the new one has been checked."""
    session = http.install(session or current())
    with session.span("hub.tokens.rotate", token=name):
        old, before = stored.value_of(name), stored.active()
        serves = old == (stored.from_environment() or before)
        new = entering.obtain(paste=paste, from_env=from_env, wait=wait, session=session)
        who = entering.identify(new.value, name, session)
        stored.keep(name, new.value, refresh=new.refresh, expires=new.expires, in_use=serves or old == before)
        stored.forget(old)
        if serves:
            stored.taken_over()
    return entering.noted(
        who, f"The old one is forgotten here; delete it at {session.settings.endpoint}/settings/tokens"
    )


def _of_environment() -> Iterator[Token]:
    value = stored.from_environment()
    if value is None:
        return
    variable = next(one for one in named.VARIABLES if os.environ.get(one))
    same = next((name for name, fields in stored.read().items() if fields.get("hf_token") == value), None)
    yield Token(
        variable,
        f"the same as {same}" if same else named.origin.get(variable, "environment"),
        active=True,
        role=stored.role_of(value),
    )


def _of_files() -> Iterator[Token]:
    in_use, beaten = stored.active(), stored.from_environment() is not None
    kept = stored.read()
    for name, fields in kept.items():
        value = fields.get("hf_token", "")
        yield Token(
            name,
            "stored",
            active=value == in_use and not beaten,
            role=stored.role_of(value),
            expires=stored.expiry(fields),
            renewed="refresh_token" in fields,
        )
    if in_use and in_use not in {fields.get("hf_token") for fields in kept.values()}:
        yield Token("(no name)", "stored", active=not beaten, role=stored.role_of(in_use))


def _overriding() -> str | None:
    if stored.from_environment() is None or not stored.read():
        return None
    return "The environment's token comes before the stored ones. To switch here: %hf tokens use NAME"
