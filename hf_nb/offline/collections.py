"""Collections: things worth keeping together, in an order.

Its slug is "owner/title-id": the title in it may change, the id at its end says which one is meant.
"""

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hf_nb.errors import BadInput, NotFound
from hf_nb.offline.conflicts import Exists
from hf_nb.offline.repos import mongo_id, new_id, stamp

THEMES = ("orange", "blue", "green", "purple", "pink", "indigo")
KINDS = ("model", "dataset", "space", "paper", "collection")
MOST_ITEMS = 1000
_ID = re.compile(r"[0-9a-f]{24}")


@dataclass(frozen=True)
class Item:
    """One thing of a collection."""

    oid: str
    kind: str
    id: str
    note: str | None = None


class Taken(Exists):
    """There is one of this title; `slug` says where."""

    def __init__(self, slug: str) -> None:
        super().__init__("You already have a collection with this title")
        self.slug = slug


def create(
    sql: sqlite3.Connection,
    *,
    owner: str,
    title: str,
    items: Sequence[Mapping[str, Any] | tuple[str, str]] = (),
    date: datetime,
    description: str | None = None,
    theme: str = "orange",
    private: bool = False,
    upvotes: int = 0,
    oid: str | None = None,
) -> str:
    """A new one; its slug. Items are (kind, id) or {"type", "id", "note"}."""
    taken = sql.execute(
        "SELECT slug FROM collections WHERE owner = ? AND title = ?", (owner, title)
    ).fetchone()
    if taken:
        raise Taken(taken["slug"])
    slug = f"{owner}/{_words(title)}-{oid or mongo_id(stamp(date), 'collection', owner, title)}"
    sql.execute(
        "INSERT INTO collections (slug, owner, title, description, theme, private, upvotes, modified)"
        " VALUES (?,?,?,?,?,?,?,?)",
        (slug, owner, title, description, theme, private, upvotes, stamp(date)),
    )
    _put(sql, slug, [_given(slug, item, date) for item in items])
    return slug


def find(sql: sqlite3.Connection, slug: str) -> sqlite3.Row | None:
    """The collection a slug means; the title in it may be left out or out of date."""
    row: sqlite3.Row | None = sql.execute("SELECT * FROM collections WHERE slug = ?", (slug,)).fetchone()
    owner, _, rest = slug.partition("/")
    if row is None and _ID.fullmatch(oid := rest.rpartition("-")[2]):
        row = sql.execute(
            "SELECT * FROM collections WHERE owner = ? AND slug LIKE '%' || ?", (owner, oid)
        ).fetchone()
    return row


def update(sql: sqlite3.Connection, slug: str, date: datetime, **changes: Any) -> str:
    """Change title, description, theme, private or position; its slug from now on."""
    for name, value in changes.items():
        if name not in ("title", "description", "theme", "private", "position"):
            raise BadInput(f"A collection has no {name!r}.")
        sql.execute(f"UPDATE collections SET {name} = ? WHERE slug = ?", (value, slug))  # noqa: S608 -- one of the five
    _touch(sql, slug, date)
    if "title" not in changes:
        return slug
    owner, _, rest = slug.partition("/")
    renamed = f"{owner}/{_words(changes['title'])}-{rest.rpartition('-')[2]}"
    sql.execute("UPDATE collections SET slug = ? WHERE slug = ?", (renamed, slug))
    sql.execute("UPDATE collection_items SET slug = ? WHERE slug = ?", (renamed, slug))
    sql.execute("UPDATE collection_items SET id = ? WHERE kind = 'collection' AND id = ?", (renamed, slug))
    return renamed


def delete(sql: sqlite3.Connection, slug: str) -> None:
    """Gone, from other collections too."""
    sql.execute("DELETE FROM collection_items WHERE slug = ?", (slug,))
    sql.execute("DELETE FROM collections WHERE slug = ?", (slug,))
    for row in sql.execute(
        "SELECT slug, oid FROM collection_items WHERE kind = 'collection' AND id = ?", (slug,)
    ).fetchall():
        _put(sql, row["slug"], [item for item in items(sql, row["slug"]) if item.oid != row["oid"]])


def items(sql: sqlite3.Connection, slug: str) -> list[Item]:
    """What it holds, in order."""
    rows = sql.execute(
        "SELECT oid, kind, id, note FROM collection_items WHERE slug = ? ORDER BY position", (slug,)
    )
    return [Item(*row) for row in rows]


def add(sql: sqlite3.Connection, slug: str, kind: str, id: str, note: str | None, date: datetime) -> None:
    """One more thing, at the end."""
    held = items(sql, slug)
    if any((item.kind, item.id.lower()) == (kind, id.lower()) for item in held):
        raise Exists("This item is in the collection already")
    if len(held) >= MOST_ITEMS:
        raise BadInput(f"A collection holds at most {MOST_ITEMS} items.")
    _put(sql, slug, [*held, Item(new_id(date), kind, id, note)])
    _touch(sql, slug, date)


def change(
    sql: sqlite3.Connection,
    slug: str,
    oid: str,
    date: datetime,
    *,
    note: str | None = None,
    position: int | None = None,
) -> None:
    """Another note, another place."""
    held = items(sql, slug)
    at = _place(held, oid)
    item = held.pop(at)
    if note is not None:
        item = Item(item.oid, item.kind, item.id, note or None)
    held.insert(at if position is None else min(position, len(held)), item)
    _put(sql, slug, held)
    _touch(sql, slug, date)


def remove(sql: sqlite3.Connection, slug: str, oid: str, date: datetime) -> None:
    """Without this item."""
    held = items(sql, slug)
    held.pop(_place(held, oid))
    _put(sql, slug, held)
    _touch(sql, slug, date)


def _place(held: Sequence[Item], oid: str) -> int:
    at = next((place for place, item in enumerate(held) if item.oid == oid), None)
    if at is None:
        raise NotFound("There is no such item in this collection")
    return at


def _put(sql: sqlite3.Connection, slug: str, held: Sequence[Item]) -> None:
    sql.execute("DELETE FROM collection_items WHERE slug = ?", (slug,))
    sql.executemany(
        "INSERT INTO collection_items VALUES (?, ?, ?, ?, ?, ?)",
        [(slug, place, item.oid, item.kind, item.id, item.note) for place, item in enumerate(held)],
    )


def _touch(sql: sqlite3.Connection, slug: str, date: datetime) -> None:
    sql.execute("UPDATE collections SET modified = ? WHERE slug = ?", (stamp(date), slug))


def _words(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def _given(slug: str, item: Mapping[str, Any] | tuple[str, str], date: datetime) -> Item:
    kind, id, note = (
        (*item, None) if isinstance(item, tuple) else (item["type"], item["id"], item.get("note"))
    )
    return Item(mongo_id(stamp(date), slug, kind, id), kind, id, note)
