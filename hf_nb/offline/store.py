"""What a Hub keeps on disk: `hub.sqlite` beside `blobs/`. Everything that writes goes through here.

store = Store.open(root)
store.create_repo("model", "me/small", created_at=date)
store.commit("model", "me/small", {"README.md": b"# hello"}, title="first", author="me", date=date)
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import shutil
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from hf_nb.offline import changes, collections, community, history, large, lfs, people, pulls, repos, trees
from hf_nb.offline.blobs import Blob, Blobs, Content
from hf_nb.offline.changes import Change
from hf_nb.offline.derive import Snapshot, derive
from hf_nb.offline.history import Commit
from hf_nb.offline.repos import Record, Type
from hf_nb.offline.schema import Database

if TYPE_CHECKING:
    from collections.abc import Sequence

DATABASE, BLOBS, BASE, OVERLAYS = "hub.sqlite", "blobs", "base.txt", "overlays"
SYSTEM = "system"
CONVERTER = "parquet-converter"


class Store:
    """One Hub's repositories, people and conversations."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.database = Database(root / DATABASE)
        base = root / BASE
        self.blobs = Blobs(root / BLOBS, Path(base.read_text(encoding="utf-8")) if base.exists() else None)
        self.room = self.blobs.room = self.database.room

    @classmethod
    def open(cls, root: Path) -> Store:
        """The Hub in this folder; an empty one where there is none yet."""
        root.mkdir(parents=True, exist_ok=True)
        return cls(root)

    @classmethod
    def overlay(cls, base: Path, root: Path) -> Store:
        """A Hub of its own that starts as another one: the tables are copied, the contents are read where they are."""
        root.mkdir(parents=True, exist_ok=True)
        deeper = base / BASE
        cls._lean(Path(deeper.read_text(encoding="utf-8")).parent if deeper.exists() else base, root)
        if deeper.exists():
            # contents of an overlay's own would be out of sight: bring them along
            shutil.copytree(base / BLOBS, root / BLOBS, dirs_exist_ok=True)
        contents = deeper.read_text(encoding="utf-8") if deeper.exists() else str(base / BLOBS)
        (root / BASE).write_text(contents, encoding="utf-8")
        # the tables last: whatever they speak of can be read from the first moment
        with sqlite3.connect(base / DATABASE) as source, sqlite3.connect(root / DATABASE) as copy:
            source.backup(copy)
        source.close()
        copy.close()
        return cls(root)

    @staticmethod
    def _lean(base: Path, root: Path) -> None:
        """Note beside the contents who reads them, so that none is cleared away while an overlay is there."""
        notes = base / OVERLAYS
        note = notes / hashlib.sha256(str(root.resolve()).encode()).hexdigest()[:16]
        with contextlib.suppress(OSError):  # a base nobody may write in is not cleared either
            notes.mkdir(exist_ok=True)
            note.write_text(str(root.resolve()), encoding="utf-8")
            for old in notes.iterdir():
                if not Path(old.read_text(encoding="utf-8")).exists():
                    old.unlink(missing_ok=True)

    @staticmethod
    def overlays_of(base: Path) -> list[Path]:
        """The Hubs that began as this one and read its contents."""
        notes = base / OVERLAYS
        roots = [Path(note.read_text(encoding="utf-8")) for note in notes.iterdir()] if notes.is_dir() else []
        return [root for root in roots if (root / DATABASE).exists()]

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
        creator: str | None = None,
        files: Mapping[str, bytes] | None = None,
    ) -> int:
        """A new repository, with the .gitattributes and first commit every one has; its row."""
        record = Record(
            type,
            repo_id,
            _aware(created_at),
            private=private,
            gated=gated or None,
            downloads=downloads,
            likes=likes,
            trending=trending,
            creator=creator,
        )
        given = {history.ATTRIBUTES: lfs.starting_attributes(type), **(files or {})}
        with self.database.writing() as sql:
            first = {path: self.blobs.put_regular(content) for path, content in given.items()}
            rid = repos.create(sql, record, oid=oid, runtime=runtime)
            changes.remember(sql, first.values())
            made = history.add(
                sql,
                rid,
                {path: blob.oid for path, blob in first.items()},
                message="initial commit",
                author=creator or record.id.partition("/")[0],
                date=record.created_at,
            )
            self._describe(sql, rid, made)
        return rid

    def delete_repo(self, rid: int) -> None:
        """Gone, with its history and what was said about it."""
        with self.database.writing() as sql:
            repos.delete(sql, rid)

    def move_repo(self, rid: int, repo_id: str) -> None:
        """Another id; the old one redirects."""
        with self.database.writing() as sql:
            repos.rename(sql, rid, repo_id)

    def settings(self, rid: int, *, private: bool | None = None, gated: str | None = "") -> None:
        """Who may see it (None: as before) and who must ask first ("": as before)."""
        with self.database.writing() as sql:
            repos.settings(sql, rid, private=private, gated=gated)
            self.describe(rid)

    def duplicate(
        self, rid: int, repo_id: str, *, private: bool, created_at: datetime, creator: str | None = None
    ) -> int:
        """A repository of its own with the same history; its row."""
        with self.database.writing() as sql:
            row = repos.standing(sql, rid)
            record = Record(row["type"], repo_id, created_at, private=private, creator=creator)
            made = repos.create(sql, record, runtime=json.loads(row["runtime"] or "null"))
            repos.copy_history(sql, rid, made)
            self.describe(made)
            sql.execute("UPDATE repos SET modified = created WHERE rid = ?", (made,))
        return made

    def create_many(self, records: Iterable[Record]) -> int:
        """Very many repositories with one first commit's files; a `Record` says what their own files would have."""
        first: dict[str, Blob] = {
            kind: self.blobs.put_regular(lfs.starting_attributes(kind)) for kind in repos.TYPES
        }
        source, count = iter(records), 0
        while some := list(itertools.islice(source, 20_000)):
            with self.database.writing() as sql:
                changes.remember(sql, first.values())
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
        kept = history.keep(self.blobs, additions, self.attributes(rid, ref))
        change = Change(title, author, _aware(date), kept, deletions)
        return self.apply(rid, change, ref, oid=oid).oid

    def apply(
        self, rid: int, change: Change, ref: str, *, expected: str | None = None, oid: str | None = None
    ) -> Commit:
        """One commit at the end of a branch, in one transaction."""
        with self.database.writing() as sql:
            made = changes.apply(sql, self.blobs, rid, change, ref, expected=expected, oid=oid)
            self._describe_main(sql, rid, ref, made)
        return made

    def propose(
        self, rid: int, change: Change, *, base: str, expected: str | None = None
    ) -> tuple[Commit, int]:
        """A pull request whose first commit this is; the commit and the request's number."""
        with self.database.writing() as sql:
            num = pulls.open(
                sql,
                rid,
                title=change.title,
                body=change.description,
                author=change.author,
                date=change.date,
                status="open",
                base=base,
            )
            return self.extend(rid, num, change, expected=expected), num

    def extend(self, rid: int, num: int, change: Change, *, expected: str | None = None) -> Commit:
        """One more commit of a pull request."""
        with self.database.writing() as sql:
            made = changes.apply(sql, self.blobs, rid, change, pulls.ref(num), expected=expected)
            pulls.committed(sql, rid, num, made, change.date)
        return made

    def merge(self, rid: int, num: int, *, author: str, date: datetime, comment: str = "") -> Commit:
        """A pull request's changes, as one commit of its base."""
        with self.database.writing() as sql:
            made, base = pulls.merge(sql, self.blobs, rid, num, author=author, date=date, comment=comment)
            self._describe_main(sql, rid, base, made)
        return made

    def erase(self, rid: int, gone: set[str], *, rewrite: bool) -> set[str]:
        """Large contents taken out for good; the sha256 of those there were."""
        with self.database.writing() as sql:
            digests = large.erase(sql, rid, gone, rewrite=rewrite)
            tip = history.resolve(sql, rid, "HEAD")
            if digests and tip:
                modified = sql.execute("SELECT modified FROM repos WHERE rid = ?", (rid,)).fetchone()[0]
                self._describe(sql, rid, tip)
                sql.execute("UPDATE repos SET modified = ? WHERE rid = ?", (modified, rid))
        if not self.overlays_of(self.root):  # they would miss what they read here
            with self.database.writing() as sql:  # only now is it certain that nothing names them
                large.sweep(sql, self.blobs, digests)
        return digests

    def converted(self, rid: int, ref: str, files: Mapping[str, Blob], *, date: datetime) -> str:
        """A branch that holds exactly these files, made by the Hub itself; the commit, which may be the one it had."""
        with self.database.writing() as sql:
            repos.standing(sql, rid)
            tip = history.target(sql, rid, ref)
            wanted = {path: blob.oid for path, blob in files.items()}
            if tip and trees.files(sql, history.commit(sql, rid, tip).tree) == wanted:
                return tip
            for path in files:
                history.checked_path(path)
            changes.all_here(self.blobs, files.values())
            changes.remember(sql, files.values())
            changes.register(sql, rid, files.values(), date)
            made = history.add(
                sql,
                rid,
                wanted,
                message="Update parquet files",
                author=CONVERTER,
                date=_aware(date),
                ref=ref,
            )
        return made.oid

    def squash(self, rid: int, ref: str, *, message: str, author: str, date: datetime) -> Commit:
        """One commit in place of a branch's history."""
        with self.database.writing() as sql:
            made = history.squash(sql, rid, ref, message=message, author=author, date=_aware(date))
            self._describe_main(sql, rid, ref, made)
        return made

    def uploaded(self, rid: int, sha256: str, size: int) -> None:
        """A large content has arrived for this repository, which may name it from now on."""
        with self.database.writing() as sql:
            repos.standing(sql, rid)
            changes.register(sql, rid, [Blob("", 0, sha256, size)], datetime.now(UTC))

    def may_name(self, rid: int, sha256: str) -> int | None:
        """The length of a large content that this repository has received; None for any other."""
        row = self.database.one("SELECT bytes FROM uploads WHERE rid = ? AND sha256 = ?", rid, sha256)
        return int(row["bytes"]) if row and self.blobs.keeps("sha256", sha256) else None

    def alias(self, type: Type, old_id: str, repo_id: str) -> None:
        """A renamed repository: its old id answers with a redirect."""
        rid = repos.rid_of(self.database, type, repo_id)
        with self.database.writing() as sql:
            repos.alias(sql, type, old_id, rid)

    def tag(self, type: Type, repo_id: str, tag: str, revision: str = "main") -> None:
        """Name a commit for good."""
        self.point(repos.rid_of(self.database, type, repo_id), "tags", tag, revision)

    def branch(self, type: Type, repo_id: str, branch: str, revision: str = "main") -> None:
        """Start a line of commits."""
        self.point(repos.rid_of(self.database, type, repo_id), "heads", branch, revision)

    def point(
        self,
        rid: int,
        kind: Literal["heads", "tags"],
        name: str,
        revision: str,
        message: str | None = None,
        *,
        over: bool = False,
    ) -> str:
        """Make a branch or a tag, over one of that name if so wished; the commit it points at."""
        with self.database.writing() as sql:
            oid = history.point(sql, rid, kind, name, revision, message, over=over)
            if (kind, name) == ("heads", "main"):
                self._describe(sql, rid, history.commit(sql, rid, oid))
        return oid

    def orphan(self, rid: int, name: str, *, author: str, date: datetime, over: bool = False) -> Commit:
        """A branch with no files and no past."""
        with self.database.writing() as sql:
            history.point(sql, rid, "heads", name, "HEAD", over=over)
            history.unpoint(sql, rid, "heads", name)
            return history.add(
                sql, rid, {}, message="initial commit", author=author, date=date, ref=f"refs/heads/{name}"
            )

    def unpoint(self, rid: int, kind: Literal["heads", "tags"], name: str) -> None:
        """Take a branch or a tag away."""
        with self.database.writing() as sql:
            history.unpoint(sql, rid, kind, name)

    # -- people and what they say: the functions live in people.py and community.py

    def organisation(
        self,
        name: str,
        fullname: str | None = None,
        *,
        members: Mapping[str, str] | Sequence[str] = (),
        plan: str | None = None,
    ) -> None:
        """An organisation; members with their role (read where only names are given)."""
        with self.database.writing() as sql:
            people.organisation(sql, name, fullname, members=members, plan=plan)

    def user(
        self,
        name: str,
        token: str | None = None,
        *,
        role: str = "write",
        fullname: str | None = None,
        orgs: Mapping[str, str] | Sequence[str] = (),
        plan: str | None = None,
    ) -> None:
        """A user, a token of theirs (only its digest is kept) and the organisations they belong to."""
        with self.database.writing() as sql:
            people.user(sql, name, token, role=role, fullname=fullname, orgs=orgs, plan=plan)

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
                "INSERT OR REPLACE INTO grants (rid, name, status, created) VALUES (?, ?, 'accepted', ?)",
                (rid, name, repos.stamp(date)),
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
        """A collection (see `collections.create`); its slug."""
        with self.database.writing() as sql:
            return collections.create(sql, **what)

    def paper(self, **what: Any) -> None:
        """A paper (see `community.paper`)."""
        with self.database.writing() as sql:
            community.paper(sql, **what)

    def discussion(self, type: Type, repo_id: str, **what: Any) -> int:
        """A discussion or pull request (see `community.discussion`); its number."""
        rid = repos.rid_of(self.database, type, repo_id)
        with self.database.writing() as sql:
            num = community.discussion(sql, rid, **what)
            if what.get("pull_request"):
                pulls.start(sql, rid, num)
            return num

    # -- inside

    def attributes(self, rid: int, ref: str) -> bytes:
        """A branch's .gitattributes; where its content is lost, that of a new repository."""
        sql = self.database.connection
        tip = history.target(sql, rid, ref)
        entry = trees.find(sql, history.commit(sql, rid, tip).tree, history.ATTRIBUTES) if tip else None
        with contextlib.suppress(FileNotFoundError):
            return self.blobs.read(history.blob(sql, entry.oid)) if entry else b""
        return lfs.starting_attributes("model")

    def describe(self, rid: int) -> None:
        """Work out anew what the files of `main` say."""
        with self.database.writing() as sql:
            tip = history.resolve(sql, rid, "HEAD")
            if tip:
                self._describe(sql, rid, tip)

    def _describe_main(self, sql: sqlite3.Connection, rid: int, ref: str, tip: Commit) -> None:
        """What is said of a repository follows its main branch alone."""
        if ref == history.MAIN:
            self._describe(sql, rid, tip)

    def _describe(self, sql: sqlite3.Connection, rid: int, tip: history.Commit) -> None:
        row = sql.execute("SELECT type, id FROM repos WHERE rid = ?", (rid,)).fetchone()
        facts = derive(row["type"], row["id"], Snapshot(history.blobs_of(sql, tip.tree), self.beginning))
        repos.describe(sql, rid, facts)
        sql.execute("UPDATE repos SET sha = ?, modified = ? WHERE rid = ?", (tip.oid, tip.date, rid))

    def beginning(self, blob: Blob, most: int) -> bytes:
        """The first bytes of a content; none where it is lost, which must not keep others from being uploaded."""
        try:
            with self.blobs.path_of(blob).open("rb") as source:
                return source.read(most)
        except FileNotFoundError:
            return b""


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
