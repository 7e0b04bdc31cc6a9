"""Discussions and pull requests: read, opened, answered, closed, merged.

Whoever may see a repository and has a token that writes may open one and comment. Its author, and whoever may write to
the repository, may change its title and status; merging, pinning and deleting is for the latter alone.
"""

import html
import json
import sqlite3
from typing import Any

from hf_nb.offline import community, differences, people, pulls
from hf_nb.offline.server import fields, refusals
from hf_nb.offline.server.answers import Answer, as_json, as_text
from hf_nb.offline.server.ask import FOLDERS, Ask

_PAGE = 50
_LONGEST, _LONGEST_TITLE = 65_536, 200
_TYPES = ("all", "discussion", "pull_request")
_STATUSES = {
    "all": ("draft", "open", "closed", "merged"),
    "open": community.OPEN,
    "closed": community.ENDED,
    "draft": ("draft",),
    "merged": ("merged",),
}


def discussions(ask: Ask) -> Answer:
    """`GET …/discussions`: 50 a page, pinned ones first."""
    row = ask.repo
    every = ask.database.all(
        "SELECT * FROM discussions WHERE rid = ? AND status != ? ORDER BY pinned DESC, num DESC",
        row["rid"],
        community.DELETED,
    )
    kind, status, author = ask.one("type") or "all", ask.one("status") or "all", ask.one("author")
    if kind not in _TYPES or status not in _STATUSES:
        raise refusals.bad_request(
            f'"type" must be one of [{", ".join(_TYPES)}], "status" one of [{", ".join(_STATUSES)}]'
        )
    found = [
        one
        for one in every
        if (kind == "all" or bool(one["pull"]) == (kind == "pull_request"))
        and one["status"] in _STATUSES[status]
        and (not author or one["author"].lower() == author.lower())
    ]
    start = ask.number("p", 0, 10**6, least=0) * _PAGE
    body = {
        "discussions": [_discussion(ask, row, one) for one in found[start : start + _PAGE]],
        "count": len(found),
        "start": start,
    }
    if start == 0:
        body["numClosedDiscussions"] = sum(one["status"] in community.ENDED for one in every)
    return as_json(body)


def discussion(ask: Ask) -> Answer:
    """`GET …/discussions/{num}`: with everything that was said; `diff=1` adds what a pull request changes."""
    row, one = ask.repo, _named(ask)
    events = ask.database.all(
        "SELECT * FROM events WHERE rid = ? AND num = ? ORDER BY position", row["rid"], one["num"]
    )
    body = {
        **_discussion(ask, row, one),
        "events": [_event(ask, event) for event in events],
        "filesWithConflicts": [],
    }
    if one["pull"]:
        body["filesWithConflicts"] = pulls.conflicts(ask.sql, ask.site.store.blobs, one)
        merged = json.loads(one["details"]).get("mergeCommitId")
        body["changes"] = {"base": pulls.base(one), **({"mergeCommitId": merged} if merged else {})}
        if ask.one("diff"):
            body["diff"] = _diff(ask, row, one)
    return as_json(body)


def create(ask: Ask) -> Answer:
    """`POST …/discussions`: a pull request begins as a draft, without commits."""
    row, name = ask.repo, ask.participant()
    given = ask.json()
    title = fields.text(given, "title", _LONGEST_TITLE).strip()
    body = fields.optional(given, "description", _LONGEST) or ""
    pull = fields.flag(given, "pullRequest")
    if pull:
        ask.readable()
    with ask.database.writing() as sql:
        if pull:
            num = pulls.open(
                sql, row["rid"], title=title, body=body, author=name, date=ask.now(), status="draft"
            )
        else:
            num = community.discussion(sql, row["rid"], title=title, author=name, date=ask.now(), body=body)
    url = f"{ask.site.url}/{FOLDERS[row['type']]}{row['id']}/discussions/{num}"
    return as_json({"num": num, "url": url, "pullRequest": pull})


def comment(ask: Ask) -> Answer:
    """`POST …/{num}/comment`."""
    row, name, one = ask.repo, ask.participant(), _named(ask)
    said = fields.text(ask.json(), "comment", _LONGEST)
    with ask.database.writing() as sql:
        oid = community.say(sql, row["rid"], one["num"], said, name, ask.now())
    return _told(ask, "newMessage", oid)


def edit(ask: Ask) -> Answer:
    """`POST …/{num}/comment/{comment}/edit`."""
    name, told = ask.participant(), _comment(ask)
    said = fields.text(ask.json(), "content", _LONGEST)
    with ask.database.writing() as sql:
        community.edit(sql, told["rid"], told["num"], told["oid"], said, name, ask.now())
    return _told(ask, "updatedComment", told["oid"])


def hide(ask: Ask) -> Answer:
    """`POST …/{num}/comment/{comment}/hide`: there is no way back."""
    name, told = ask.participant(), _comment(ask)
    with ask.database.writing() as sql:
        community.hide(sql, told["rid"], told["num"], told["oid"], name, ask.now())
    return _told(ask, "updatedComment", told["oid"])


def title(ask: Ask) -> Answer:
    """`POST …/{num}/title`."""
    name, one = ask.participant(), _own(ask)
    wanted = fields.text(ask.json(), "title", _LONGEST_TITLE).strip()
    with ask.database.writing() as sql:
        oid = community.retitle(sql, one["rid"], one["num"], wanted, name, ask.now())
    return _told(ask, "newTitle", oid)


