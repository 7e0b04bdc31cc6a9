"""Logging in with a browser: the device flow of RFC 8628, and who a token belongs to.

The page asks for an access token of this Hub as proof of who is sitting there: a page of somebody else's that sends the
form in a person's name would have to know it already. What the login then gives may do what that token may.
"""

import html
import sqlite3
from typing import Any
from urllib.parse import quote

from hf_nb.errors import NotFound
from hf_nb.offline import oauth, people
from hf_nb.offline.server import fields, refusals
from hf_nb.offline.server.answers import Answer, as_json
from hf_nb.offline.server.ask import Ask
from hf_nb.offline.server.pages import narrow

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_SCOPE = "openid profile"
_TITLE = "Log in"
_PRIVATE = {"cache-control": "no-store"}


def begin(ask: Ask) -> Answer:
    """`POST /oauth/device`."""
    given = _form(ask)
    client = given.get("client_id", "")
    if not client or len(client) > 200:
        return _failed(oauth.Failure("invalid_request", "A client_id is missing"))
    with ask.database.writing() as sql:
        begun = oauth.begin(sql, client, given.get("scope", "")[:500] or _SCOPE, ask.now())
    page = f"{ask.site.url}/oauth/device"
    return as_json(
        {
            "device_code": begun.device,
            "user_code": begun.code,
            "verification_uri": page,
            "verification_uri_complete": f"{page}?user_code={quote(begun.code)}",
            "expires_in": int(oauth.CODE_LIFE.total_seconds()),
            "interval": oauth.PAUSE,
        },
        headers=_PRIVATE,
    )


def page(ask: Ask) -> Answer:
    """`GET /oauth/device`: where a person enters the code."""
    return narrow(_TITLE, _asking(ask, ask.one("user_code") or ""))


def answer(ask: Ask) -> Answer:
    """`POST /oauth/device/answer`: their yes or no."""
    given = _form(ask)
    code, said = given.get("user_code", ""), given.get("answer", "")
    origin = ask.headers.get("origin")
    if origin is not None and origin.partition("://")[2] != ask.headers.get("host"):
        return narrow(_TITLE, _asking(ask, code, "This form came from another site."), status=403)
    person = people.caller(ask.sql, given.get("token", "").strip(), ask.now())
    # a token that ends must not beget one that ends later
    if person is None or person.name is None or person.until:
        return narrow(_TITLE, _asking(ask, code, "This is no access token of this Hub."), status=403)
    if said not in ("allow", "deny"):
        return narrow(_TITLE, _asking(ask, code, "Say yes or no."), status=400)
    try:
        with ask.database.writing() as sql:
            oauth.answer(sql, code, person.name, person.role, ask.now(), allowed=said == "allow")
    except NotFound as wrong:
        return narrow(_TITLE, _asking(ask, code, wrong.problem), status=400)
    done = f"You are logged in as {person.name}" if said == "allow" else "The login was refused"
    return narrow(_TITLE, f"<h1>{html.escape(done)}</h1><p>This page can be closed.</p>")


def token(ask: Ask) -> Answer:
    """`POST /oauth/token`: for a device code, or for a refresh token."""
    given = _form(ask)
    kind, client = given.get("grant_type", ""), given.get("client_id", "")
    with ask.database.writing() as sql:
        if kind == DEVICE_GRANT:
            found = oauth.redeem(sql, given.get("device_code", ""), client, ask.now())
        elif kind == "refresh_token":
            found = oauth.renew(sql, given.get("refresh_token", ""), client, ask.now())
        else:
            found = oauth.Failure("unsupported_grant_type", f"Supported are {DEVICE_GRANT} and refresh_token")
    if isinstance(found, oauth.Failure):
        return _failed(found)
    return as_json(
        {
            "access_token": found.access,
            "token_type": "bearer",
            "expires_in": int(oauth.TOKEN_LIFE.total_seconds()),
            "refresh_token": found.refresh,
            "scope": found.scope,
        },
        headers=_PRIVATE,
    )


def userinfo(ask: Ask) -> Answer:
    """`GET|POST /oauth/userinfo`."""
    if ask.who.name is None:
        raise refusals.needs_login()
    person = _person(ask, ask.who.name)
    return as_json(
        {
            **_about(ask, person),
            "email": f"{person['name']}@example.invalid",
            "email_verified": True,
            "isPro": person["plan"] == "pro",
            "canPay": False,
            "orgs": [
                {**_about(ask, _person(ask, org)), "isEnterprise": False, "roleInOrg": role}
                for org, role in ask.who.orgs.items()
            ],
        },
        headers=_PRIVATE,
    )


def _about(ask: Ask, person: sqlite3.Row) -> dict[str, Any]:
    return {
        "sub": person["oid"],
        "name": person["fullname"],
        "preferred_username": person["name"],
        "profile": f"{ask.site.url}/{person['name']}",
        "picture": f"{ask.site.url}/avatars/{person['name']}.svg",
    }


def _person(ask: Ask, name: str) -> sqlite3.Row:
    row: sqlite3.Row = ask.database.one("SELECT * FROM people WHERE name = ?", name)
    return row


def _form(ask: Ask) -> dict[str, str]:
    return fields.last(ask.form()) if ask.body else {}


def _failed(failure: oauth.Failure) -> Answer:
    return as_json(
        {"error": failure.error, "error_description": failure.description}, status=400, headers=_PRIVATE
    )


def _asking(ask: Ask, code: str, problem: str = "") -> str:
    login = oauth.waiting(ask.sql, code, ask.now()) if code else None
    if code and login is None and not problem:
        problem = "This code is unknown, was used already, or its time is over."
    wants = (
        f"<p>A program (<code>{html.escape(login['client'])}</code>) wants to log in as you.</p>"
        if login
        else ""
    )
    shown = html.escape(oauth.tidy(code)) if code else ""
    warning = f"<p role='alert'><b>{html.escape(problem)}</b></p>" if problem else ""
    return (
        f"<h1>Log in to this Hub</h1>{warning}{wants}"
        "<form method='post' action='/oauth/device/answer' autocomplete='off'>"
        f"<label>The code you were shown<input name='user_code' required value='{shown}'></label>"
        "<label>An access token of yours, as proof that it is you<input name='token' type='password' required></label>"
        "<button name='answer' value='allow'>Allow</button> <button name='answer' value='deny'>Deny</button></form>"
        "<p>Only allow what you have started yourself.</p>"
    )
