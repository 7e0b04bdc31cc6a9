"""Papers: search, the daily ones, and their text."""

import json
from typing import Any

from hf_nb.offline.server import refusals
from hf_nb.offline.server.answers import Answer, as_json, as_text
from hf_nb.offline.server.ask import Ask


def papers(ask: Ask) -> Answer:
    """`GET /api/papers/search`: words of the title and the summary."""
    words = (ask.one("q") or ask.one("query") or "").lower().split()
    rows = ask.database.all("SELECT * FROM papers ORDER BY upvotes DESC, id")
    found = [
        row
        for row in rows
        if all(word in f"{row['title']} {row['summary']} {row['id']}".lower() for word in words)
    ]
    return as_json(
        [{"paper": _paper(row), "title": row["title"]} for row in found[: ask.number("limit", 20, 120)]]
    )


def daily_papers(ask: Ask) -> Answer:
    """`GET /api/daily_papers`."""
    rows = ask.database.all("SELECT * FROM papers ORDER BY published DESC, id")
    date, submitter = ask.one("date"), ask.one("submitter")
    found = [
        row
        for row in rows
        if (not date or row["published"].startswith(date))
        and (not submitter or json.loads(row["details"]).get("submittedBy") == submitter)
    ]
    if ask.one("sort") == "trending":
        found.sort(key=lambda row: -row["upvotes"])
    at, limit = ask.number("p", 0, 10**9, least=0), ask.number("limit", 50, 100)
    some = found[at * limit : (at + 1) * limit]
    headers = ask.next_link(p=str(at + 1), limit=str(limit)) if (at + 1) * limit < len(found) else None
    return as_json(
        [
            {"paper": _paper(row), "title": row["title"], "publishedAt": row["published"], "numComments": 0}
            for row in some
        ],
        headers=headers,
    )


def paper(ask: Ask) -> Answer:
    """`GET /api/papers/{id}`."""
    return as_json(_paper(_paper_row(ask, ask.names["paper"])))


def paper_text(ask: Ask) -> Answer:
    """`GET /papers/{id}.md`."""
    if not ask.names["file"].endswith(".md"):
        raise refusals.not_found()
    row = _paper_row(ask, ask.names["file"].removesuffix(".md"))
    return as_text(f"# {row['title']}\n\n{row['summary']}\n", kind="text/markdown")


def _paper_row(ask: Ask, id: str) -> Any:
    row = ask.database.one("SELECT * FROM papers WHERE id = ?", id)
    if row is None:
        raise refusals.not_found("Paper not found")
    return row


def _paper(row: Any) -> dict[str, Any]:
    details = json.loads(row["details"])
    return {
        "id": row["id"],
        "title": row["title"],
        "summary": row["summary"],
        "publishedAt": row["published"],
        "submittedOnDailyAt": row["published"],
        "upvotes": row["upvotes"],
        "authors": [{"name": name, "hidden": False} for name in details.pop("authors", [])],
        "submittedBy": {"user": details.pop("submittedBy", None)},
        "discussionId": None,
        **details,
    }
