"""Search, in SQL that stays fast over 100,000 repositories.

Two plans, chosen by counting what each filter leaves (counting stops at SMALL):
    few left    start from the most selective filter, look its repositories up, sort them
    many left   walk the index of the sort order and test each repository until a page is full
Popular filters are sets of bits, kept in memory until something is written, so several of them cost no more than one:
their intersection is exact before a row is touched.

Pages are cut at (sort value, row), so nothing is listed twice or left out, however the Hub changes in between.
"""

# ruff: noqa: S608 -- only words of this package are put into statements; every value is a parameter

import base64
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hf_nb.errors import BadInput
from hf_nb.offline.people import ANYBODY, Caller, visible
from hf_nb.offline.schema import Database

SMALL = 3000
MOST = 1000

# Sort word of the API: (column, index, descending).
SORTS: dict[str, tuple[str, str, bool]] = {
    "trendingScore": ("trending", "by_trending", True),
    "createdAt": ("created", "by_created", True),
    "lastModified": ("modified", "by_modified", True),
    "downloads": ("downloads", "by_downloads", True),
    "likes": ("likes", "by_likes", True),
    "likes30d": ("trending", "by_trending", True),
    "num_parameters": ("parameters", "by_parameters", True),
    "mainSize": ("bytes", "by_bytes", True),
    "id": ("folded", "sqlite_autoindex_repos_1", False),
}


@dataclass(frozen=True)
class Query:
    """What is asked for."""

    type: str
    tags: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    author: str | None = None
    pipeline: str | None = None
    gated: bool | None = None
    warm: bool = False
    providers: tuple[str, ...] = ()
    parameters: tuple[int | None, int | None] | None = None
    uses: tuple[tuple[str, str], ...] = ()  # (kind, id): Spaces that use it
    any_tag: tuple[str, ...] = ()
    linked: bool = False  # Spaces that use some model or dataset
    sort: str = "trendingScore"
    limit: int = MOST
    cursor: str | None = None
    who: Caller = ANYBODY


@dataclass(frozen=True)
class Page:
    """Some repositories, and where the next ones start."""

    rows: list[sqlite3.Row]
    next: str | None


@dataclass
class _Filter:
    """One condition: as a test of a row, and where possible as a list of rows that can be started from."""

    test: str
    values: list[Any]
    rows: str | None = None
    row_values: tuple[Any, ...] = ()
    count: int | None = None
    popular: bool = False  # worth keeping as a set: asked again and again


def page(database: Database, query: Query) -> Page:
    """One page of a search."""
    sql = database.connection
    column, index, descending = SORTS[query.sort]
    filters = _filters(query)
    for one in filters:
        one.count = _count(sql, one)
        if one.count == 0:
            return Page([], None)
    plan = _plan(database, query, filters, index)
    if plan is None:
        return Page([], None)
    source, source_values, left = plan
    tests = ["r.type = ?", *(one.test for one in left)]
    values: list[Any] = [*source_values, query.type, *(value for one in left for value in one.values)]
    seen, seen_values = visible(query.who, "r")
    tests.append(seen)
    values += seen_values
    if query.cursor:
        tests.append(f"(r.{column}, r.rid) {'<' if descending else '>'} (?, ?)")
        values += _after(query)
    order = "DESC" if descending else "ASC"
    where = f"WHERE {' AND '.join(tests)} ORDER BY r.{column} {order}, r.rid {order} LIMIT ?"
    statement = f"SELECT r.* FROM {source} {where}"
    rows = sql.execute(statement, [*values, query.limit + 1]).fetchall()
    if len(rows) <= query.limit:
        return Page(rows, None)
    rows.pop()
    return Page(rows, _cursor(query.sort, rows[-1][column], rows[-1]["rid"]))


def _filters(query: Query) -> list[_Filter]:
    found = [_tag(query.type, tag) for tag in query.tags]
    if query.any_tag:
        marks = ",".join("?" * len(query.any_tag))
        found.append(
            _Filter(
                f"EXISTS (SELECT 1 FROM tags t WHERE t.rid = r.rid AND t.tag IN ({marks}))",
                list(query.any_tag),
            )
        )
    found += [_word(word.lower()) for word in query.words]
    if query.author is not None:
        rows = "SELECT rid FROM repos WHERE type = ? AND namespace = ? COLLATE NOCASE"
        found.append(
            _Filter("r.namespace = ? COLLATE NOCASE", [query.author], rows, (query.type, query.author))
        )
    if query.pipeline is not None:
        rows = "SELECT rid FROM repos WHERE type = ? AND pipeline = ?"
        found.append(
            _Filter("r.pipeline = ?", [query.pipeline], rows, (query.type, query.pipeline), popular=True)
        )
    if query.gated is not None:
        rows = "SELECT rid FROM repos WHERE type = ? AND gated IS NOT NULL"
        found.append(
            _Filter("r.gated IS NOT NULL", [], rows, (query.type,))
            if query.gated
            else _Filter("r.gated IS NULL", [])
        )
    if query.warm:
        found.append(
            _Filter("r.warm = 1", [], "SELECT rid FROM repos WHERE type = ? AND warm = 1", (query.type,))
        )
    if query.providers:
        marks = ",".join("?" * len(query.providers))
        rows = f"SELECT rid FROM providers WHERE provider IN ({marks})"
        found.append(_Filter(f"r.rid IN ({rows})", list(query.providers), rows, query.providers))
    for kind, id in query.uses:
        rows = "SELECT rid FROM links WHERE kind = ? AND target = ?"
        found.append(_Filter(f"r.rid IN ({rows})", [kind, id], rows, (kind, id)))
    if query.linked:
        found.append(_Filter("EXISTS (SELECT 1 FROM links l WHERE l.rid = r.rid)", []))
    if query.parameters is not None:
        low, high = query.parameters[0] or 1, query.parameters[1] or 1 << 62
        rows = "SELECT rid FROM repos WHERE type = ? AND parameters BETWEEN ? AND ?"
        found.append(_Filter("r.parameters BETWEEN ? AND ?", [low, high], rows, (query.type, low, high)))
    return found


