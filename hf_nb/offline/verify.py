"""Whether everything a Hub says of itself is so. Reads only, and may run beside the server.

found = verify(root)
found.contents, found.bytes          # how much was looked at
found.damages                        # what is wrong, which files of which repositories it concerns, and what to do
put_aside(root, found)               # damaged contents make room, so that they can be uploaded again
"""

import contextlib
import hashlib
import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from hf_nb.errors import NotFound
from hf_nb.offline import history, trees
from hf_nb.offline.blobs import ASIDE, Kind, git_oid
from hf_nb.offline.lfs import pointer
from hf_nb.offline.repos import OWNED
from hf_nb.offline.store import BASE, BLOBS, DATABASE

_PIECE = 1 << 20
_MOST_HOLDERS = 20
_AGAIN = "Upload it again: the Hub takes it as new."
_RESTORE = "Restore the folder from a copy, or export what can be read and begin a new Hub."

_LOOKS, _PAUSE = 5, 0.1  # a second in all, where contents are missing


class Content(NamedTuple):
    """A file below `blobs/` that a table speaks of; `blob` is git's name for it."""

    kind: Kind
    name: str
    size: int
    blob: str


@dataclass(frozen=True)
class Damage:
    """One thing that is wrong, what it concerns, and what to do."""

    problem: str
    next_step: str
    holders: tuple[str, ...] = ()
    content: Content | None = None
    path: Path | None = None  # of a content that is there and damaged

    def __str__(self) -> str:
        shown = list(self.holders[:_MOST_HOLDERS])
        if more := len(self.holders) - len(shown):
            shown.append(f"… and {more} more")
        return "\n".join([self.problem, *(f"  {line}" for line in shown), f"  {self.next_step}"])


@dataclass
class Verified:
    """How much was looked at, and what is wrong."""

    repos: int = 0
    commits: int = 0
    contents: int = 0
    bytes: int = 0
    damages: list[Damage] = field(default_factory=list)


def verify(root: Path) -> Verified:
    """Look at every table and every content."""
    found = Verified()
    try:
        with _reading(root) as sql:
            contents = _tables(sql, found)
    except sqlite3.DatabaseError as broken:
        found.damages.append(Damage(f"The database cannot be read: {broken}.", _RESTORE))
        return found
    damages = [damage for content in contents if (damage := _checked(root, content, found))]
    if damages := _still_there(root, damages):
        with _reading(root) as sql:
            holders = _holders(sql, {one.content.blob for one in damages if one.content})
        found.damages += [
            replace(one, holders=tuple(holders.get(one.content.blob, ()))) for one in damages if one.content
        ]
    return found


def _still_there(root: Path, damages: list[Damage]) -> list[Damage]:
    """Those that are no clearing away meanwhile: it takes files away a moment before the tables say so."""
    for look in range(_LOOKS):
        with _reading(root) as sql:
            damages = [one for one in damages if one.content and _expected(sql, one.content)]
        if all(one.path for one in damages):
            break
        time.sleep(_PAUSE * look)
        damages = [
            one for one in damages if one.path or (one.content and _checked(root, one.content, Verified()))
        ]
    return damages


def standing(root: Path) -> Path:
    """The folder, if there is a Hub in it."""
    if not (root / DATABASE).exists():
        raise NotFound(f"There is no Hub in {root}.", "Name its folder with --root.")
    return root


def put_aside(root: Path, found: Verified) -> list[Path]:
    """Move damaged contents of this Hub's own out of the way; where they are now."""
    moved = []
    for one in found.damages:
        own = one.path and one.path.is_relative_to(root / BLOBS)
        if one.path and one.content and own and _digest(one.content, one.path) != one.content.name:
            target = root / BLOBS / ASIDE / f"{one.content.kind}-{one.content.name}"
            target.parent.mkdir(exist_ok=True)
            one.path.replace(target)
            moved.append(target)
    return moved


