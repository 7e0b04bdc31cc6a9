"""Logging in and out, and who one is. A token comes from the Hub, a masked prompt or a variable."""

from __future__ import annotations

import dataclasses
import getpass
import os
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from hf_nb.errors import BadInput, Refused, Unauthorized
from hf_nb.hub.client import api
from hf_nb.hub.people import device, stored
from hf_nb.hub.translate import TOKEN_STEP, translated
from hf_nb.plumbing import http, progress, reading
from hf_nb.plumbing import token as named
from hf_nb.plumbing.session import Session, current
from hf_nb.values.login import LoggedOut, Membership, Who

if TYPE_CHECKING:
    from collections.abc import Mapping

NOT_LOGGED_IN = "You are not logged in."
_LONGEST = 4_000


class Obtained(NamedTuple):
    """A token on its way into a file."""

    value: str
    refresh: str | None = None
    expires: int | None = None

    def __repr__(self) -> str:
        return "<a token>"


def login(
    name: str | None = None,
    *,
    paste: bool = False,
    from_env: str | None = None,
    wait: float | None = None,
    session: Session | None = None,
) -> Who:
    """Log in with a browser, or paste a token at a masked prompt, or name a variable. It is checked, then stored.

    `name`: what to call it here. `wait`: seconds to wait for the browser, if less than the Hub allows.
    """
    session = session or current()
    with session.span("hub.login", way=_way(paste=paste, from_env=from_env)):
        if name is not None:
            name = stored.named_well(name)
        new = obtain(paste=paste, from_env=from_env, wait=wait, session=session)
        who = identify(new.value, name, session)
        stored.keep(who.token, new.value, refresh=new.refresh, expires=new.expires)
        note = stored.taken_over()
    expires = datetime.fromtimestamp(new.expires, UTC) if new.expires else who.expires
    return dataclasses.replace(who, note=note, expires=expires, renewed=new.refresh is not None)


def whoami(*, session: Session | None = None) -> Who:
    """Who the token in use belongs to, and what it may do."""
    session = http.install(session or current())
    from huggingface_hub import get_token

    with session.span("hub.whoami"):
        value = get_token()
        if value is None:
            raise Unauthorized(NOT_LOGGED_IN, TOKEN_STEP)
        variable = next((one for one in named.VARIABLES if os.environ.get(one)), None)
        kept = next((item for item in stored.read().items() if item[1].get("hf_token") == value), None)
        who = identify(value, kept[0] if kept else variable, session)
    fields = kept[1] if kept else {}
    source = named.origin.get(variable, "environment") if variable else "stored"
    expires = stored.expiry(fields) or who.expires
    return dataclasses.replace(who, source=source, expires=expires, renewed="refresh_token" in fields)


def logout(name: str | None = None, *, everything: bool = False, session: Session | None = None) -> LoggedOut:
    """Forget a stored token: the one of that name, else the one in use. `everything`: all of them."""
    session = http.install(session or current())
    with session.span("hub.logout", everything=everything):
        kept = stored.read()
        in_use = stored.active()
        if name is not None:
            stored.value_of(name)
        gone = [
            one
            for one, fields in kept.items()
            if everything or (one == name if name else fields.get("hf_token") == in_use)
        ]
        nameless = in_use is not None and name is None and not gone
        variables = _set_variables() if name is None else ()
        if not (gone or nameless or variables):
            raise Unauthorized(NOT_LOGGED_IN, "Stored tokens: %hf tokens" if kept else stored.LOGIN)
        values = [kept[one].get("hf_token", "") for one in gone] + ([in_use] if nameless and in_use else [])
        stored.remove(gone, unnamed=nameless)
        note = stored.taken_over() if name is None else None
        for value in values:
            stored.forget(value)
    left = tuple(one for one in kept if one not in gone)
    return LoggedOut((*gone, *(["(no name)"] if nameless else []), *variables), left, note)


# -- for the verbs about tokens


def obtain(*, paste: bool, from_env: str | None, wait: float | None, session: Session) -> Obtained:
    """A token from where it was asked for; it has not been checked yet."""
    if paste and from_env:
        raise BadInput("One way at a time: --paste or --from-env.", f"{stored.LOGIN} --paste")
    _same_hub(session)
    if from_env:
        return Obtained(_looks_right(_of_variable(from_env)))
    if paste:
        return Obtained(_looks_right(_asked()))
    with progress.shown():
        found = device.run(session, wait)
    life = found.get("expires_in")
    return Obtained(
        str(found["access_token"]),
        str(found["refresh_token"]) if found.get("refresh_token") else None,
        int(time.time()) + int(life) if isinstance(life, (int, float)) and life else None,
    )


