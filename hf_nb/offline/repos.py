"""Repositories: made, renamed, and indexed so that search finds them."""

# ruff: noqa: S608 -- only words of this package are put into statements; every value is a parameter

import hashlib
import json
import re
import secrets
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from hf_nb.errors import BadInput, NotFound
from hf_nb.offline import providers, trees
from hf_nb.offline.conflicts import Exists
from hf_nb.offline.derive import Facts
from hf_nb.offline.schema import Database

Type = Literal["model", "dataset", "space"]
TYPES: tuple[Type, ...] = ("model", "dataset", "space")
PLURALS = {"models": "model", "datasets": "dataset", "spaces": "space"}
RUNNING = {
    "stage": "RUNNING",
    "hardware": {"current": "cpu-basic", "requested": "cpu-basic"},
    "storage": None,
    "gcTimeout": 172800,
}

_COUNT = (
    "INSERT INTO tag_counts VALUES (?, ?, ?, ?)"
    " ON CONFLICT DO UPDATE SET everyone = everyone + excluded.everyone, hidden = hidden + excluded.hidden"
)
_BARE = {
    "repos": "INSERT INTO repos (rid, type, id, folded, namespace, oid, private, gated, created, modified, downloads,"
    " all_time, likes, trending, pipeline, library, parameters, sdk, sha, tags, runtime, details)"
    " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    "names": "INSERT INTO names (rowid, words) VALUES (?, ?)",
    "tags": "INSERT OR IGNORE INTO tags VALUES (?, ?, ?)",
    "commits": "INSERT INTO commits VALUES (?,?,?,?,?,?,?,?)",
    "changes": "INSERT INTO changes VALUES (?, ?, ?, ?)",
    "refs": "INSERT INTO refs (rid, name, target) VALUES (?, ?, ?)",
}
# Every table that speaks of one repository.
OWNED = (
    "tags links providers aliases commits changes refs uploads likes grants variables discussions events repos"
).split()
_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*/[A-Za-z0-9_][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class Record:
    """A repository without files, for filling a Hub with very many."""

    type: Type
    id: str
    created_at: datetime
    tags: tuple[str, ...] = ()
    pipeline_tag: str | None = None
    library_name: str | None = None
    parameters: int | None = None
    downloads: int = 0
    likes: int = 0
    trending: float = 0.0
    private: bool = False
    gated: str | None = None
    sdk: str | None = None
    creator: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def stamp(moment: datetime) -> str:
    """A date as the Hub writes it; such texts sort like the dates."""
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def mongo_id(created_at: datetime | str, *parts: str) -> str:
    """24 hex digits of which the first 8 are the date, as on the Hub; the same for the same thing everywhere."""
    moment = created_at if isinstance(created_at, str) else stamp(created_at)
    seconds = int(datetime.fromisoformat(moment).timestamp()) & 0xFFFFFFFF
    return f"{seconds:08x}" + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def new_id(created_at: datetime) -> str:
    """The same shape, for what may be made twice in one second."""
    return f"{int(created_at.timestamp()) & 0xFFFFFFFF:08x}{secrets.token_hex(8)}"


def checked_id(id: str) -> str:
    """The id, or why it cannot be one."""
    if not _ID.fullmatch(id) or len(id) > 96 or "--" in id or ".." in id or id.endswith((".git", ".ipynb")):
        raise BadInput(
            f"{id!r} cannot be a repository's id.", "Use namespace/name of letters, digits, '-', '_' and '.'."
        )
    return id


def rid_of(database: Database, type: str, id: str) -> int:
    """The repository's row; ids match in any case."""
    row = database.one("SELECT rid FROM repos WHERE type = ? AND folded = ?", type, id.lower())
    if row is None:
        raise NotFound(f"There is no {type} {id!r} on this Hub.")
    return int(row["rid"])


def standing(sql: sqlite3.Connection, rid: int) -> sqlite3.Row:
    """The repository's row, unless somebody has deleted it meanwhile."""
    row: sqlite3.Row | None = sql.execute("SELECT * FROM repos WHERE rid = ?", (rid,)).fetchone()
    if row is None:
        raise NotFound("This repository has just been deleted.")
    return row


def create(
    sql: sqlite3.Connection,
    record: Record,
    *,
    oid: str | None = None,
    runtime: Mapping[str, Any] | None = None,
    sha: str | None = None,
) -> int:
    """Insert one repository and index it."""
    created = stamp(record.created_at)
    runtime = runtime or (RUNNING if record.type == "space" else None)
    try:
        rid = sql.execute(
            "INSERT INTO repos (type, id, folded, namespace, oid, private, gated, created, modified, downloads,"
            " all_time, likes, trending, pipeline, library, parameters, sdk, sha, tags, runtime, details, creator)"
            " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                record.type,
                checked_id(record.id),
                record.id.lower(),
                record.id.partition("/")[0],
                oid or mongo_id(created, record.type, record.id),
                record.private,
                record.gated,
                created,
                created,
                record.downloads,
                record.downloads,
                record.likes,
                float(record.trending),
                record.pipeline_tag,
                record.library_name,
                record.parameters or 0,
                record.sdk,
                sha,
                json.dumps(record.tags),
                json.dumps(runtime) if runtime else None,
                json.dumps(dict(record.details)),
                record.creator,
            ),
        ).lastrowid
    except sqlite3.IntegrityError:
        raise Exists(f"There already is a {record.type} {record.id!r}.") from None
    assert rid is not None
    sql.execute("DELETE FROM aliases WHERE type = ? AND folded = ?", (record.type, record.id.lower()))
    sql.execute("INSERT INTO names (rowid, words) VALUES (?, ?)", (rid, record.id.lower()))
    _insert_tags(sql, rid, record.type, record.tags, hidden=record.private)
    return rid