@contextlib.contextmanager
def _reading(root: Path) -> Iterator[sqlite3.Connection]:
    """The tables as they are at one moment, however much is written meanwhile."""
    with contextlib.closing(_opened(standing(root) / DATABASE)) as sql:
        sql.row_factory = sqlite3.Row
        sql.execute("PRAGMA temp_store = MEMORY")
        sql.execute("BEGIN")
        yield sql


def _opened(file: Path) -> sqlite3.Connection:
    sql = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=30, isolation_level=None)
    try:
        sql.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        # in a folder where nothing may be written, and nobody writes
        sql.close()
        sql = sqlite3.connect(f"{file.resolve().as_uri()}?immutable=1", uri=True, isolation_level=None)
    return sql


# -- tables


def _tables(sql: sqlite3.Connection, found: Verified) -> list[Content]:
    """Everything but the contents, of which it gives the list."""
    whole = [row[0] for row in sql.execute("PRAGMA integrity_check")]
    if whole != ["ok"]:
        found.damages += [Damage(f"The database is damaged: {line}.", _RESTORE) for line in whole]
    found.repos = sql.execute("SELECT count(*) FROM repos").fetchone()[0]
    found.commits = sql.execute("SELECT count(*) FROM commits").fetchone()[0]
    for problem in (*_trees(sql), *_history(sql), *_tags(sql), *_names(sql), *_strays(sql)):
        found.damages.append(Damage(problem, _RESTORE))
    return list(_contents(sql, found))


def _contents(sql: sqlite3.Connection, found: Verified) -> Iterator[Content]:
    for oid, size, sha256, length in sql.execute("SELECT oid, size, sha256, bytes FROM blobs"):
        yield Content("sha1", oid, size, oid)
        if sha256:
            yield Content("sha256", sha256, length, oid)
            if git_oid("blob", pointer(sha256, length)) != oid:
                found.damages.append(Damage(f"Blob {oid} is no pointer to {sha256}.", _RESTORE))
    for name, sha256, length in sql.execute("SELECT name, sha256, bytes FROM attachments"):
        yield Content("sha256", sha256, length, name)


def _trees(sql: sqlite3.Connection) -> Iterator[str]:
    known = {row[0] for row in sql.execute("SELECT oid FROM trees")}
    blobs = {row[0] for row in sql.execute("SELECT oid FROM blobs")}
    for oid, entries in sql.execute("SELECT oid, entries FROM trees"):
        if git_oid("tree", bytes(entries)) != oid:
            yield f"Tree {oid} is not what its name says."
            continue
        for entry in trees.read(sql, oid):
            if entry.oid not in (known if entry.folder else blobs):
                yield f"Tree {oid} holds {entry.name!r} as {entry.oid}, which is not known."
    for rid, oid, tree in sql.execute("SELECT rid, oid, tree FROM commits"):
        if tree not in known:
            yield f"Commit {oid} of repository {rid} has the tree {tree}, which is not known."


def _history(sql: sqlite3.Connection) -> Iterator[str]:
    """Every name leads along commits to a first one, and every commit changed what it says it changed."""

    @lru_cache(maxsize=10_000)
    def inside(tree: str) -> dict[str, trees.Entry]:
        return {entry.name: entry for entry in trees.read(sql, tree)}

    for rid, id, kind, sha in sql.execute("SELECT rid, id, type, sha FROM repos"):
        name = f"{kind} {id}"
        rows = sql.execute("SELECT oid, parent, tree FROM commits WHERE rid = ?", (rid,))
        commits = {row["oid"]: (row["parent"], row["tree"]) for row in rows}
        refs = dict(tuple(row) for row in sql.execute("SELECT name, target FROM refs WHERE rid = ?", (rid,)))
        if refs.get(history.MAIN) != sha:
            yield f"{name}: main is at {refs.get(history.MAIN)}, the repository's sha is {sha}."
        for ref, target in refs.items():
            if (end := _end(commits, target)) is not None:
                yield f"{name}: {ref} leads to {end}, which is not there or leads back."
        said: dict[str, list[tuple[str, str]]] = {}
        for oid, path, how in sql.execute("SELECT oid, path, kind FROM changes WHERE rid = ?", (rid,)):
            said.setdefault(oid, []).append((path, how))
        if strange := said.keys() - commits.keys():
            yield f"{name}: there are changes of commits that are not there: {', '.join(sorted(strange))}."
        for oid, (parent, tree) in commits.items():
            if parent is not None and parent not in commits:
                continue
            done = _changed(inside, commits[parent][1] if parent else None, tree)
            if sorted(done) != sorted(said.get(oid, [])):
                yield f"{name}: commit {oid} did not change what it says."


