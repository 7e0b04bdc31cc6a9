"""Branches, tags, commits, and what differs between two of them."""

import html
from typing import Any

from hf_nb.offline import differences
from hf_nb.offline import history as past
from hf_nb.offline.server import refusals
from hf_nb.offline.server.answers import Answer, as_json, as_text
from hf_nb.offline.server.ask import Ask


def refs(ask: Ask) -> Answer:
    """`GET …/refs`."""
    row = ask.repo
    found: dict[str, list[dict[str, str]]] = {"branches": [], "converts": [], "tags": []}
    if ask.one("include_prs"):
        found["pullRequests"] = []
    kinds = {
        "refs/heads/": "branches",
        "refs/convert/": "converts",
        "refs/tags/": "tags",
        "refs/pr/": "pullRequests",
    }
    for ref in ask.database.all(
        "SELECT name, target FROM refs WHERE rid = ? ORDER BY name != 'refs/heads/main', name", row["rid"]
    ):
        for start, kind in kinds.items():
            if ref["name"].startswith(start) and kind in found:
                found[kind].append(
                    {
                        "name": ref["name"].removeprefix(start),
                        "ref": ref["name"],
                        "targetCommit": ref["target"],
                    }
                )
    return as_json(found)


def commits(ask: Ask) -> Answer:
    """`GET …/commits/{rev}`: newest first, a page at a time."""
    row = ask.readable()
    newest = ask.commit(row)
    limit, at = ask.number("limit", 50, 100), ask.number("p", 0, 10**9, least=0)
    every = list(past.ancestors(ask.sql, row["rid"], newest.oid))
    formatted = "formatted" in ask.many("expand")
    headers = {"x-total-count": str(len(every))}
    if (at + 1) * limit < len(every):
        headers |= ask.next_link(p=str(at + 1), limit=str(limit))
    return as_json(
        [_show(commit, formatted=formatted) for commit in every[at * limit : (at + 1) * limit]],
        headers=headers,
    )


def compare(ask: Ask) -> Answer:
    """`GET …/compare/{a}..{b}`: a unified diff as git prints it."""
    row = ask.readable()
    first, dots, second = ask.names["span"].partition("..")
    ends = [past.resolve(ask.sql, row["rid"], name) for name in (first, second.lstrip("."))]
    if not dots or ends[0] is None or ends[1] is None:
        raise refusals.revision_not_found(ask.names["span"])
    return as_text(differences.unified(ask.sql, ask.site.store.blobs, ends[0], ends[1]))


def _show(commit: past.Commit, *, formatted: bool) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": commit.oid,
        "title": commit.title,
        "message": commit.message,
        "authors": [{"user": commit.author, "avatar": f"/avatars/{commit.author}.svg"}],
        "date": commit.date,
    }
    if formatted:
        found["formatted"] = {"title": html.escape(commit.title), "message": html.escape(commit.message)}
    return found
