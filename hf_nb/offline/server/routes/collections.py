"""Collections, as they can be read."""

# ruff: noqa: S608 -- only words of this package are put into statements; every value is a parameter

import html
from typing import Any

from hf_nb.offline import reading
from hf_nb.offline.people import visible
from hf_nb.offline.reading import Shown
from hf_nb.offline.server import refusals
from hf_nb.offline.server.answers import Answer, as_json
from hf_nb.offline.server.ask import Ask

_ITEMS_IN_LIST = 4
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
    slug = f"{ask.names['ns']}/{ask.names['slug']}"
    oid = slug.rpartition("-")[2].rpartition("/")[2]
    row = ask.database.one("SELECT * FROM collections WHERE slug = ?", slug)
    if row is None and len(oid) == 24:
        row = ask.database.one(
            "SELECT * FROM collections WHERE owner = ? AND slug LIKE '%' || ?",
            ask.names["ns"],
            oid.replace("%", ""),
        )
    if row is None or not _may_see(ask, row):
        raise refusals.not_found("Collection not found") if ask.who.name else refusals.needs_login()
    # the list names no position: there it is the order, and the client counts by itself
    return as_json({**_collection(ask, row, most=None), "position": row["position"]})


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
        return {**about, "id": item["id"], "slug": item["id"]}
    seen, values = visible(ask.who, "r")
    row = ask.sql.execute(
        f"SELECT r.* FROM repos r WHERE r.type = ? AND r.folded = ? AND {seen}",
        [item["kind"], item["id"].lower(), *values],
    ).fetchone()
    if row is None:
        return None
    return {
        **about,
        **reading.show(Shown(ask.sql, row, ask.who), _SHOWN[item["kind"]].split()),
        "repoType": item["kind"],
    }