def _changed(
    inside: Callable[[str], dict[str, trees.Entry]], old: str | None, new: str | None, above: str = ""
) -> Iterator[tuple[str, str]]:
    """As `history.changed`, without a look at folders both have."""
    before, after = (inside(tree) if tree else {} for tree in (old, new))
    for name in before.keys() | after.keys():
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        path = above + name
        if (was and was.folder) or (now and now.folder):
            then, since = (one.oid if one and one.folder else None for one in (was, now))
            yield from _changed(inside, then, since, path + "/")
        files = [one is not None and not one.folder for one in (was, now)]
        if any(files):
            yield path, "M" if all(files) else "D" if files[0] else "A"


def _end(commits: dict[str, tuple[str | None, str]], target: str) -> str | None:
    """Where a chain of commits breaks off; None where it ends as it should."""
    step: str | None = target
    for _ in range(len(commits) + 1):
        if step is None:
            return None
        if step not in commits:
            return step
        step = commits[step][0]
    return step


def _tags(sql: sqlite3.Connection) -> Iterator[str]:
    counted = {
        (row["type"], row["tag"]): (row["everyone"], row["hidden"])
        for row in sql.execute(
            "SELECT t.type, t.tag, sum(r.private = 0) AS everyone, sum(r.private = 1) AS hidden"
            " FROM tags t JOIN repos r ON r.rid = t.rid AND r.type = t.type GROUP BY 1, 2"
        )
    }
    said = {(row[0], row[1]): (row[2], row[3]) for row in sql.execute("SELECT * FROM tag_counts")}
    for key in sorted(counted.keys() | said.keys()):
        if counted.get(key) != said.get(key):
            yield f"The tag {key[1]!r} of {key[0]}s is counted {said.get(key)} times and is there {counted.get(key)}."
    tagged = {
        rid: {row["tag"] for row in rows}
        for rid, rows in groupby(sql.execute("SELECT rid, tag FROM tags ORDER BY rid"), itemgetter("rid"))
    }
    for rid, id, tags in sql.execute("SELECT rid, id, tags FROM repos"):
        if set(json.loads(tags)) != tagged.pop(rid, set()):
            yield f"{id} is found by other tags than it has."
    if tagged:
        yield f"There are tags of repositories that are not there: {sorted(tagged)}."


def _names(sql: sqlite3.Connection) -> Iterator[str]:
    """Whether search by parts of an id knows each id, and no other. The index keeps no texts: only its terms tell."""
    sql.execute("CREATE VIRTUAL TABLE temp.spelled USING fts5vocab(main, names, instance)")
    indexed: dict[int, int] = {}
    for term, rid, at in sql.execute("SELECT term, doc, offset FROM temp.spelled"):
        indexed[rid] = indexed.get(rid, 0) ^ hash((term, at))
    for rid, folded in sql.execute("SELECT rid, folded FROM repos"):
        terms = 0
        for at in range(len(folded) - 2):
            terms ^= hash((folded[at : at + 3], at))
        if indexed.pop(rid, 0) != terms:
            yield f"{folded} is not found by its name."
    if indexed:
        yield f"Names of repositories are known that are not there: {sorted(indexed)}."


