"""Pull requests: a discussion with a branch of its own, `refs/pr/N`.

base ──o──────────o ours        merging takes each path from the side that changed it since `before`;
        ╲                       where both did, and differently, nothing is merged at all
         o──o theirs
"""

import itertools
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hf_nb.errors import BadInput, NotFound
from hf_nb.offline import changes, community, history, trees
from hf_nb.offline.blobs import Blobs
from hf_nb.offline.conflicts import Conflicting, Settled
from hf_nb.offline.history import Commit


@dataclass(frozen=True)
class Sides:
    """The three commits a merge is made of."""

    before: Commit
    ours: Commit
    theirs: Commit


def ref(num: int) -> str:
    """Where its commits are."""
    return f"refs/pr/{num}"


def open(  # noqa: A001 -- pulls.open reads as it should
    sql: sqlite3.Connection,
    rid: int,
    *,
    title: str,
    body: str,
    author: str,
    date: datetime,
    status: str,
    base: str = history.MAIN,
) -> int:
    """A new one that starts where its base stands; its number."""
    num = community.discussion(
        sql, rid, title=title, author=author, date=date, body=body, status=status, pull_request=True
    )
    start(sql, rid, num, base)
    return num


def start(sql: sqlite3.Connection, rid: int, num: int, base: str = history.MAIN) -> None:
    """Let its branch begin where its base stands."""
    tip = history.target(sql, rid, base)
    if tip is None:
        raise NotFound(f"There is no branch {base!r}.")
    history.set_ref(sql, rid, ref(num), tip)
    details = json.dumps({"base": base, "start": tip})
    sql.execute("UPDATE discussions SET details = ? WHERE rid = ? AND num = ?", (details, rid, num))


def committed(sql: sqlite3.Connection, rid: int, num: int, commit: Commit, date: datetime) -> None:
    """A commit has been added; the conversation says so."""
    status = community.one(sql, rid, num)["status"]
    if status not in community.OPEN:
        raise Settled(f"Pull request {num} is {status}")
    said = {"subject": commit.title, "oid": commit.oid}
    community.event(sql, rid, num, "commit", commit.author, date, said)


def base(row: sqlite3.Row) -> str:
    """The branch it is to be merged into."""
    return str(json.loads(row["details"]).get("base", history.MAIN))


def sides(sql: sqlite3.Connection, row: sqlite3.Row) -> Sides | None:
    """What is to be merged; None where its branch or its base is gone."""
    rid = row["rid"]
    ours, theirs = history.target(sql, rid, base(row)), history.target(sql, rid, ref(row["num"]))
    if ours is None or theirs is None:
        return None
    known = {commit.oid for commit in history.ancestors(sql, rid, ours)}
    before = next((one for one in history.ancestors(sql, rid, theirs) if one.oid in known), None)
    # a base whose history was squashed shares no commit any more: where the request began still tells its changes
    if before is None and (began := json.loads(row["details"]).get("start")):
        before = history.commit(sql, rid, began)
    if before is None:
        return None
    return Sides(before, history.commit(sql, rid, ours), history.commit(sql, rid, theirs))


def conflicts(sql: sqlite3.Connection, blobs: Blobs, row: sqlite3.Row) -> list[str]:
    """The files that keep it from being merged."""
    three = sides(sql, row) if row["status"] in community.OPEN else None
    return _merged(sql, blobs, three)[1] if three else []