def create_bare(
    sql: sqlite3.Connection, records: Sequence[Record], commits: Mapping[str, tuple[str, str]]
) -> None:
    """Insert very many repositories at once; `commits` has the (tree, file) of the first commit by type."""
    first = sql.execute("SELECT coalesce(max(rid), 0) + 1 FROM repos").fetchone()[0]
    counts: Counter[tuple[str, str, bool]] = Counter()
    rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in _BARE}
    for rid, record in enumerate(records, first):
        created, owner = stamp(record.created_at), record.id.partition("/")[0]
        tree, path = commits[record.type]
        oid = trees.commit_oid(tree, None, owner, int(record.created_at.timestamp()), "initial commit")
        runtime = json.dumps(RUNNING) if record.type == "space" else None
        known = (
            record.type,
            checked_id(record.id),
            record.id.lower(),
            owner,
            mongo_id(created, record.type, record.id),
            record.private,
        )
        numbers = (record.downloads, record.downloads, record.likes, float(record.trending))
        about = (
            record.pipeline_tag,
            record.library_name,
            record.parameters or 0,
            record.sdk,
            oid,
            json.dumps(record.tags),
            runtime,
        )
        rows["repos"].append(
            (rid, *known, record.gated, created, created, *numbers, *about, json.dumps(dict(record.details)))
        )
        rows["names"].append((rid, record.id.lower()))
        rows["tags"] += [(record.type, tag, rid) for tag in record.tags]
        rows["commits"].append((rid, oid, None, tree, "initial commit", "", owner, created))
        rows["changes"].append((rid, oid, path, "A"))
        rows["refs"].append((rid, "refs/heads/main", oid))
        counts.update((record.type, tag, record.private) for tag in set(record.tags))
    for name, statement in _BARE.items():
        sql.executemany(statement, sorted(rows[name]) if name == "tags" else rows[name])
    sql.executemany(
        _COUNT,
        [(type, tag, 0 if hidden else n, n if hidden else 0) for (type, tag, hidden), n in counts.items()],
    )


def delete(sql: sqlite3.Connection, rid: int) -> None:
    """Take a repository away, and everything that is said about it."""
    row = standing(sql, rid)
    _delete_tags(sql, rid, row["type"], hidden=bool(row["private"]))
    _forget_name(sql, rid, row["id"])
    for table in OWNED:
        sql.execute(f"DELETE FROM {table} WHERE rid = ?", (rid,))


def rename(sql: sqlite3.Connection, rid: int, id: str) -> None:
    """Give a repository another id; the old one leads to it from now on."""
    row = standing(sql, rid)
    namespace = checked_id(id).partition("/")[0]
    try:
        sql.execute(
            "UPDATE repos SET id = ?, folded = ?, namespace = ? WHERE rid = ?",
            (id, id.lower(), namespace, rid),
        )
    except sqlite3.IntegrityError:
        raise Exists(f"There already is a {row['type']} {id!r}.") from None
    _forget_name(sql, rid, row["id"])
    sql.execute("INSERT INTO names (rowid, words) VALUES (?, ?)", (rid, id.lower()))
    sql.execute("DELETE FROM aliases WHERE type = ? AND folded = ?", (row["type"], id.lower()))
    if row["folded"] != id.lower():
        alias(sql, row["type"], row["id"], rid)