def status(ask: Ask) -> Answer:
    """`POST …/{num}/status`: closes, opens again, and takes a pull request out of its draft."""
    name, one = ask.participant(), _own(ask)
    given = ask.json()
    wanted = fields.text(given, "status", 10)
    if wanted not in ("open", "closed"):
        raise refusals.bad_request('"status" must be one of [open, closed]')
    said = (fields.optional(given, "comment", _LONGEST) or "").strip()
    with ask.database.writing() as sql:
        oid = community.turn(sql, one["rid"], one["num"], wanted, name, ask.now(), said)
    return _told(ask, "newStatus", oid)


def merge(ask: Ask) -> Answer:
    """`POST …/{num}/merge`."""
    row, one = ask.writable(), _named(ask)
    given = ask.json() if ask.body else {}
    said = (fields.optional(given, "comment", _LONGEST) or "").strip()
    made = ask.site.store.merge(
        row["rid"], one["num"], author=ask.participant(), date=ask.now(), comment=said
    )
    return as_json({"mergeCommitId": made.oid})


def pin(ask: Ask) -> Answer:
    """`POST …/{num}/pin`."""
    row, one = ask.writable(), _named(ask)
    pinned = fields.flag(ask.json() if ask.body else {}, "pinned", default=True)
    with ask.database.writing() as sql:
        community.pin(sql, row["rid"], one["num"], pinned=pinned)
    return as_json({"pinned": pinned})


def delete(ask: Ask) -> Answer:
    """`DELETE …/{num}`."""
    row, one = ask.writable(), _named(ask)
    with ask.database.writing() as sql:
        community.forget(sql, row["rid"], one["num"])
    return as_text("OK")


def delete_ref(ask: Ask) -> Answer:
    """`DELETE …/{num}/ref`: the commits of a pull request that has ended."""
    ask.participant()
    one = _own(ask)
    with ask.database.writing() as sql:
        pulls.drop_ref(sql, one["rid"], one["num"])
    return as_text("OK")


def _named(ask: Ask) -> sqlite3.Row:
    """The discussion the path means."""
    row, number = ask.repo, ask.names["num"]
    one: sqlite3.Row | None = (
        ask.database.one(
            "SELECT * FROM discussions WHERE rid = ? AND num = ? AND status != ?",
            row["rid"],
            int(number),
            community.DELETED,
        )
        if number.isdecimal() and len(number) < 10
        else None
    )
    if one is None:
        raise refusals.not_found("Discussion not found", "DiscussionNotFound")
    return one


def _own(ask: Ask) -> sqlite3.Row:
    """The same, for its author and for whoever may write to the repository."""
    one = _named(ask)
    _may_change(ask, one["author"])
    return one


def _comment(ask: Ask) -> sqlite3.Row:
    """The event the path means, for the same two."""
    one = _named(ask)
    told = community.told(ask.sql, one["rid"], one["num"], ask.names["comment"].lower())
    _may_change(ask, told["author"])
    return told


def _may_change(ask: Ask, author: str) -> None:
    if ask.participant().lower() != author.lower():
        ask.writable()


def _told(ask: Ask, name: str, oid: str) -> Answer:
    told = community.told(ask.sql, ask.repo["rid"], int(ask.names["num"]), oid)
    return as_json({name: _event(ask, told)})


def _diff(ask: Ask, row: sqlite3.Row, one: sqlite3.Row) -> str:
    """What a pull request changes; of a gated repository only for those who may read its files."""
    if row["disabled"] or (
        row["gated"] and not people.granted(ask.sql, row["rid"], row["namespace"], ask.who)
    ):
        return ""
    three = pulls.sides(ask.sql, one)
    return differences.unified(ask.sql, ask.site.store.blobs, three.before, three.theirs) if three else ""


def _discussion(ask: Ask, row: sqlite3.Row, one: sqlite3.Row) -> dict[str, Any]:
    said = ask.database.one(
        "SELECT count(*) FROM events WHERE rid = ? AND num = ? AND kind = 'comment'", row["rid"], one["num"]
    )
    return {
        "num": one["num"],
        "title": one["title"],
        "author": _author(ask, one["author"]),
        "createdAt": one["created"],
        "status": one["status"],
        "isPullRequest": bool(one["pull"]),
        "numComments": said[0] if said else 0,
        "pinned": bool(one["pinned"]),
        "repo": {"name": row["id"], "type": row["type"]},
        "topReactions": [],
        "numReactionUsers": 0,
    }


def _event(ask: Ask, event: sqlite3.Row) -> dict[str, Any]:
    data = json.loads(event["data"])
    return {
        "id": event["oid"],
        "author": _author(ask, event["author"]),
        "createdAt": event["created"],
        "type": event["kind"],
        "data": _words(event, data) if event["kind"] == "comment" else data,
    }


def _words(event: sqlite3.Row, data: dict[str, Any]) -> dict[str, Any]:
    history = data.get("history", [])
    return {
        "edited": bool(history),
        "hidden": bool(data.get("hidden")),
        **({"hiddenBy": data["by"]} if data.get("hidden") else {}),
        "numEdits": len(history),
        "latest": _version(event, data),
        "history": [_version(event, version) for version in history],
        "reactions": [],
    }


def _version(event: sqlite3.Row, said: dict[str, Any]) -> dict[str, Any]:
    """Nothing is rendered: what people write is shown as text, never as markup of this origin."""
    text = said.get("text", "")
    return {
        "raw": text,
        "html": f"<p>{html.escape(text)}</p>",
        "updatedAt": said.get("date", event["created"]),
        "author": {"name": said.get("by", event["author"])},
    }


def _author(ask: Ask, name: str) -> dict[str, Any]:
    person = ask.database.one("SELECT * FROM people WHERE name = ?", name)
    known = (
        {"_id": person["oid"], "fullname": person["fullname"], "type": person["kind"]}
        if person
        else {"type": "user"}
    )
    return {**known, "name": name, "avatarUrl": f"/avatars/{name}.svg", "isPro": False, "isHf": False}
