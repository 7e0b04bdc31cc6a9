"""The tables, and how threads and processes share them.

    repos ──< tags           what search filters on      commits ──< changes   which paths a commit touched
      │ └──< links           model, dataset, base        trees, blobs          git's own objects, shared by all repos
      │ └──< refs            branches, tags, pull        names                 trigrams of ids, for substring search
      └──< uploads           large contents it may name

SQLite in WAL mode: readers never wait for the writer. One connection a thread; writes are serialised by a lock, then
by the file itself. A commit that was acknowledged is on disk (synchronous=FULL).
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hf_nb.errors import Refused
from hf_nb.offline.room import Room

VERSION = 3
MOST_SETS = 500

TABLES = """
CREATE TABLE repos (
    rid INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, id TEXT NOT NULL, folded TEXT NOT NULL,
    namespace TEXT NOT NULL, oid TEXT NOT NULL,
    private INTEGER NOT NULL DEFAULT 0, gated TEXT, disabled INTEGER NOT NULL DEFAULT 0,
    created TEXT NOT NULL, modified TEXT NOT NULL, downloads INTEGER NOT NULL DEFAULT 0,
    all_time INTEGER NOT NULL DEFAULT 0,
    likes INTEGER NOT NULL DEFAULT 0, trending REAL NOT NULL DEFAULT 0, pipeline TEXT, library TEXT,
    parameters INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0,
    sdk TEXT, sha TEXT, warm INTEGER NOT NULL DEFAULT 0, tags TEXT NOT NULL DEFAULT '[]', runtime TEXT,
    creator TEXT COLLATE NOCASE, promised TEXT,
    details TEXT NOT NULL DEFAULT '{}',
    UNIQUE (type, folded)
);
CREATE INDEX by_trending ON repos (type, trending, rid);
CREATE INDEX by_created ON repos (type, created, rid);
CREATE INDEX by_modified ON repos (type, modified, rid);
CREATE INDEX by_downloads ON repos (type, downloads, rid);
CREATE INDEX by_likes ON repos (type, likes, rid);
CREATE INDEX by_parameters ON repos (type, parameters, rid);
CREATE INDEX by_bytes ON repos (type, bytes, rid);
CREATE INDEX by_namespace ON repos (type, namespace COLLATE NOCASE, rid);
CREATE INDEX by_gated ON repos (type, rid) WHERE gated IS NOT NULL;
CREATE INDEX by_warm ON repos (type, rid) WHERE warm = 1;
CREATE INDEX by_pipeline ON repos (type, pipeline, rid);
CREATE TABLE tags (type TEXT NOT NULL, tag TEXT NOT NULL, rid INTEGER NOT NULL, PRIMARY KEY (type, tag,
    rid)) WITHOUT ROWID;
CREATE INDEX tags_of ON tags (rid, tag);
CREATE TABLE tag_counts (type TEXT NOT NULL, tag TEXT NOT NULL, everyone INTEGER NOT NULL,
    hidden INTEGER NOT NULL, PRIMARY KEY (type, tag)) WITHOUT ROWID;
CREATE TABLE links (rid INTEGER NOT NULL, kind TEXT NOT NULL, target TEXT NOT NULL,
    relation TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (kind, target, relation, rid)) WITHOUT ROWID;
CREATE INDEX links_of ON links (rid);
CREATE TABLE providers (rid INTEGER NOT NULL, provider TEXT NOT NULL, mapping TEXT NOT NULL,
    PRIMARY KEY (provider, rid)) WITHOUT ROWID;
CREATE INDEX providers_of ON providers (rid);
CREATE VIRTUAL TABLE names USING fts5 (words, content='', tokenize='trigram', detail='full');
CREATE TABLE aliases (type TEXT NOT NULL, folded TEXT NOT NULL, rid INTEGER NOT NULL, PRIMARY KEY (type,
    folded)) WITHOUT ROWID;