def settings(
    sql: sqlite3.Connection,
    rid: int,
    *,
    private: bool | None = None,
    gated: str | None = "",
) -> None:
    """Who may see it and who must ask (None: nobody); "" leaves `gated` as it is. `describe` it afterwards."""
    row = standing(sql, rid)
    if private is not None and private != bool(row["private"]):
        _delete_tags(sql, rid, row["type"], hidden=bool(row["private"]))
        sql.execute("UPDATE repos SET private = ? WHERE rid = ?", (private, rid))
    if gated != "":
        sql.execute("UPDATE repos SET gated = ? WHERE rid = ?", (gated, rid))


def copy_history(sql: sqlite3.Connection, rid: int, target: int) -> None:
    """Give a new repository the commits of another, their branches and tags, and the right to their contents."""
    sql.execute("DELETE FROM refs WHERE rid = ?", (target,))
    for table, columns in (
        ("commits", "oid, parent, tree, title, message, author, date"),
        ("changes", "oid, path, kind"),
        ("uploads", "sha256, bytes, created"),
        ("refs", "name, target, message"),
    ):
        ours = " AND name NOT LIKE 'refs/pr/%'" if table == "refs" else ""
        sql.execute(
            f"INSERT OR IGNORE INTO {table} (rid, {columns}) SELECT ?, {columns} FROM {table} WHERE rid = ?{ours}",
            (target, rid),
        )


def describe(sql: sqlite3.Connection, rid: int, facts: Facts) -> None:
    """Replace what was worked out from a repository's files."""
    row = sql.execute("SELECT type, id, private, gated FROM repos WHERE rid = ?", (rid,)).fetchone()
    there = providers.servable(facts.pipeline, facts.parameters, facts.library)
    warm = row["type"] == "model" and not row["private"] and not row["gated"] and there
    sql.execute(
        "UPDATE repos SET pipeline=?, library=?, parameters=?, bytes=?, sdk=?, tags=?, details=?, warm=? WHERE rid=?",
        (
            facts.pipeline,
            facts.library,
            facts.parameters or 0,
            facts.bytes or 0,
            facts.sdk,
            json.dumps(facts.tags),
            json.dumps(facts.details),
            warm,
            rid,
        ),
    )
    _delete_tags(sql, rid, row["type"], hidden=bool(row["private"]))
    _insert_tags(sql, rid, row["type"], facts.tags, hidden=bool(row["private"]))
    sql.execute("DELETE FROM links WHERE rid = ?", (rid,))
    sql.executemany(
        "INSERT OR IGNORE INTO links (rid, kind, target, relation) VALUES (?, ?, ?, ?)",
        [(rid, *link) for link in facts.links],
    )
    sql.execute("DELETE FROM providers WHERE rid = ?", (rid,))
    if warm:
        sql.executemany(
            "INSERT INTO providers VALUES (?, ?, ?)",
            [
                (rid, name, json.dumps(said))
                for name, said in providers.mapping(row["id"], facts.pipeline or "", facts.tags)
            ],
        )


def alias(sql: sqlite3.Connection, type: str, old_id: str, rid: int) -> None:
    """Let an old id lead to the repository."""
    if sql.execute("SELECT 1 FROM repos WHERE type = ? AND folded = ?", (type, old_id.lower())).fetchone():
        raise BadInput(f"{old_id!r} is a {type} itself.")
    sql.execute("INSERT OR REPLACE INTO aliases VALUES (?, ?, ?)", (type, old_id.lower(), rid))


def _forget_name(sql: sqlite3.Connection, rid: int, id: str) -> None:
    # a table of contents without the contents has to be told what it knew
    sql.execute("INSERT INTO names (names, rowid, words) VALUES ('delete', ?, ?)", (rid, id.lower()))


def _insert_tags(sql: sqlite3.Connection, rid: int, type: str, tags: Iterable[str], *, hidden: bool) -> None:
    everyone = 0 if hidden else 1
    each = list(dict.fromkeys(tags))
    sql.executemany("INSERT OR IGNORE INTO tags VALUES (?, ?, ?)", [(type, tag, rid) for tag in each])
    sql.executemany(_COUNT, [(type, tag, everyone, 1 - everyone) for tag in each])


def _delete_tags(sql: sqlite3.Connection, rid: int, type: str, *, hidden: bool) -> None:
    column = "hidden" if hidden else "everyone"
    tags = [(type, row["tag"]) for row in sql.execute("SELECT tag FROM tags WHERE rid = ?", (rid,))]
    sql.executemany(f"UPDATE tag_counts SET {column} = {column} - 1 WHERE type = ? AND tag = ?", tags)
    sql.executemany("DELETE FROM tag_counts WHERE type = ? AND tag = ? AND everyone + hidden = 0", tags)
    sql.execute("DELETE FROM tags WHERE rid = ?", (rid,))