def _tag(type: str, tag: str) -> _Filter:
    test = "EXISTS (SELECT 1 FROM tags t WHERE t.rid = r.rid AND t.tag = ?)"
    return _Filter(test, [tag], "SELECT rid FROM tags WHERE type = ? AND tag = ?", (type, tag), popular=True)


def _word(word: str) -> _Filter:
    """Part of an id. Trigrams know nothing of words shorter than three letters."""
    test = "instr(r.folded, ?) > 0"
    if len(word) < 3:
        return _Filter(test, [word])
    return _Filter(
        test,
        [word],
        "SELECT rowid AS rid FROM names WHERE names MATCH ?",
        ('"' + word.replace('"', '""') + '"',),
    )


def _count(sql: sqlite3.Connection, one: _Filter) -> int | None:
    """How many repositories a filter leaves on its own; SMALL + 1 stands for "many"."""
    if one.rows is None:
        return None
    found: int = sql.execute(
        f"SELECT count(*) FROM ({one.rows} LIMIT {SMALL + 1})", one.row_values
    ).fetchone()[0]
    return found


def _plan(
    database: Database, query: Query, filters: list[_Filter], index: str
) -> tuple[str, list[Any], list[_Filter]] | None:
    """Where to start from, its values, and the filters still to be tested; None when nothing can be left."""
    sql = database.connection
    startable = [one for one in filters if one.rows is not None]
    best = min(startable, key=lambda one: one.count or 0, default=None)
    if best is not None and (best.count or 0) <= SMALL:
        return (
            f"(SELECT DISTINCT rid FROM ({best.rows})) d CROSS JOIN repos r ON r.rid = d.rid",
            list(best.row_values),
            filters,
        )
    sets = [one for one in startable if one.popular]
    if not sets:
        return f"repos r INDEXED BY {index}", [], filters
    left = -1
    for one in sets:
        left &= _members(database, one)
    others = [one for one in filters if one not in sets]
    if left.bit_count() > SMALL:
        content = left.to_bytes(left.bit_length() // 8 + 1, "little")
        last = len(content) * 8
        sql.create_function("kept", 1, lambda rid: rid < last and content[rid >> 3] >> (rid & 7) & 1)
        return f"repos r INDEXED BY {index}", [], [_Filter("kept(r.rid)", []), *others]
    rows = list(_bits(left))
    return (
        ("json_each(?) d CROSS JOIN repos r ON r.rid = d.value", [json.dumps(rows)], others) if rows else None
    )


def _members(database: Database, one: _Filter) -> int:
    """The repositories a popular filter leaves, a bit each; kept until something is written."""
    key = (one.rows, one.row_values)
    known = database.sets
    found = known.get(key)
    if found is None:
        rows = [row[0] for row in database.connection.execute(one.rows or "", one.row_values)]
        content = bytearray(max(rows) // 8 + 1)
        for rid in rows:
            content[rid >> 3] |= 1 << (rid & 7)
        found = int.from_bytes(content, "little")
        known[key] = found
    return found


def _bits(left: int) -> Iterator[int]:
    for place, byte in enumerate(left.to_bytes(left.bit_length() // 8 + 1, "little")):
        if byte:
            yield from (place * 8 + bit for bit in range(8) if byte >> bit & 1)


def _cursor(sort: str, value: object, rid: int) -> str:
    return base64.urlsafe_b64encode(json.dumps([sort, value, rid]).encode()).decode()


def _after(query: Query) -> list[Any]:
    try:
        sort, value, rid = json.loads(
            base64.b64decode((query.cursor or "").encode(), altchars=b"-_", validate=True)
        )
    except (ValueError, TypeError, RecursionError):
        raise BadInput("Invalid cursor") from None
    if (
        sort != query.sort
        or not isinstance(value, str | int | float)
        or not isinstance(rid, int)
        or abs(rid) >= 1 << 63
    ):
        raise BadInput("Invalid cursor")
    return [value, rid]
