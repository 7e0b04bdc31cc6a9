"""Logging in with a browser (RFC 8628): a program shows a code, a person enters it where they prove who they are.

begin() ─> device code, user code     answer(user code, who)     redeem(device code) ─> access and refresh token
                                                                 renew(refresh token) ─> the next pair

Only digests are kept of what opens anything: device codes, access tokens, refresh tokens.
"""

import secrets
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from hf_nb.errors import BadInput, NotFound
from hf_nb.offline.people import digest
from hf_nb.offline.repos import stamp

CODE_LIFE = timedelta(minutes=15)
PAUSE = 1  # seconds between two polls; on loopback nobody is served by more
TOKEN_LIFE, RENEWAL_LIFE = timedelta(days=30), timedelta(days=180)
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels, so no words; nothing that looks like a figure
_SLOWER = 5
_EARLY = timedelta(milliseconds=200)  # a poll may be a little early


@dataclass(frozen=True)
class Begun:
    """What a program is told when it starts a login."""

    device: str
    code: str


@dataclass(frozen=True)
class Pair:
    """What a finished login gives."""

    access: str
    refresh: str
    scope: str


@dataclass(frozen=True)
class Failure:
    """Why there is no token (yet), in the standard's words."""

    error: str
    description: str


def begin(sql: sqlite3.Connection, client: str, scope: str, now: datetime) -> Begun:
    """A new login that waits for its person."""
    _forget_expired(sql, now)
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(8))
    begun = Begun(secrets.token_hex(32), f"{drawn[:4]}-{drawn[4:]}")
    sql.execute(
        "INSERT INTO logins (device, code, client, scope, expires, pause) VALUES (?, ?, ?, ?, ?, ?)",
        (digest(begun.device), begun.code, client, scope, stamp(now + CODE_LIFE), PAUSE),
    )
    return begun


def waiting(sql: sqlite3.Connection, code: str, now: datetime) -> sqlite3.Row | None:
    """The login a user code stands for, as long as nobody has answered it."""
    row: sqlite3.Row | None = sql.execute(
        "SELECT * FROM logins WHERE code = ? AND answer IS NULL AND expires > ?", (tidy(code), stamp(now))
    ).fetchone()
    return row


def tidy(code: str) -> str:
    """A user code as it is kept, however it was typed."""
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    return f"{letters[:4]}-{letters[4:]}"


def answer(
    sql: sqlite3.Connection, code: str, name: str, role: str, now: datetime, *, allowed: bool = True
) -> None:
    """A person says yes or no; what the program then gets may do what their own token may."""
    if waiting(sql, code, now) is None:
        raise NotFound(
            "This code is unknown, was used already, or its time is over.", "Start the login again."
        )
    person = sql.execute("SELECT name FROM people WHERE name = ? AND kind = 'user'", (name,)).fetchone()
    if person is None:
        raise BadInput(f"There is no user {name!r}.")
    sql.execute(
        "UPDATE logins SET answer = ?, name = ?, role = ? WHERE code = ?",
        ("allowed" if allowed else "denied", person["name"], role, tidy(code)),
    )


def redeem(sql: sqlite3.Connection, device: str, client: str, now: datetime) -> Pair | Failure:
    """The tokens of a login that was allowed: once."""
    row = sql.execute("SELECT * FROM logins WHERE device = ?", (digest(device),)).fetchone()
    if row is None or row["client"] != client:
        return Failure("invalid_grant", "This device code is unknown or was used already")
    if row["expires"] <= stamp(now):
        return Failure("expired_token", "The device code has expired")
    if row["answer"] is None:
        return _not_yet(sql, row, now)
    sql.execute("DELETE FROM logins WHERE device = ?", (row["device"],))
    if row["answer"] == "denied":
        return Failure("access_denied", "The request was denied")
    return _issue(sql, row, now)


def renew(sql: sqlite3.Connection, refresh: str, client: str, now: datetime) -> Pair | Failure:
    """The next pair of tokens; a refresh token serves once."""
    row = sql.execute("SELECT * FROM renewals WHERE digest = ?", (digest(refresh),)).fetchone()
    if row is None or row["client"] != client or row["expires"] <= stamp(now):
        return Failure("invalid_grant", "This refresh token is unknown, was used already, or has expired")
    sql.execute("DELETE FROM renewals WHERE digest = ?", (row["digest"],))
    return _issue(sql, row, now)


def _not_yet(sql: sqlite3.Connection, row: sqlite3.Row, now: datetime) -> Failure:
    earliest = stamp(now - timedelta(seconds=row["pause"]) + _EARLY)
    hasty = row["polled"] is not None and row["polled"] > earliest
    pause = row["pause"] + (_SLOWER if hasty else 0)
    sql.execute(
        "UPDATE logins SET polled = ?, pause = ? WHERE device = ?", (stamp(now), pause, row["device"])
    )
    if hasty:
        return Failure("slow_down", f"Wait {pause} seconds between two requests")
    return Failure("authorization_pending", "Nobody has entered the code yet")


def _issue(sql: sqlite3.Connection, row: sqlite3.Row, now: datetime) -> Pair:
    # the client takes what starts with hf_ for a token of the Hub
    pair = Pair(f"hf_oauth_{secrets.token_hex(20)}", f"hf_refresh_{secrets.token_hex(20)}", row["scope"])
    sql.execute(
        "INSERT INTO tokens (digest, name, role, created, expires, client) VALUES (?, ?, ?, ?, ?, ?)",
        (digest(pair.access), row["name"], row["role"], stamp(now), stamp(now + TOKEN_LIFE), row["client"]),
    )
    sql.execute(
        "INSERT INTO renewals VALUES (?, ?, ?, ?, ?, ?)",
        (
            digest(pair.refresh),
            row["name"],
            row["role"],
            row["client"],
            row["scope"],
            stamp(now + RENEWAL_LIFE),
        ),
    )
    return pair


def _forget_expired(sql: sqlite3.Connection, now: datetime) -> None:
    for table, spare in (("logins", CODE_LIFE), ("renewals", CODE_LIFE), ("tokens", CODE_LIFE)):
        # a little after its time is over, so that a program that is late hears "expired", not "unknown"
        sql.execute(
            f"DELETE FROM {table} WHERE expires IS NOT NULL AND expires <= ?",  # noqa: S608 -- one of the three
            (stamp(now - spare),),
        )
