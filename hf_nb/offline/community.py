"""Collections, papers, discussions: what people make of repositories."""

import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from hf_nb.offline.repos import mongo_id, stamp


def collection(
    sql: sqlite3.Connection,
    *,
    owner: str,
    title: str,
    items: Sequence[Mapping[str, Any] | tuple[str, str]],
    date: datetime,
    description: str | None = None,
    theme: str = "orange",
    private: bool = False,
    upvotes: int = 0,
    oid: str | None = None,
) -> str:
    """A list of things worth keeping together: items are (kind, id) or {"type", "id", "note"}."""
    words = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    slug = f"{owner}/{words}-{oid or mongo_id(stamp(date), 'collection', owner, title)}"
    sql.execute(
        "INSERT INTO collections (slug, owner, title, description, theme, private, upvotes, modified)"
        " VALUES (?,?,?,?,?,?,?,?)",
        (slug, owner, title, description, theme, private, upvotes, stamp(date)),
    )
    for position, item in enumerate(items):
        kind, id, note = item if isinstance(item, tuple) and len(item) == 3 else _item(item)
        sql.execute(
            "INSERT INTO collection_items VALUES (?, ?, ?, ?, ?, ?)",
            (slug, position, mongo_id(stamp(date), slug, kind, id), kind, id, note),
        )
    return slug


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
    if status != "open":
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


def _item(item: Mapping[str, Any] | tuple[str, ...]) -> tuple[str, str, str | None]:
    if isinstance(item, tuple):
        return item[0], item[1], None
    return str(item["type"]), str(item["id"]), item.get("note")
