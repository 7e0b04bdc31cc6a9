"""Pages for a browser: what happened to a repository, by commits and in conversations."""

import itertools
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hf_nb.offline import community, differences, history, people, pulls
from hf_nb.offline.server import pages, refusals
from hf_nb.offline.server.answers import Answer
from hf_nb.offline.server.ask import Ask
from hf_nb.offline.server.markdown import rendered
from hf_nb.offline.server.pages import address, shown, when

_COMMITS, _CONVERSATIONS = 50, 50
_MOST_DIFF, _LONGEST = 200_000, 250_000
_COLOURS = {"open": "good", "merged": "merged", "closed": "bad"}
_LINES = {"+": "plus", "-": "minus", "@": "at"}


def commits(ask: Ask) -> Answer:
    """`GET /{id}/commits/{rev}`: newest first."""
    row = ask.readable()
    tip = ask.commit(row)
    start = ask.number("p", 0, 10**6, least=0) * _COMMITS
    found = list(
        itertools.islice(history.ancestors(ask.sql, row["rid"], tip.oid), start, start + _COMMITS + 1)
    )
    lines = "".join(
        f'<tr><td><a href="{address(row, "commit", one.oid)}">{shown(one.title) or one.oid[:7]}</a></td>'
        f'<td class="soft">{shown(one.author)}</td><td class="n soft wide"><code>{one.oid[:7]}</code></td>'
        f'<td class="n soft">{when(one.date)}</td></tr>'
        for one in found[:_COMMITS]
    )
    body = f'<p class="soft">{shown(ask.names["rev"])}</p><table>{lines}</table>'
    return pages.repository(
        row, "Commits", body + _next(ask, more=len(found) > _COMMITS), title=f"Commits of {ask.names['rev']}"
    )


def commit(ask: Ask) -> Answer:
    """`GET /{id}/commit/{oid}`: who, when, why, and what differs from the one before."""
    row = ask.readable()
    one = ask.commit(row)
    before = history.commit(ask.sql, row["rid"], one.parent) if one.parent else None
    parent = (
        f' · after <a href="{address(row, "commit", before.oid)}"><code>{before.oid[:7]}</code></a>'
        if before
        else " · the first"
    )
    body = (
        f'<h2>{shown(one.title)}</h2><p class="soft">{shown(one.author)} · {when(one.date)}'
        f" · <code>{one.oid}</code>{parent}"
        f' · <a href="{address(row, "tree", one.oid)}">files</a></p>{rendered(one.message)}'
    )
    return pages.repository(
        row, "Commits", body + _diff(ask, before, one), title=one.title, headers={"x-repo-commit": one.oid}
    )


def discussions(ask: Ask) -> Answer:
    """`GET /{id}/discussions`: pinned ones first, then the newest."""
    row = ask.repo
    start = ask.number("p", 0, 10**6, least=0) * _CONVERSATIONS
    found = ask.database.all(
        "SELECT d.*, (SELECT count(*) FROM events e WHERE e.rid = d.rid AND e.num = d.num AND e.kind = 'comment')"
        " AS comments FROM discussions d WHERE rid = ? AND status != ? ORDER BY pinned DESC, num DESC LIMIT ?, ?",
        row["rid"],
        community.DELETED,
        start,
        _CONVERSATIONS + 1,
    )
    lines = "".join(
        f'<tr><td>{_status(one)}</td><td><a href="{address(row, "discussions", str(one["num"]))}">'
        f'{shown(one["title"]) or "Without a title"}</a> <span class="soft">#{one["num"]} {_kind(one)}'
        f'{" · pinned" if one["pinned"] else ""}</span></td><td class="soft wide">{shown(one["author"])}</td>'
        f'<td class="n soft wide">{one["comments"]} said</td><td class="n soft">{when(one["created"])}</td></tr>'
        for one in found[:_CONVERSATIONS]
    )
    empty = '<p class="soft">Nobody has said anything yet.</p>'
    body = f"<table>{lines}</table>" if lines else empty
    return pages.repository(
        row, "Community", body + _next(ask, more=len(found) > _CONVERSATIONS), title="Community"
    )


def discussion(ask: Ask) -> Answer:
    """`GET /{id}/discussions/{num}`: everything said and done, in order; of a pull request also what it changes."""
    row, one = ask.repo, _named(ask)
    events = ask.database.all(
        "SELECT * FROM events WHERE rid = ? AND num = ? ORDER BY position", row["rid"], one["num"]
    )
    head = (
        f'<h2>{shown(one["title"])} <span class="soft">#{one["num"]}</span></h2><p>{_status(one)}'
        f' <span class="soft">{_kind(one)} by {shown(one["author"])} · {when(one["created"])}</span></p>'
    )
    said = "".join(_event(row, event) for event in events)
    return pages.repository(
        row, "Community", head + said + (_pull(ask, row, one) if one["pull"] else ""), title=one["title"]
    )