def _strays(sql: sqlite3.Connection) -> Iterator[str]:
    """Rows of repositories that are no more."""
    for table in OWNED:
        query = f"SELECT count(*) FROM {table} WHERE rid NOT IN (SELECT rid FROM repos)"  # noqa: S608 -- a word of ours
        if count := sql.execute(query).fetchone()[0]:
            yield f"{table} holds {count} rows of repositories that are not there."


# -- contents


def _checked(root: Path, content: Content, found: Verified) -> Damage | None:
    what = f"The content {content.kind}:{content.name}"
    inside = Path(content.kind) / content.name[:2] / content.name
    folder = next((folder for folder in _folders(root) if (folder / inside).exists()), None)
    if folder is None:
        return Damage(f"{what} is missing.", _AGAIN, content=content)
    path = folder / inside
    try:
        digest = _digest(content, path)
    except OSError as broken:
        return Damage(f"{what} cannot be read: {broken.strerror}.", "Try again.", content=content)
    found.contents += 1
    found.bytes += content.size
    if digest == content.name:
        return None
    mend = f"Move it aside with `hf-nb hub verify --root {folder.parent} --repair`, then upload it again."
    return Damage(f"{what} is damaged.", mend, content=content, path=path)


def _folders(root: Path) -> Sequence[Path]:
    base = root / BASE
    return [root / BLOBS, *([Path(base.read_text(encoding="utf-8"))] if base.exists() else [])]


def _digest(content: Content, path: Path) -> str:
    """What the content's name ought to be; nothing it could be where even its length is another."""
    with path.open("rb") as source:
        size = path.stat().st_size
        if size != content.size:
            return ""
        made = (
            hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
            if content.kind == "sha1"
            else hashlib.sha256()
        )
        while piece := source.read(_PIECE):
            made.update(piece)
    return made.hexdigest()


def _expected(sql: sqlite3.Connection, content: Content) -> bool:
    """Whether it ought to be here: not what was cleared away meanwhile, nor a large content its owner has erased."""
    tables = {"blobs": "oid = :blob"}
    if content.kind == "sha256":
        tables = {"uploads": "sha256 = :name", "attachments": "sha256 = :name"}
    given = content._asdict()
    return any(
        sql.execute(f"SELECT 1 FROM {table} WHERE {which}", given).fetchone()  # noqa: S608 -- words of ours
        for table, which in tables.items()
    )


def _holders(sql: sqlite3.Connection, oids: set[str]) -> dict[str, list[str]]:
    """`model me/one: weights.bin (main)` for every place it is seen at; old commits where no name leads to it."""

    @lru_cache(maxsize=4096)
    def inside(tree: str) -> list[tuple[str, str]]:
        return [(path, oid) for path, oid in trees.files(sql, tree).items() if oid in oids]

    found: dict[str, dict[str, None]] = {oid: {} for oid in oids}
    for (name,) in sql.execute("SELECT name FROM attachments"):
        if name in oids:
            found[name][f"an attachment of a conversation: {name}"] = None
    for rid, type, id in sql.execute("SELECT rid, type, id FROM repos ORDER BY type, id"):
        seen = set()
        for where, tree in _places(sql, rid):
            for path, oid in inside(tree):
                if where.startswith("in ") and (path, oid) in seen:
                    continue
                seen.add((path, oid))
                found[oid][f"{type} {id}: {path} ({where})"] = None
    return {oid: list(lines) for oid, lines in found.items()}


def _places(sql: sqlite3.Connection, rid: int) -> Iterable[tuple[str, str]]:
    named = sql.execute(
        "SELECT r.name, c.tree FROM refs r JOIN commits c ON c.rid = r.rid AND c.oid = r.target WHERE r.rid = ?"
        " ORDER BY r.name",
        (rid,),
    ).fetchall()
    for ref, tree in named:
        yield ref.removeprefix("refs/heads/").removeprefix("refs/tags/"), tree
    for oid, tree in sql.execute("SELECT oid, tree FROM commits WHERE rid = ? ORDER BY date DESC", (rid,)):
        yield f"in commit {oid[:7]}", tree
