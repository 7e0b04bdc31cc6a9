"""Requests to gated repositories: asked for, granted, refused.

pending ──accept──> accepted ──cancel──> pending         a request goes from any list to any other;
   └─────reject──> rejected ──accept──> accepted         only who is in `accepted` reads the files
"""

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hf_nb.errors import BadInput, NotFound
from hf_nb.offline.repos import mongo_id, stamp

STATUSES = ("pending", "accepted", "rejected")


def ask(
    sql: sqlite3.Connection, rid: int, name: str, gated: str | None, fields: Mapping[str, str], date: datetime
) -> str:
    """A person's own request; its status: `auto` lets everybody in who asks."""
    _must_be_gated(gated)
    row = _of(sql, rid, name)
    if row is not None and row["status"] == "rejected":
        raise BadInput("Your request to access this repository has been rejected by its authors.")
    if row is not None and (row["status"] == "accepted" or gated == "manual"):
        return str(row["status"])
    status = "accepted" if gated == "auto" else "pending"
    _put(sql, rid, name, status, date, {"asked": True, **({"fields": dict(fields)} if fields else {})})
    return status


def withdraw(sql: sqlite3.Connection, rid: int, name: str) -> None:
    """A person takes their own request back."""
    row = _of(sql, rid, name)
    if row is None or row["status"] != "pending":
        raise NotFound("You have no pending request to access this repository.")
    sql.execute("DELETE FROM grants WHERE rid = ? AND name = ?", (rid, name))


def listed(
    sql: sqlite3.Connection, rid: int, gated: str | None, status: str | None = None
) -> list[sqlite3.Row]:
    """Requests with who made them, newest first; of every status where none is named."""
    _must_be_gated(gated)
    return sql.execute(
        "SELECT g.*, p.name AS person, p.oid, p.fullname, p.plan FROM grants g JOIN people p ON p.name = g.name"
        " WHERE g.rid = ? AND (? IS NULL OR g.status = ?) ORDER BY g.created DESC, g.name",
        (rid, status, status),
    ).fetchall()


def request_id(row: sqlite3.Row) -> str:
    """What a request can be named by instead of its person."""
    return mongo_id(row["created"], "access", str(row["rid"]), row["name"].lower())


def grant(sql: sqlite3.Connection, rid: int, name: str, gated: str | None, by: str, date: datetime) -> None:
    """Let somebody in who may not even have asked."""
    _must_be_gated(gated)
    person = _person(sql, name)
    row = _of(sql, rid, person)
    if row is not None and row["status"] == "accepted":
        raise BadInput(f"{person} already has access to this repository.")
    kept = json.loads(row["details"]) if row else {}
    _put(sql, rid, person, "accepted", date, {**kept, "by": by})


def handle(
    sql: sqlite3.Connection,
    rid: int,
    gated: str | None,
    *,
    status: str,
    by: str,
    name: str | None = None,
    request: str | None = None,
    reason: str | None = None,
) -> None:
    """Move a request, named by its person or its id, to another list."""
    _must_be_gated(gated)
    if status not in STATUSES:
        raise BadInput(f'"status" must be one of [{", ".join(STATUSES)}]')
    if reason is not None and status != "rejected":
        raise BadInput("A reason belongs to a rejection.")
    row = _named(sql, rid, name, request)
    if row["status"] == status:
        raise NotFound(f"The request is in the {status} list already.")
    kept = {key: value for key, value in json.loads(row["details"]).items() if key != "reason"}
    details = {**kept, "by": by, **({"reason": reason} if reason else {})}
    sql.execute(
        "UPDATE grants SET status = ?, details = ? WHERE rid = ? AND name = ?",
        (status, json.dumps(details), rid, row["name"]),
    )


def details(row: sqlite3.Row) -> dict[str, Any]:
    """`asked`, `fields`, `by`, `reason`: as far as there are such."""
    found: dict[str, Any] = json.loads(row["details"])
    return found


def _must_be_gated(gated: str | None) -> None:
    if not gated:
        raise BadInput("This repository is not gated.")


def _named(sql: sqlite3.Connection, rid: int, name: str | None, request: str | None) -> sqlite3.Row:
    if name is not None:
        row = _of(sql, rid, _person(sql, name))
    else:
        rows = sql.execute("SELECT * FROM grants WHERE rid = ?", (rid,)).fetchall()
        row = next((one for one in rows if request_id(one) == request), None)
    if row is None:
        raise NotFound("There is no such access request.")
    return row


def _person(sql: sqlite3.Connection, name: str) -> str:
    row = sql.execute("SELECT name FROM people WHERE name = ? AND kind = 'user'", (name,)).fetchone()
    if row is None:
        raise NotFound("This user does not exist")
    return str(row["name"])


def _of(sql: sqlite3.Connection, rid: int, name: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = sql.execute(
        "SELECT * FROM grants WHERE rid = ? AND name = ?", (rid, name)
    ).fetchone()
    return row


def _put(
    sql: sqlite3.Connection, rid: int, name: str, status: str, date: datetime, about: Mapping[str, Any]
) -> None:
    sql.execute(
        "INSERT OR REPLACE INTO grants (rid, name, status, created, details) VALUES (?, ?, ?, ?, ?)",
        (rid, name, status, stamp(date), json.dumps(dict(about))),
    )