def merge(
    sql: sqlite3.Connection,
    blobs: Blobs,
    rid: int,
    num: int,
    *,
    author: str,
    date: datetime,
    comment: str = "",
) -> tuple[Commit, str]:
    """One commit on the base that holds both sides' changes; the commit and the base."""
    row = community.one(sql, rid, num)
    if not row["pull"]:
        raise BadInput(f"Discussion {num} is no pull request.")
    if row["status"] != "open":
        raise Settled(f"Pull request {num} is {row['status']}")
    three = sides(sql, row)
    if three is None:
        raise NotFound(f"There is no branch {base(row).removeprefix('refs/heads/')!r} to merge into.")
    if three.before.tree == three.theirs.tree:
        raise BadInput(f"Pull request {num} changes nothing.")
    files, both, attributes = _merged(sql, blobs, three)
    if both:
        raise Conflicting(both)
    if attributes is not None:
        blob = blobs.put_regular(attributes)
        changes.remember(sql, [blob])
        files[history.ATTRIBUTES] = blob.oid
    message = _message(sql, row, three, author)
    made = history.add(sql, rid, files, message=message, author=author, date=date, ref=base(row))
    details = json.loads(row["details"]) | {"mergeCommitId": made.oid}
    sql.execute(
        "UPDATE discussions SET details = ? WHERE rid = ? AND num = ?", (json.dumps(details), rid, num)
    )
    community.put_status(sql, rid, num, "merged", author, date, comment)
    return made, base(row)


def drop_ref(sql: sqlite3.Connection, rid: int, num: int) -> None:
    """The branch of a pull request that has ended is not needed any more."""
    row = community.one(sql, rid, num)
    if not row["pull"]:
        raise BadInput(f"Discussion {num} is no pull request.")
    if row["status"] not in community.ENDED:
        raise Settled(f"Pull request {num} is {row['status']}: close it first")
    if not sql.execute("DELETE FROM refs WHERE rid = ? AND name = ?", (rid, ref(num))).rowcount:
        raise NotFound(f"There is no {ref(num)} any more.")
    details = json.loads(row["details"]) | {"refDeleted": True}
    sql.execute(
        "UPDATE discussions SET details = ? WHERE rid = ? AND num = ?", (json.dumps(details), rid, num)
    )


def _merged(
    sql: sqlite3.Connection, blobs: Blobs, three: Sides
) -> tuple[dict[str, str], list[str], bytes | None]:
    """The files after a merge, those both sides changed differently, and the .gitattributes if both extended it."""
    before, ours, theirs = (trees.files(sql, one.tree) for one in (three.before, three.ours, three.theirs))
    files, both = dict(ours), []
    for path, _ in history.changed(before, theirs):
        if ours.get(path) == theirs.get(path):
            continue
        if ours.get(path) != before.get(path):
            both.append(path)
        elif path in theirs:
            files[path] = theirs[path]
        else:
            del files[path]
    attributes = _joined(sql, blobs, before, ours, theirs) if history.ATTRIBUTES in both else None
    if attributes is not None:
        both.remove(history.ATTRIBUTES)
    return files, sorted({*both, *_blocked(files)}), attributes


def _joined(sql: sqlite3.Connection, blobs: Blobs, *files: Mapping[str, str]) -> bytes | None:
    """The lines of both sides, where none was taken away: every large file of an uncovered kind adds one."""
    oids = [some.get(history.ATTRIBUTES) for some in files]
    before, ours, theirs = (
        blobs.read(history.blob(sql, oid)).splitlines(keepends=True) if oid else [] for oid in oids
    )
    if not (set(before) <= set(ours) and set(before) <= set(theirs)):
        return None
    return b"".join([*ours, *(line for line in theirs if line not in ours)])


def _blocked(files: Mapping[str, str]) -> list[str]:
    """Files where the other side has a folder."""
    try:
        changes.no_file_is_a_folder(files)
    except BadInput:
        return [path for path in files if any(other.startswith(f"{path}/") for other in files)]
    return []


def _message(sql: sqlite3.Connection, row: sqlite3.Row, three: Sides, author: str) -> str:
    lines = [f"{row['title']} (#{row['num']})", ""]
    newest_first = itertools.takewhile(
        lambda one: one.oid != three.before.oid, history.ancestors(sql, row["rid"], three.theirs.oid)
    )
    lines += [f"- {one.title} ({one.oid})" for one in reversed(list(newest_first))]
    if row["author"].lower() != author.lower():
        lines += ["", f"Co-authored-by: {row['author']} <{row['author']}@users.noreply.huggingface.co>"]
    return "\n".join(lines)
