"""Discussions and pull requests, as they can be read."""

import html
import json
from typing import Any

from hf_nb.offline.server import refusals
from hf_nb.offline.server.answers import Answer, as_json
from hf_nb.offline.server.ask import Ask

_PAGE = 50


def discussions(ask: Ask) -> Answer:
    """`GET …/discussions`: 50 a page, pinned ones first."""
    row = ask.repo
    every = ask.database.all(
        "SELECT * FROM discussions WHERE rid = ? ORDER BY pinned DESC, num DESC", row["rid"]
    )
    kind, status, author = ask.one("type") or "all", ask.one("status") or "all", ask.one("author")
    if kind not in ("all", "discussion", "pull_request") or status not in ("all", "open", "closed"):
        raise refusals.bad_request(
            '"type" must be one of [all, discussion, pull_request], "status" one of [all, open, closed]'
        )
    found = [
        one
        for one in every
        if (kind == "all" or bool(one["pull"]) == (kind == "pull_request"))
        and (status == "all" or (one["status"] in ("open", "draft")) == (status == "open"))
        and (not author or one["author"].lower() == author.lower())
    ]
    start = ask.number("p", 0, 10**6, least=0) * _PAGE
    body = {
        "discussions": [_discussion(ask, row, one) for one in found[start : start + _PAGE]],
        "count": len(found),
        "start": start,
    }
    if start == 0:
        body["numClosedDiscussions"] = sum(one["status"] in ("closed", "merged") for one in every)
    return as_json(body)


def discussion(ask: Ask) -> Answer:
    """`GET …/discussions/{num}`: with everything that was said; `diff=1` adds what a pull request changes."""
    row = ask.repo
    number = ask.names["num"]
    one = (
        ask.database.one("SELECT * FROM discussions WHERE rid = ? AND num = ?", row["rid"], int(number))
        if number.isdecimal() and len(number) < 10
        else None
    )
    if one is None:
        raise refusals.not_found("Discussion not found", "DiscussionNotFound")
    events = ask.database.all(
        "SELECT * FROM events WHERE rid = ? AND num = ? ORDER BY position", row["rid"], one["num"]
    )
    body = {
        **_discussion(ask, row, one),
        "events": [_event(ask, event) for event in events],
        "filesWithConflicts": [],
    }
    if one["pull"]:
        body["changes"] = {
            "base": "refs/heads/main",
            **(
                {"mergeCommitId": merged}
                if (merged := json.loads(one["details"]).get("mergeCommitId"))
                else {}
            ),
        }
        if ask.one("diff"):
            body["diff"] = json.loads(one["details"]).get("diff", "")
    return as_json(body)


def _discussion(ask: Ask, row: Any, one: Any) -> dict[str, Any]:
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


def _event(ask: Ask, event: Any) -> dict[str, Any]:
    data = json.loads(event["data"])
    author = _author(ask, event["author"])
    if event["kind"] == "comment":
        text = data.get("text", "")
        latest = {
            "raw": text,
            "html": f"<p>{html.escape(text)}</p>",
            "updatedAt": event["created"],
            "author": {"name": event["author"]},
        }
        data = {
            "edited": False,
            "hidden": False,
            "numEdits": 0,
            "latest": latest,
            "history": [],
            "reactions": [],
        }
    return {
        "id": event["oid"],
        "author": author,
        "createdAt": event["created"],
        "type": event["kind"],
        "data": data,
    }


def _author(ask: Ask, name: str) -> dict[str, Any]:
    person = ask.database.one("SELECT * FROM people WHERE name = ?", name)
    known = (
        {"_id": person["oid"], "fullname": person["fullname"], "type": person["kind"]}
        if person
        else {"type": "user"}
    )
    return {**known, "name": name, "avatarUrl": f"/avatars/{name}.svg", "isPro": False, "isHf": False}
