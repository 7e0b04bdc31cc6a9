"""Papers, and what is said about repositories: discussions, and the events they are made of.

discussion ──< event     comment {"text", "history", "hidden"} | status-change | title-change | commit

A deleted discussion keeps its number, so that no other one is ever given it.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from hf_nb.errors import BadInput, NotFound
from hf_nb.offline.conflicts import Settled
from hf_nb.offline.repos import mongo_id, stamp

OPEN, ENDED, DELETED = ("draft", "open"), ("closed", "merged"), "deleted"
_HIDDEN = "This comment has been hidden"


def paper(
    sql: sqlite3.Connection,
    *,
    id: str,
    title: str,
    summary: str,
    date: datetime,
    authors: Sequence[str] = (),
    upvotes: int = 0,
    submitted_by: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """A paper by its arXiv number."""
    kept = {"authors": list(authors), "submittedBy": submitted_by, **(details or {})}
    sql.execute(
        "INSERT OR REPLACE INTO papers VALUES (?, ?, ?, ?, ?, ?)",
        (id, title, summary, stamp(date), upvotes, json.dumps(kept)),
    )


def discussion(
    sql: sqlite3.Connection,
    rid: int,
    *,
    title: str,
    author: str,
    date: datetime,
    body: str = "",
    comments: Sequence[tuple[str, str, datetime]] = (),
    status: str = "open",
    pull_request: bool = False,
    pinned: bool = False,
) -> int:
    """A conversation: a first message, answers as (author, text, date), and how it ended."""
    num = int(
        sql.execute("SELECT coalesce(max(num), 0) + 1 FROM discussions WHERE rid = ?", (rid,)).fetchone()[0]
    )
    sql.execute(
        "INSERT INTO discussions (rid, num, title, author, created, status, pull, pinned) VALUES (?,?,?,?,?,?,?,?)",
        (rid, num, title, author, stamp(date), status, pull_request, pinned),
    )
    last = date
    for who, text, when in [(author, body, date), *comments]:
        event(sql, rid, num, "comment", who, when, {"text": text})
        last = when
    if status in ENDED:
        event(sql, rid, num, "status-change", author, last, {"status": status})
    return num


def event(
    sql: sqlite3.Connection,
    rid: int,
    num: int,
    kind: str,
    author: str,
    date: datetime,
    data: Mapping[str, Any],
) -> str:
    """One more thing that happened in a discussion; its id."""
    position = int(
        sql.execute("SELECT count(*) FROM events WHERE rid = ? AND num = ?", (rid, num)).fetchone()[0]
    )
    oid = mongo_id(stamp(date), "event", str(rid), str(num), str(position))
    sql.execute(
        "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (rid, num, position, oid, kind, author, stamp(date), json.dumps(dict(data))),
    )
    return oid


def one(sql: sqlite3.Connection, rid: int, num: int) -> sqlite3.Row:
    """A discussion's row."""
    row: sqlite3.Row | None = sql.execute(
        "SELECT * FROM discussions WHERE rid = ? AND num = ? AND status != ?", (rid, num, DELETED)
    ).fetchone()
    if row is None:
        raise NotFound("Discussion not found")
    return row


def told(sql: sqlite3.Connection, rid: int, num: int, oid: str) -> sqlite3.Row:
    """An event's row."""
    row: sqlite3.Row | None = sql.execute(
        "SELECT * FROM events WHERE rid = ? AND num = ? AND oid = ?", (rid, num, oid)
    ).fetchone()
    if row is None:
        raise NotFound("There is no such comment in this discussion")
    return row


def say(sql: sqlite3.Connection, rid: int, num: int, text: str, author: str, date: datetime) -> str:
    """One more comment; its id."""
    one(sql, rid, num)
    return event(sql, rid, num, "comment", author, date, {"text": text})


def edit(
    sql: sqlite3.Connection, rid: int, num: int, oid: str, text: str, author: str, date: datetime
) -> None:
    """Another text for a comment; what it said before is kept beside it."""
    row = told(sql, rid, num, oid)
    data = _comment(row)
    if data.get("hidden"):
        raise BadInput("A hidden comment cannot be edited.")
    before = {
        "text": data["text"],
        "by": data.get("by", row["author"]),
        "date": data.get("date", row["created"]),
    }
    history = [*data.get("history", []), before]
    _rewrite(sql, row, {"text": text, "by": author, "date": stamp(date), "history": history})


def hide(sql: sqlite3.Connection, rid: int, num: int, oid: str, author: str, date: datetime) -> None:
    """Take a comment's words away, for good: nothing of them is kept."""
    row = told(sql, rid, num, oid)
    _comment(row)
    _rewrite(sql, row, {"text": _HIDDEN, "hidden": True, "by": author, "date": stamp(date)})


def retitle(sql: sqlite3.Connection, rid: int, num: int, title: str, author: str, date: datetime) -> str:
    """Another title; the event's id."""
    before = one(sql, rid, num)["title"]
    sql.execute("UPDATE discussions SET title = ? WHERE rid = ? AND num = ?", (title, rid, num))
    return event(sql, rid, num, "title-change", author, date, {"from": before, "to": title})


def turn(
    sql: sqlite3.Connection,
    rid: int,
    num: int,
    status: str,
    author: str,
    date: datetime,
    comment: str = "",
) -> str:
    """Open or close; the event's id."""
    row = one(sql, rid, num)
    if row["status"] == "merged":
        raise Settled("A merged pull request stays merged.")
    if row["status"] == status:
        raise Settled(f"It is {status} already.")
    if status == "open" and json.loads(row["details"]).get("refDeleted"):
        raise Settled("The commits of this pull request have been deleted: it cannot be opened again.")
    return put_status(sql, rid, num, status, author, date, comment)


def put_status(
    sql: sqlite3.Connection,
    rid: int,
    num: int,
    status: str,
    author: str,
    date: datetime,
    comment: str = "",
) -> str:
    """Write a status down, after a last word; the event's id."""
    if comment:
        say(sql, rid, num, comment, author, date)
    sql.execute("UPDATE discussions SET status = ? WHERE rid = ? AND num = ?", (status, rid, num))
    return event(sql, rid, num, "status-change", author, date, {"status": status})


def pin(sql: sqlite3.Connection, rid: int, num: int, *, pinned: bool) -> None:
    """Show it before the others, or no more."""
    one(sql, rid, num)
    sql.execute("UPDATE discussions SET pinned = ? WHERE rid = ? AND num = ?", (pinned, rid, num))


def forget(sql: sqlite3.Connection, rid: int, num: int) -> None:
    """Everything that was said is gone, its commits' name too; the number is never given again."""
    one(sql, rid, num)
    sql.execute("DELETE FROM events WHERE rid = ? AND num = ?", (rid, num))
    sql.execute("DELETE FROM refs WHERE rid = ? AND name = ?", (rid, f"refs/pr/{num}"))
    sql.execute(
        "UPDATE discussions SET title = '', author = '', status = ?, pinned = 0, details = '{}'"
        " WHERE rid = ? AND num = ?",
        (DELETED, rid, num),
    )


def _comment(row: sqlite3.Row) -> dict[str, Any]:
    if row["kind"] != "comment":
        raise NotFound("There is no such comment in this discussion")
    found: dict[str, Any] = json.loads(row["data"])
    return found


def _rewrite(sql: sqlite3.Connection, row: sqlite3.Row, data: Mapping[str, Any]) -> None:
    sql.execute(
        "UPDATE events SET data = ? WHERE rid = ? AND num = ? AND position = ?",
        (json.dumps(dict(data)), row["rid"], row["num"], row["position"]),
    )
