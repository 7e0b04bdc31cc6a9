"""Collections: read, made, filled, put in order. Only those who may write in a namespace change its collections."""

# ruff: noqa: S608 -- only words of this package are put into statements; every value is a parameter

import html
import json
import sqlite3
from typing import Any

from hf_nb.offline import collections as kept
from hf_nb.offline import reading
from hf_nb.offline.people import visible
from hf_nb.offline.reading import Shown
from hf_nb.offline.repos import new_id
from hf_nb.offline.server import fields, refusals
from hf_nb.offline.server.answers import Answer, as_json
from hf_nb.offline.server.ask import Ask

_ITEMS_IN_LIST = 4
_LONGEST, _LONGEST_TITLE = 2000, 200
_SORTS = {
    "lastModified": "modified DESC",
    "trending": "upvotes DESC, modified DESC",
    "upvotes": "upvotes DESC",
}
_SHOWN = {
    "model": "id author downloads likes gated private lastModified pipeline_tag",
    "dataset": "id author downloads likes gated private lastModified",
    "space": "id author likes private lastModified sdk runtime",
}


def collections(ask: Ask) -> Answer:
    """`GET /api/collections`."""
    sort = _SORTS.get(ask.one("sort") or "lastModified")
    if sort is None:
        raise refusals.bad_request(f'"sort" must be one of [{", ".join(_SORTS)}]')
    owners, items = ask.many("owner"), ask.many("item")
    rows = [
        row
        for row in ask.database.all(f"SELECT * FROM collections ORDER BY {sort}, slug")
        if _may_see(ask, row)
        and (not owners or row["owner"] in owners)
        and (not items or _holds(ask, row["slug"], items))
    ]
    at, limit = ask.number("p", 0, 10**9, least=0), ask.number("limit", 10, 100)
    headers = ask.next_link(p=str(at + 1), limit=str(limit)) if (at + 1) * limit < len(rows) else None
    return as_json(
        [_collection(ask, row, most=_ITEMS_IN_LIST) for row in rows[at * limit : (at + 1) * limit]],
        headers=headers,
    )


def collection(ask: Ask) -> Answer:
    """`GET /api/collections/{slug}`; the title in the slug may be left out or out of date, its last part counts."""
    return as_json(_whole(ask, _named(ask)))


def create(ask: Ask) -> Answer:
    """`POST /api/collections`."""
    name, given = ask.participant(), ask.json()
    owner = fields.optional(given, "namespace", 100) or name
    if not ask.who.may_write(owner):
        raise refusals.not_allowed(f'You don\'t have the rights to create a collection under "{owner}"')
    title = fields.text(given, "title", _LONGEST_TITLE).strip()
    description = fields.optional(given, "description", _LONGEST)
    private, first = fields.flag(given, "private"), given.get("item")
    item = _wanted(ask, first) if first is not None else None
    owner = next((one for one in ask.who.namespaces if one.lower() == owner.lower()), owner)
    try:
        with ask.database.writing() as sql:
            slug = kept.create(
                sql,
                owner=owner,
                title=title,
                description=description,
                private=private,
                date=ask.now(),
                oid=new_id(ask.now()),
            )
            if item:
                kept.add(sql, slug, *item, fields.optional(given, "note", _LONGEST), ask.now())
    except kept.Taken as taken:
        raise refusals.Refusal(409, taken.problem, "Conflict", more={"slug": taken.slug}) from None
    return as_json(_whole(ask, kept.find(ask.sql, slug)))


def update(ask: Ask) -> Answer:
    """`PATCH /api/collections/{slug}`: another title changes the slug, not the id at its end."""
    row, given = _own(ask), ask.json()
    changes: dict[str, Any] = {}
    if "title" in given:
        changes["title"] = fields.text(given, "title", _LONGEST_TITLE).strip()
    if "description" in given:
        changes["description"] = fields.optional(given, "description", _LONGEST)
    if "private" in given:
        changes["private"] = fields.flag(given, "private")
    if "position" in given:
        changes["position"] = fields.number(given, "position") or 0
    if "theme" in given:
        changes["theme"] = given["theme"]
        if given["theme"] not in kept.THEMES:
            raise refusals.bad_request(f'"theme" must be one of [{", ".join(kept.THEMES)}]')
    with ask.database.writing() as sql:
        slug = kept.update(sql, row["slug"], ask.now(), **changes)
    return as_json({"success": True, "data": _whole(ask, kept.find(ask.sql, slug))})


