"""What a Hub keeps on disk: `hub.sqlite` beside `blobs/`. Everything that writes goes through here.

store = Store.open(root)
store.create_repo("model", "me/small", created_at=date)
store.commit("model", "me/small", {"README.md": b"# hello"}, title="first", author="me", date=date)
"""

from __future__ import annotations

import itertools
import shutil
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from hf_nb.errors import BadInput, NotFound
from hf_nb.offline import community, history, lfs, people, repos, trees
from hf_nb.offline.blobs import Blob, Blobs, Content
from hf_nb.offline.derive import Snapshot, derive
from hf_nb.offline.repos import Record, Type
from hf_nb.offline.schema import Database

if TYPE_CHECKING:
    from collections.abc import Sequence

DATABASE, BLOBS, BASE = "hub.sqlite", "blobs", "base.txt"
SYSTEM = "system"


class Store:
    """One Hub's repositories, people and conversations."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.database = Database(root / DATABASE)
        base = root / BASE
        self.blobs = Blobs(root / BLOBS, Path(base.read_text(encoding="utf-8")) if base.exists() else None)

    @classmethod
    def open(cls, root: Path) -> Store:
        """The Hub in this folder; an empty one where there is none yet."""
        root.mkdir(parents=True, exist_ok=True)
        return cls(root)

    @classmethod
    def overlay(cls, base: Path, root: Path) -> Store:
        """A Hub of its own that starts as another one: the tables are copied, the contents are read where they are."""
        root.mkdir(parents=True, exist_ok=True)
        with sqlite3.connect(base / DATABASE) as source, sqlite3.connect(root / DATABASE) as copy:
            source.backup(copy)
        source.close()
        copy.close()
        deeper = base / BASE
        if deeper.exists():
            # contents of an overlay's own would be out of sight: bring them along
            shutil.copytree(base / BLOBS, root / BLOBS, dirs_exist_ok=True)
        contents = deeper.read_text(encoding="utf-8") if deeper.exists() else str(base / BLOBS)
        (root / BASE).write_text(contents, encoding="utf-8")
        return cls(root)

    def close(self) -> None:
        """Let go of the files."""
        self.database.close()

    # -- repositories

    def repo_exists(self, type: Type, repo_id: str) -> bool:
        """Whether there is such a repository."""
        return (
            self.database.one("SELECT 1 FROM repos WHERE type = ? AND folded = ?", type, repo_id.lower())
            is not None
        )

    def create_repo(
        self,
        type: Type,
        repo_id: str,
        *,
        private: bool = False,
        gated: Literal["auto", "manual", False] = False,
        created_at: datetime,
        downloads: int = 0,
        likes: int = 0,
        trending: float = 0.0,
        runtime: Mapping[str, Any] | None = None,
        oid: str | None = None,
    ) -> None:
        """A new repository, with the .gitattributes and first commit every one has."""
        record = Record(
            type,
            repo_id,
            created_at,
            private=private,
            gated=gated or None,
            downloads=downloads,
            likes=likes,
            trending=trending,
        )
        first = self.blobs.put_regular(lfs.starting_attributes(type))
        with self.database.writing() as sql:
            rid = repos.create(sql, record, oid=oid, runtime=runtime)
            _remember(sql, [first])
            files = {history.ATTRIBUTES: first.oid}
            made = history.add(
                sql,
                rid,
                files,
                message="initial commit",
                author=record.id.partition("/")[0],
                date=_aware(created_at),
            )
            self._describe(sql, rid, made)

    def create_many(self, records: Iterable[Record]) -> int:
        """Very many repositories with one first commit's files; a `Record` says what their own files would have."""
        first: dict[str, Blob] = {
            kind: self.blobs.put_regular(lfs.starting_attributes(kind)) for kind in repos.TYPES
        }
        source, count = iter(records), 0
        while some := list(itertools.islice(source, 20_000)):
            with self.database.writing() as sql:
                _remember(sql, first.values())
                commits = {
                    kind: (trees.write(sql, {history.ATTRIBUTES: blob.oid}), history.ATTRIBUTES)
                    for kind, blob in first.items()
                }
                repos.create_bare(sql, some, commits)
            count += len(some)
        with self.database.writing() as sql:
            sql.execute("ANALYZE")
        return count

    def commit(
        self,
        type: Type,
        repo_id: str,
        additions: Mapping[str, Content],
        *,
        deletions: Sequence[str] = (),
        title: str,
        author: str,
        date: datetime,
        revision: str = "main",
        oid: str | None = None,
    ) -> str:
        """Add and delete files; the new commit's oid. A deletion that ends in "/" takes a whole folder."""
        rid = repos.rid_of(self.database, type, repo_id)
        for path in additions:
            history.checked_path(path)
        ref = revision if revision.startswith("refs/") else f"refs/heads/{revision}"
        kept = history.keep(self.blobs, additions, self._attributes(rid, ref))
        with self.database.writing() as sql:
            parent = history.target(sql, rid, ref)
            if parent is None and ref != "refs/heads/main":
                raise NotFound(f"There is no branch {revision!r}.", "Make it first with `branch`.")
            files = trees.files(sql, history.commit(sql, rid, parent).tree) if parent else {}
            files = _without(files, deletions) | {path: blob.oid for path, blob in kept.items()}
            _no_file_is_a_folder(files)
            _remember(sql, kept.values())
            made = history.add(
                sql, rid, files, message=title, author=author, date=_aware(date), ref=ref, oid=oid
            )
            if ref == "refs/heads/main":
                self._describe(sql, rid, made)
        return made.oid

    def alias(self, type: Type, old_id: str, repo_id: str) -> None:
        """A renamed repository: its old id answers with a redirect."""
        rid = repos.rid_of(self.database, type, repo_id)
        with self.database.writing() as sql:
            repos.alias(sql, type, old_id, rid)

    def tag(self, type: Type, repo_id: str, tag: str, revision: str = "main") -> None:
        """Name a commit for good."""
        self._point(type, repo_id, "tags", tag, revision)

    def branch(self, type: Type, repo_id: str, branch: str, revision: str = "main") -> None:
        """Start a line of commits."""
        self._point(type, repo_id, "heads", branch, revision)

    # -- people and what they say: the functions live in people.py and community.py

    def organisation(
        self,
        name: str,
        fullname: str | None = None,
        *,
        members: Mapping[str, str] | Sequence[str] = (),
        plan: str = "free",
    ) -> None:
        """An organisation; members with their role (read where only names are given)."""
        with self.database.writing() as sql:
            people.organisation(sql, name, fullname or name, members=members, plan=plan)

    def user(
        self,
        name: str,
        token: str | None = None,
        *,
        role: str = "write",
        fullname: str | None = None,
        orgs: Mapping[str, str] | Sequence[str] = (),
        plan: str = "free",
    ) -> None:
        """A user, a token of theirs (only its digest is kept) and the organisations they belong to."""
        with self.database.writing() as sql:
            people.user(sql, name, token, role=role, fullname=fullname or name, orgs=orgs, plan=plan)

    def follow(self, name: str, target: str) -> None:
        """`name` follows a user or an organisation."""
        with self.database.writing() as sql:
            sql.execute("INSERT OR IGNORE INTO follows VALUES (?, ?)", (name, target))

    def like(self, type: Type, repo_id: str, name: str, *, date: datetime) -> None:
        """A user's like; the count shown is the larger of `likes` and the number of likers."""
        rid = repos.rid_of(self.database, type, repo_id)
        with self.database.writing() as sql:
            sql.execute("INSERT OR IGNORE INTO likes VALUES (?, ?, ?)", (rid, name, repos.stamp(date)))
            sql.execute(
                "UPDATE repos SET likes = max(likes, (SELECT count(*) FROM likes WHERE rid = ?)) WHERE rid = ?",
                (rid, rid),
            )

    def grant(self, type: Type, repo_id: str, name: str, *, date: datetime) -> None:
        """Let a user into a gated repository."""
        rid = repos.rid_of(self.database, type, repo_id)
        with self.database.writing() as sql:
            sql.execute(
                "INSERT OR REPLACE INTO grants VALUES (?, ?, 'accepted', ?)", (rid, name, repos.stamp(date))
            )

    def variable(
        self, repo_id: str, key: str, value: str, *, date: datetime, description: str | None = None
    ) -> None:
        """A Space's public variable."""
        rid = repos.rid_of(self.database, "space", repo_id)
        with self.database.writing() as sql:
            sql.execute(
                "INSERT OR REPLACE INTO variables VALUES (?, ?, ?, ?, ?)",
                (rid, key, value, description, repos.stamp(date)),
            )

    def collection(self, **what: Any) -> str:
        """A collection (see `community.collection`); its slug."""
        with self.database.writing() as sql:
            return community.collection(sql, **what)

    def paper(self, **what: Any) -> None:
        """A paper (see `community.paper`)."""
        with self.database.writing() as sql:
            community.paper(sql, **what)

    def discussion(self, type: Type, repo_id: str, **what: Any) -> int:
        """A discussion or pull request (see `community.discussion`); its number."""
        rid = repos.rid_of(self.database, type, repo_id)
        with self.database.writing() as sql:
            return community.discussion(sql, rid, **what)

    # -- inside

    def _point(self, type: Type, repo_id: str, kind: str, name: str, revision: str) -> None:
        rid = repos.rid_of(self.database, type, repo_id)
        with self.database.writing() as sql:
            history.point(sql, rid, kind, name, revision)

    def _attributes(self, rid: int, ref: str) -> bytes:
        sql = self.database.connection
        tip = history.target(sql, rid, ref)
        entry = trees.find(sql, history.commit(sql, rid, tip).tree, history.ATTRIBUTES) if tip else None
        return self.blobs.read(history.blob(sql, entry.oid)) if entry else b""

    def _describe(self, sql: sqlite3.Connection, rid: int, tip: history.Commit) -> None:
        row = sql.execute("SELECT type, id FROM repos WHERE rid = ?", (rid,)).fetchone()
        facts = derive(row["type"], row["id"], Snapshot(history.blobs_of(sql, tip.tree), self.beginning))
        repos.describe(sql, rid, facts)
        sql.execute("UPDATE repos SET sha = ?, modified = ? WHERE rid = ?", (tip.oid, tip.date, rid))

    def beginning(self, blob: Blob, most: int) -> bytes:
        """The first bytes of a content."""
        with self.blobs.path_of(blob).open("rb") as source:
            return source.read(most)


def _remember(sql: sqlite3.Connection, blobs: Iterable[Blob]) -> None:
    sql.executemany("INSERT OR IGNORE INTO blobs VALUES (?, ?, ?, ?)", [tuple(blob) for blob in blobs])


def _without(files: Mapping[str, str], deletions: Sequence[str]) -> dict[str, str]:
    left = dict(files)
    for gone in deletions:
        inside = [path for path in left if path == gone or (gone.endswith("/") and path.startswith(gone))]
        if not inside:
            raise NotFound(f"A file with this name doesn't exist: {gone}")
        for path in inside:
            del left[path]
    return left


def _no_file_is_a_folder(files: Mapping[str, str]) -> None:
    for path in files:
        above = path.rpartition("/")[0]
        while above:
            if above in files:
                raise BadInput(f"{above!r} cannot be a file and a folder at once.")
            above = above.rpartition("/")[0]


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