def identify(value: str, name: str | None, session: Session, within: float | None = None) -> Who:
    """Who a token belongs to, as the Hub says, `within` seconds. `name`: what it is called here."""
    with translated("login", session.settings), reading.scope(within or session.settings.deadline):
        found = api(session).whoami(token=value)
    who = _who(found, name, session)
    stored.learn(value, who.role)
    return who


def noted(who: Who, note: str | None) -> Who:
    """The same person, with a sentence below."""
    return dataclasses.replace(who, note=note)


def _who(found: Mapping[str, Any], name: str | None, session: Session) -> Who:
    auth = found.get("auth") or {}
    about = auth.get("accessToken") or {}
    person = str(found.get("name", ""))
    orgs = [one for one in found.get("orgs") or [] if isinstance(one, dict)]
    role = str(about.get("role") or ("oauth" if auth.get("type") == "oauth" else "")) or None
    return Who(
        name=person,
        fullname=str(found.get("fullname") or ""),
        hub=session.settings.endpoint,
        token=name or _tidy(str(about.get("displayName") or f"oauth-{person}")),
        source="stored",
        role=role,
        scopes=tuple(_scopes(about.get("fineGrained") or {})),
        orgs=tuple(Membership(str(one.get("name")), one.get("roleInOrg")) for one in orgs),
        expires=_time(auth.get("expiresAt")),
        kind=str(found.get("type") or "user"),
    )


def _scopes(fine: Mapping[str, Any]) -> list[str]:
    scoped = [
        f"{permission} on {(one.get('entity') or {}).get('name', '?')}"
        for one in fine.get("scoped") or []
        for permission in one.get("permissions") or []
    ]
    return [*map(str, fine.get("global") or []), *scoped]


def _time(said: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(said))
    except ValueError:
        return None


def _tidy(name: str) -> str:
    """A name the Hub gave, as the file can hold it."""
    return "".join(sign for sign in name if sign.isprintable() and sign not in "[]")[:100].strip() or "token"


def _way(*, paste: bool, from_env: str | None) -> str:
    return "paste" if paste else "variable" if from_env else "browser"


def _set_variables() -> tuple[str, ...]:
    return tuple(one for one in named.VARIABLES if os.environ.get(one))


def _same_hub(session: Session) -> None:
    """The official client knows one Hub from its import on; a token for it must not come from another."""
    http.install(session)
    from huggingface_hub import constants

    if constants.ENDPOINT.rstrip("/") != session.settings.endpoint:
        raise Refused(
            f"huggingface_hub in this process still speaks to {constants.ENDPOINT}.",
            "Save the endpoint (%hf settings endpoint=… --save), restart the kernel, then: %hf login",
        )


def _of_variable(name: str) -> str:
    value = os.environ.get(name, "").strip()
    if not value:
        raise BadInput(
            f"There is no variable {name} in this process.", "It must be set before the kernel starts."
        )
    return value


def _asked() -> str:
    """A masked prompt: of the notebook's page, of a terminal; or a line of a pipe."""
    in_kernel = hasattr(getpass.getpass, "__self__")  # the kernel puts a method of its own there
    if not in_kernel and sys.stdin is not None and not sys.stdin.isatty():
        return sys.stdin.readline(_LONGEST)
    try:
        return getpass.getpass("Token (it stays hidden): ")
    except (NotImplementedError, EOFError):  # a kernel whose front end does not take input
        raise BadInput(
            "Nobody can be asked for a token here.", f"{stored.LOGIN}, or {stored.LOGIN} --from-env VARIABLE"
        ) from None


def _looks_right(value: str) -> str:
    value = value.strip()
    if not value:
        raise BadInput("No token was given.", f"{stored.LOGIN} --paste")
    if value.startswith("api_org_"):
        raise BadInput("That is an organisation's token; log in with one of your own.", f"{stored.LOGIN}")
    if len(value) >= _LONGEST or not value.isprintable() or not value.isascii() or " " in value:
        raise BadInput("That is no token: it has spaces or signs no token has.", f"{stored.LOGIN} --paste")
    return value