def delete(ask: Ask) -> Answer:
    """`DELETE /api/collections/{slug}`."""
    row = _own(ask)
    with ask.database.writing() as sql:
        kept.delete(sql, row["slug"])
    return as_json({"success": True})


def add_item(ask: Ask) -> Answer:
    """`POST …/items`: what its owner may know of."""
    row, given = _own(ask), ask.json()
    kind, id = _wanted(ask, given.get("item"))
    if (kind, id) == ("collection", row["slug"]):
        raise refusals.bad_request("A collection cannot hold itself")
    note = fields.optional(given, "note", _LONGEST)
    with ask.database.writing() as sql:
        kept.add(sql, row["slug"], kind, id, note, ask.now())
    return as_json(_whole(ask, kept.find(ask.sql, row["slug"])))


def update_item(ask: Ask) -> Answer:
    """`PATCH …/items/{item}`: its note, its place."""
    row = _own(ask)
    with ask.database.writing() as sql:
        _change(ask, sql, row["slug"], ask.names["item"], ask.json())
    return as_json({"success": True, "data": _whole(ask, kept.find(ask.sql, row["slug"]))})


def delete_item(ask: Ask) -> Answer:
    """`DELETE …/items/{item}`."""
    row = _own(ask)
    with ask.database.writing() as sql:
        kept.remove(sql, row["slug"], ask.names["item"], ask.now())
    return as_json({"success": True})


def batch(ask: Ask) -> Answer:
    """`POST …/items/batch`: several of {"action": "update" | "delete", "_id", "data"}, all of them or none."""
    row = _own(ask)
    try:
        steps = json.loads(ask.body)
    except (ValueError, RecursionError):
        raise refusals.bad_request("Invalid JSON") from None
    if not isinstance(steps, list) or len(steps) > kept.MOST_ITEMS:
        raise refusals.bad_request(f"A list of at most {kept.MOST_ITEMS} steps is expected")
    with ask.database.writing() as sql:
        for step in steps:
            if not isinstance(step, dict) or step.get("action") not in ("update", "delete"):
                raise refusals.bad_request('Each step needs an "action": update or delete')
            oid, data = fields.text(step, "_id", 24), step.get("data")
            if step["action"] == "delete":
                kept.remove(sql, row["slug"], oid, ask.now())
            else:
                _change(ask, sql, row["slug"], oid, data if isinstance(data, dict) else {})
    return as_json({"success": True, "data": _whole(ask, kept.find(ask.sql, row["slug"]))})


def resource_group(ask: Ask) -> Answer:
    """`POST …/resource-group`: there are none here to belong to."""
    _own(ask)
    if ask.json().get("resourceGroupId") is not None:
        raise refusals.not_found("Resource group not found")
    return as_json({})


def _named(ask: Ask) -> sqlite3.Row:
    """The collection the path means; the title in its slug may be left out or out of date."""
    row = kept.find(ask.sql, f"{ask.names['ns']}/{ask.names['slug']}")
    if row is None or not _may_see(ask, row):
        raise refusals.not_found("Collection not found") if ask.who.name else refusals.needs_login()
    return row


def _own(ask: Ask) -> sqlite3.Row:
    """The same, if this caller may change it."""
    row = _named(ask)
    ask.participant()
    if not ask.who.may_write(row["owner"]):
        raise refusals.not_allowed()
    return row


def _wanted(ask: Ask, given: Any) -> tuple[str, str]:
    """(kind, id) of something that is there for this caller."""
    if not isinstance(given, dict) or given.get("type") not in kept.KINDS:
        raise refusals.bad_request(f'"item" needs an "id" and a "type" of [{", ".join(kept.KINDS)}]')
    kind, id = given["type"], fields.text(given, "id", 200)
    if kind == "collection":
        row = kept.find(ask.sql, id)
        found = row["slug"] if row and _may_see(ask, row) else None
    elif kind == "paper":
        found = id if ask.database.one("SELECT 1 FROM papers WHERE id = ?", id) else None
    else:
        row = _repository(ask, kind, id)
        found = row["id"] if row else None
    if found is None:
        raise refusals.not_found(f"There is no {kind} {id}")
    return kind, found