CREATE TABLE blobs (oid TEXT PRIMARY KEY, size INTEGER NOT NULL, sha256 TEXT, bytes INTEGER) WITHOUT ROWID;
CREATE TABLE trees (oid TEXT PRIMARY KEY, entries BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE commits (rid INTEGER NOT NULL, oid TEXT NOT NULL, parent TEXT, tree TEXT NOT NULL,
    title TEXT NOT NULL, message TEXT NOT NULL,
    author TEXT NOT NULL, date TEXT NOT NULL, PRIMARY KEY (rid, oid)) WITHOUT ROWID;
CREATE TABLE changes (rid INTEGER NOT NULL, oid TEXT NOT NULL, path TEXT NOT NULL, kind TEXT NOT NULL,
    PRIMARY KEY (rid, oid, path)) WITHOUT ROWID;
CREATE TABLE refs (rid INTEGER NOT NULL, name TEXT NOT NULL, target TEXT NOT NULL, message TEXT,
    PRIMARY KEY (rid, name)) WITHOUT ROWID;
CREATE TABLE uploads (rid INTEGER NOT NULL, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL, created TEXT NOT NULL,
    PRIMARY KEY (rid, sha256)) WITHOUT ROWID;

CREATE TABLE people (name TEXT PRIMARY KEY COLLATE NOCASE, kind TEXT NOT NULL, oid TEXT NOT NULL,
    fullname TEXT NOT NULL, created TEXT NOT NULL,
    plan TEXT NOT NULL DEFAULT 'free', details TEXT NOT NULL DEFAULT '{}');
CREATE TABLE tokens (digest TEXT PRIMARY KEY, name TEXT NOT NULL COLLATE NOCASE, role TEXT NOT NULL,
    created TEXT NOT NULL, expires TEXT, client TEXT) WITHOUT ROWID;
CREATE TABLE logins (device TEXT PRIMARY KEY, code TEXT NOT NULL UNIQUE, client TEXT NOT NULL, scope TEXT NOT NULL,
    expires TEXT NOT NULL, pause INTEGER NOT NULL, polled TEXT, answer TEXT, name TEXT, role TEXT) WITHOUT ROWID;
CREATE TABLE renewals (digest TEXT PRIMARY KEY, name TEXT NOT NULL COLLATE NOCASE, role TEXT NOT NULL,
    client TEXT NOT NULL, scope TEXT NOT NULL, expires TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE members (org TEXT NOT NULL COLLATE NOCASE, name TEXT NOT NULL COLLATE NOCASE,
    role TEXT NOT NULL, PRIMARY KEY (org, name)) WITHOUT ROWID;
CREATE TABLE follows (name TEXT NOT NULL COLLATE NOCASE, target TEXT NOT NULL COLLATE NOCASE,
    PRIMARY KEY (name, target)) WITHOUT ROWID;
CREATE TABLE likes (rid INTEGER NOT NULL, name TEXT NOT NULL COLLATE NOCASE, created TEXT NOT NULL,
    PRIMARY KEY (rid, name)) WITHOUT ROWID;
CREATE TABLE grants (rid INTEGER NOT NULL, name TEXT NOT NULL COLLATE NOCASE, status TEXT NOT NULL,
    created TEXT NOT NULL, details TEXT NOT NULL DEFAULT '{}', PRIMARY KEY (rid, name)) WITHOUT ROWID;
CREATE TABLE variables (rid INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, description TEXT,
    modified TEXT NOT NULL,
    PRIMARY KEY (rid, key)) WITHOUT ROWID;

CREATE TABLE collections (slug TEXT PRIMARY KEY, owner TEXT NOT NULL COLLATE NOCASE, title TEXT NOT NULL,
    description TEXT, theme TEXT NOT NULL,
    private INTEGER NOT NULL DEFAULT 0, upvotes INTEGER NOT NULL DEFAULT 0, modified TEXT NOT NULL,
    position INTEGER NOT NULL DEFAULT 0);
CREATE TABLE collection_items (slug TEXT NOT NULL, position INTEGER NOT NULL, oid TEXT NOT NULL,
    kind TEXT NOT NULL, id TEXT NOT NULL, note TEXT,
    PRIMARY KEY (slug, position)) WITHOUT ROWID;
CREATE TABLE attachments (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, kind TEXT NOT NULL, bytes INTEGER NOT NULL,
    author TEXT NOT NULL, created TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE papers (id TEXT PRIMARY KEY, title TEXT NOT NULL, summary TEXT NOT NULL,
    published TEXT NOT NULL, upvotes INTEGER NOT NULL DEFAULT 0,
    details TEXT NOT NULL DEFAULT '{}');
CREATE TABLE discussions (rid INTEGER NOT NULL, num INTEGER NOT NULL, title TEXT NOT NULL,
    author TEXT NOT NULL, created TEXT NOT NULL, status TEXT NOT NULL,
    pull INTEGER NOT NULL DEFAULT 0, pinned INTEGER NOT NULL DEFAULT 0, details TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY (rid, num)) WITHOUT ROWID;
CREATE TABLE events (rid INTEGER NOT NULL, num INTEGER NOT NULL, position INTEGER NOT NULL,
    oid TEXT NOT NULL, kind TEXT NOT NULL, author TEXT NOT NULL,
    created TEXT NOT NULL, data TEXT NOT NULL, PRIMARY KEY (rid, num, position)) WITHOUT ROWID;
"""


class Database:
    """One file, a connection per thread, one writer at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.room = Room()
        self._local = threading.local()
        self._writing = threading.RLock()
        self._opened: list[sqlite3.Connection] = []
        self._known: dict[object, int] = {}
        with self.writing() as sql:
            version = sql.execute("PRAGMA user_version").fetchone()[0]
            if version == 0:
                for statement in TABLES.split(";"):
                    sql.execute(statement)
                sql.execute(f"PRAGMA user_version = {VERSION}")
            elif version != VERSION:
                raise Refused(
                    f"{path.parent} holds a Hub of another version of hf_nb ({version}, here {VERSION}).",
                    "Serve another folder with --root, or use the hf_nb it was made with.",
                )

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection."""
        made: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if made is None:
            made = sqlite3.connect(
                self.path, isolation_level=None, check_same_thread=False, timeout=30, cached_statements=256
            )
            made.row_factory = sqlite3.Row
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-4000", "temp_store=MEMORY"):
                made.execute(f"PRAGMA {pragma}")
            self._local.connection = made
            self._opened.append(made)
        return made

    def all(self, statement: str, *values: Any) -> list[sqlite3.Row]:
        """Every row."""
        return self.connection.execute(statement, values).fetchall()

    def one(self, statement: str, *values: Any) -> sqlite3.Row | None:
        """The first row, or None."""
        row: sqlite3.Row | None = self.connection.execute(statement, values).fetchone()
        return row

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of the block, or nothing of it. Blocks inside a block join the outer one."""
        with self._writing:
            sql = self.connection
            if sql.in_transaction:
                yield sql
                return
            sql.execute("BEGIN IMMEDIATE")
            before = sql.total_changes
            try:
                yield sql
                if sql.total_changes != before:
                    self._has_room()
                sql.execute("COMMIT")
            except BaseException:
                if sql.in_transaction:  # SQLite has gone back by itself where its disk is full
                    sql.execute("ROLLBACK")
                raise
            self._known = {}

    def _has_room(self) -> None:
        try:
            self.room.take(0)
        except OSError:
            full = sqlite3.OperationalError("database or disk is full")
            full.sqlite_errorcode, full.sqlite_errorname = sqlite3.SQLITE_FULL, "SQLITE_FULL"
            raise full from None

    @property
    def sets(self) -> dict[object, int]:
        """Sets of rows worked out since the last write (nobody else writes). Take it before reading."""
        if len(self._known) > MOST_SETS:
            self._known = {}
        return self._known

    def close(self) -> None:
        """Close every thread's connection."""
        while self._opened:
            self._opened.pop().close()
        self._local = threading.local()
