"""Pull requests: a discussion with a branch of its own, `refs/pr/N`."""

import json
import sqlite3
from datetime import datetime

from hf_nb.errors import NotFound
from hf_nb.offline import community, history
from hf_nb.offline.history import Commit


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
    tip = history.target(sql, rid, base)
    if tip is None:
        raise NotFound(f"There is no branch {base!r}.")
    num = community.discussion(
        sql, rid, title=title, author=author, date=date, body=body, status=status, pull_request=True
    )
    history.set_ref(sql, rid, ref(num), tip)
    details = json.dumps({"base": base, "start": tip})
    sql.execute("UPDATE discussions SET details = ? WHERE rid = ? AND num = ?", (details, rid, num))
    return num


def committed(sql: sqlite3.Connection, rid: int, num: int, commit: Commit, date: datetime) -> None:
    """A commit has been added; the conversation says so."""
    said = {"subject": commit.title, "oid": commit.oid}
    community.event(sql, rid, num, "commit", commit.author, date, said)