def _change(ask: Ask, sql: sqlite3.Connection, slug: str, oid: str, given: dict[str, Any]) -> None:
    kept.change(
        sql,
        slug,
        oid,
        ask.now(),
        note=fields.optional(given, "note", _LONGEST),
        position=fields.number(given, "position"),
    )


def _repository(ask: Ask, kind: str, id: str) -> sqlite3.Row | None:
    """What a kept id means now: repositories are renamed without asking the collections they are in."""
    seen, values = visible(ask.who, "r")
    renamed = "(SELECT a.rid FROM aliases a WHERE a.type = ? AND a.folded = ?)"
    folded = id.lower()
    row: sqlite3.Row | None = ask.sql.execute(
        f"SELECT r.* FROM repos r WHERE r.type = ? AND (r.folded = ? OR r.rid = {renamed}) AND {seen}"
        " ORDER BY r.folded = ? DESC LIMIT 1",
        [kind, folded, kind, folded, *values, folded],
    ).fetchone()
    return row


def _whole(ask: Ask, row: Any) -> dict[str, Any]:
    # the list names no position: there it is the order, and the client counts by itself
    return {**_collection(ask, row, most=None), "position": row["position"]}


def _may_see(ask: Ask, row: Any) -> bool:
    return not row["private"] or ask.who.rank(row["owner"]) > 0


def _holds(ask: Ask, slug: str, items: list[str]) -> bool:
    """Items are named `models/{id}`, `datasets/{id}`, `spaces/{id}`, `papers/{id}`."""
    held = {
        f"{row['kind']}s/{row['id']}"
        for row in ask.database.all("SELECT kind, id FROM collection_items WHERE slug = ?", slug)
    }
    return any(item in held for item in items)


def _collection(ask: Ask, row: Any, most: int | None) -> dict[str, Any]:
    owner = ask.database.one("SELECT * FROM people WHERE name = ?", row["owner"])
    items = [
        shown
        for item in ask.database.all(
            "SELECT * FROM collection_items WHERE slug = ? ORDER BY position", row["slug"]
        )
        if (shown := _item(ask, item))
    ]
    return {
        "slug": row["slug"],
        "title": row["title"],
        "description": row["description"],
        "gating": False,
        "lastUpdated": row["modified"],
        "owner": {
            "name": row["owner"],
            "fullname": owner["fullname"] if owner else row["owner"],
            "type": owner["kind"] if owner else "user",
        }
        | {"_id": owner["oid"] if owner else "", "avatarUrl": f"/avatars/{row['owner']}.svg", "isHf": False},
        "items": items[:most],
        "theme": row["theme"],
        "private": bool(row["private"]),
        "upvotes": row["upvotes"],
        "isUpvotedByUser": False,
    }


def _item(ask: Ask, item: Any) -> dict[str, Any] | None:
    """None for what the caller may not know of, or what is gone."""
    about: dict[str, Any] = {"_id": item["oid"], "position": item["position"], "type": item["kind"]}
    if item["note"]:
        about["note"] = {"html": html.escape(item["note"]), "text": item["note"]}
    if item["kind"] == "paper":
        paper_row = ask.database.one("SELECT * FROM papers WHERE id = ?", item["id"])
        return (
            {
                **about,
                "id": item["id"],
                "title": paper_row["title"],
                "upvotes": paper_row["upvotes"],
                "publishedAt": paper_row["published"],
            }
            if paper_row
            else None
        )
    if item["kind"] == "collection":
        inner = kept.find(ask.sql, item["id"])
        if inner is None or not _may_see(ask, inner):
            return None
        return {**about, "id": inner["slug"], "slug": inner["slug"], "title": inner["title"]}
    row = _repository(ask, item["kind"], item["id"])
    if row is None:
        return None
    return {
        **about,
        **reading.show(Shown(ask.sql, row, ask.who, now=ask.now()), _SHOWN[item["kind"]].split()),
        "repoType": item["kind"],
    }
