"""Users, organisations, tokens, and who may see what."""

import hashlib
import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from hf_nb.errors import BadInput
from hf_nb.offline.repos import mongo_id, stamp

EPOCH = "2024-01-01T00:00:00.000Z"
# An account of the demo Hub that lessons may log in with; it opens nothing but a server on this machine.
LEARNER = "hf_learner_offline"
ROLES = ("read", "contributor", "write", "admin")
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,41}")
_TAKEN = (
    "api",
    "datasets",
    "spaces",
    "models",
    "papers",
    "avatars",
    "oauth",
    "uploads",
    "kernels",
    "router",
)  # addresses
_CONTRIBUTES, _WRITES = ROLES.index("contributor") + 1, ROLES.index("write") + 1


@dataclass(frozen=True)
class Caller:
    """Who is asking. Without a name: nobody in particular."""

    name: str | None = None
    role: str = "read"
    plan: str = "anonymous"
    orgs: Mapping[str, str] = field(default_factory=dict)
    until: str | None = None  # when the token expires, if a login gave it

    @property
    def namespaces(self) -> tuple[str, ...]:
        """Where this caller sees what others do not."""
        return (self.name, *self.orgs) if self.name else ()

    def rank(self, namespace: str) -> int:
        """0: a stranger; 1: reads; …; 4: owns. The token's own role is an upper bound on writing."""
        if self.name is None:
            return 0
        folded = namespace.lower()
        if self.name.lower() == folded:
            return 4
        role = next((role for org, role in self.orgs.items() if org.lower() == folded), None)
        return ROLES.index(role) + 1 if role else 0

    @property
    def takes_part(self) -> bool:
        """Whether this token may say or change anything at all."""
        return self.name is not None and self.role in ("write", "admin")

    def may_write(self, namespace: str, creator: str | None = None) -> bool:
        """Whether this token may change repositories there; contributors may change those they made."""
        rank = self.rank(namespace)
        made = creator is not None and self.name is not None and creator.lower() == self.name.lower()
        return self.takes_part and (rank >= _WRITES or (made and rank >= _CONTRIBUTES))

    def may_create(self, namespace: str) -> bool:
        """Whether this token may make repositories there."""
        return self.takes_part and self.rank(namespace) >= _CONTRIBUTES


ANYBODY = Caller()


def organisation(
    sql: sqlite3.Connection,
    name: str,
    fullname: str | None,
    *,
    members: Mapping[str, str] | Sequence[str],
    plan: str | None = None,
) -> None:
    """Make or extend an organisation."""
    _person(sql, name, "org", fullname, plan)
    for member, role in _roles(members).items():
        sql.execute("INSERT OR REPLACE INTO members VALUES (?, ?, ?)", (name, member, role))


def user(
    sql: sqlite3.Connection,
    name: str,
    token: str | None,
    *,
    role: str,
    fullname: str | None,
    orgs: Mapping[str, str] | Sequence[str],
    plan: str | None = None,
) -> None:
    """Make or extend a user."""
    _person(sql, name, "user", fullname, plan)
    if token is not None:
        if not token.startswith("hf_") or not token.isascii() or len(token) < 6:
            raise BadInput("A token must start with hf_.", "For example hf_learner_offline.")
        sql.execute(
            "INSERT OR REPLACE INTO tokens (digest, name, role, created) VALUES (?, ?, ?, ?)",
            (digest(token), name, role, EPOCH),
        )
    for org, its_role in _roles(orgs).items():
        sql.execute("INSERT OR REPLACE INTO members VALUES (?, ?, ?)", (org, name, its_role))


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def caller(sql: sqlite3.Connection, token: str, now: datetime | None = None) -> Caller | None:
    """Whose token this is; None for nobody's, and for one whose time is over."""
    row = sql.execute(
        "SELECT t.name, t.role, t.expires, p.plan FROM tokens t JOIN people p ON p.name = t.name WHERE t.digest = ?",
        (digest(token),),
    ).fetchone()
    if row is None or (row["expires"] and row["expires"] <= stamp(now or datetime.now(UTC))):
        return None
    orgs = {
        org["org"]: org["role"]
        for org in sql.execute("SELECT org, role FROM members WHERE name = ?", (row["name"],))
    }
    return Caller(row["name"], row["role"], row["plan"], orgs, row["expires"])


def visible(who: Caller, table: str = "repos") -> tuple[str, list[Any]]:
    """A condition that keeps what others must not see out of every list."""
    names = who.namespaces
    if not names:
        return f"{table}.private = 0", []
    marks = ",".join("?" * len(names))
    return f"({table}.private = 0 OR {table}.namespace COLLATE NOCASE IN ({marks}))", list(names)


def granted(sql: sqlite3.Connection, rid: int, namespace: str, who: Caller) -> bool:
    """Whether a caller may read the files of a gated repository."""
    if who.name is None:
        return False
    if who.rank(namespace):
        return True
    row = sql.execute(
        "SELECT 1 FROM grants WHERE rid = ? AND name = ? AND status = 'accepted'", (rid, who.name)
    ).fetchone()
    return row is not None


def _person(sql: sqlite3.Connection, name: str, kind: str, fullname: str | None, plan: str | None) -> None:
    """Somebody new, or more about somebody who is known."""
    row = sql.execute("SELECT kind FROM people WHERE name = ?", (name,)).fetchone()
    if row is not None and row["kind"] != kind:
        raise BadInput(f"{name!r} is taken by {'a user' if kind == 'org' else 'an organisation'}.")
    if row is None:
        if not _NAME.fullmatch(name) or name.lower() in _TAKEN:
            raise BadInput(f"{name!r} cannot be somebody's name.", "Use letters, digits, '-', '_' and '.'.")
        known = (fullname or name, EPOCH, plan or "free", json.dumps({}))
        values = (name, kind, mongo_id(EPOCH, kind, name), *known)
        sql.execute("INSERT INTO people VALUES (?, ?, ?, ?, ?, ?, ?)", values)
    else:
        sql.execute(
            "UPDATE people SET fullname = coalesce(?, fullname), plan = coalesce(?, plan) WHERE name = ?",
            (fullname, plan, name),
        )


def _roles(given: Mapping[str, str] | Sequence[str]) -> dict[str, str]:
    found = dict(given) if isinstance(given, Mapping) else dict.fromkeys(given, "read")
    for name, role in found.items():
        if role not in ROLES:
            raise BadInput(f"{role!r} is no role of {name!r}.", f"Roles: {', '.join(ROLES)}")
    return found