def _named(ask: Ask) -> sqlite3.Row:
    number = ask.names["num"]
    if not number.isdecimal() or len(number) > 9:
        raise refusals.not_found("Discussion not found", "DiscussionNotFound")
    return community.one(ask.sql, ask.repo["rid"], int(number))


def _next(ask: Ask, *, more: bool) -> str:
    return (
        f'<p><a href="?p={ask.number("p", 0, 10**6, least=0) + 1}" rel="next">Older</a></p>' if more else ""
    )


def _kind(one: sqlite3.Row) -> str:
    return "pull request" if one["pull"] else "discussion"


def _status(one: sqlite3.Row) -> str:
    return f'<b class="{_COLOURS.get(one["status"], "soft")}">{shown(one["status"])}</b>'


def _event(row: sqlite3.Row, event: sqlite3.Row) -> str:
    data = json.loads(event["data"])
    who = f'<b>{shown(event["author"])}</b> <span class="soft">{when(event["created"])}'
    if event["kind"] == "comment":
        edited = " · edited" if data.get("history") else ""
        text = str(data.get("text", ""))
        words = f'<p class="soft">{shown(text)}</p>' if data.get("hidden") else rendered(text)
        return f'<div class="said">{who}{edited}</span>{words}</div>'
    return f"<p>{who}</span> {_happened(row, event['kind'], data)}</p>"


def _happened(row: sqlite3.Row, kind: str, data: Mapping[str, Any]) -> str:
    match kind:
        case "status-change":
            return f"changed the status to {shown(data.get('status', ''))}"
        case "title-change":
            return f"changed the title from “{shown(data.get('from', ''))}” to “{shown(data.get('to', ''))}”"
        case "commit":
            oid = str(data.get("oid", ""))
            return f'added the commit <a href="{address(row, "commit", oid)}">{shown(data.get("subject") or oid)}</a>'
        case _:
            return shown(kind)


def _pull(ask: Ask, row: sqlite3.Row, one: sqlite3.Row) -> str:
    """Where it goes, what is in its way, what it changes; of a gated repository only for those who may read it."""
    into = f'<p class="soft">Into <code>{shown(pulls.base(one).removeprefix("refs/heads/"))}</code>'
    if merged := json.loads(one["details"]).get("mergeCommitId"):
        into += (
            f' · merged as <a href="{address(row, "commit", merged)}"><code>{shown(merged[:7])}</code></a>'
        )
    into += "</p>"
    if row["disabled"] or (
        row["gated"] and not people.granted(ask.sql, row["rid"], row["namespace"], ask.who)
    ):
        return into
    conflicts = pulls.conflicts(ask.sql, ask.site.store.blobs, one)
    if conflicts:
        files = "".join(f"<li>{shown(path)}</li>" for path in conflicts[:100])
        into += f'<p class="bad"><b>Conflicts:</b> both sides changed</p><ul>{files}</ul>'
    three = pulls.sides(ask.sql, one)
    return into + ("<h2>Changes</h2>" + _diff(ask, three.before, three.theirs) if three else "")


def _diff(ask: Ask, before: history.Commit | None, after: history.Commit) -> str:
    """What differs, a line at a time until it is too much for a page."""
    lines = differences.lines(ask.sql, ask.site.store.blobs, before, after, longest=_LONGEST)
    shown_lines, whole = _some(lines)
    if not shown_lines:
        return '<p class="soft">No file differs.</p>'
    left = "" if whole else '<p class="soft">There is more: only the beginning is shown.</p>'
    return f'<pre class="diff">{"".join(_coloured(shown_lines))}</pre>{left}'


def _some(lines: Iterable[str]) -> tuple[list[str], bool]:
    found: list[str] = []
    length = 0
    for line in lines:
        length += len(line) + 40
        if length > _MOST_DIFF:
            return found, False
        found.append(line)
    return found, True


def _coloured(lines: Iterable[str]) -> Iterator[str]:
    head = True  # where a line that begins with --- names a file; further down it takes one out
    for line in lines:
        head = line.startswith("diff ") or (head and not line.startswith("@@"))
        kind = "file" if line.startswith("diff ") else "" if head else _LINES.get(line[:1], "")
        if head and line.startswith("Binary files "):
            line = "Not shown: not text, longer than 250 kB, or lost"  # noqa: PLW2901 -- git's own words would be wrong
        yield f'<span class="{kind}">{shown(line.rstrip(chr(10)))}</span>'
