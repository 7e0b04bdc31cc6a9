"""Pages for a browser: what is here, by kind, by name, by tag."""

import json
import sqlite3
from typing import Any
from urllib.parse import urlencode

from hf_nb.offline.repos import TYPES
from hf_nb.offline.search import SORTS, Page, Query
from hf_nb.offline.search import page as search
from hf_nb.offline.server import pages, refusals
from hf_nb.offline.server.answers import Answer, as_text
from hf_nb.offline.server.ask import Ask
from hf_nb.offline.server.pages import address, attribute, number, shown, when

_FIRST, _LISTED, _MOST_WORDS = 8, 50, 20
_ORDERS = {
    "likes": "likes",
    "downloads": "downloads",
    "lastModified": "newest changes",
    "createdAt": "newest",
}
_EMPTY = '<p class="soft">Nothing here.</p>'


def front_page(ask: Ask) -> Answer:
    """`GET /[?search=]`: the most liked of each kind, or what has these words in its name."""
    words = ask.one("search") or ""
    parts = [_section(ask, kind, words) for kind in TYPES]
    found = "".join(part for part in parts if part)
    if words.strip():
        top = f"<h1>{shown(words)}</h1>" + (
            "" if found else "<p>No repository has these words in its name. Try fewer, or a part of one.</p>"
        )
        return pages.page(f"{words} · Offline Hub", top + found, search=words)
    top = (
        "<h1>An offline Hub</h1><p>It answers on this machine alone, to every client of the Hugging Face Hub that is"
        f" pointed here:</p><pre><code>HF_ENDPOINT={shown(ask.site.url)}</code></pre>"
    )
    return pages.page("Offline Hub", top + (found or _EMPTY))


def listing(ask: Ask) -> Answer:
    """`GET /models|datasets|spaces`: a page of them."""
    sort = ask.one("sort") or "likes"
    if sort not in SORTS:
        raise refusals.bad_request(f'"sort" must be one of [{", ".join(SORTS)}]')
    words, author = ask.one("search") or "", ask.one("author") or ""
    tags = tuple(dict.fromkeys(ask.many("filter")))[:_MOST_WORDS]
    found = _found(ask, ask.type, words, _LISTED, sort=sort, author=author, tags=tags)
    kept = [("search", words), ("author", author), *(("filter", tag) for tag in tags)]
    kept = [pair for pair in kept if pair[1]]
    orders = " · ".join(
        f"<b>{name}</b>" if word == sort else f'<a href="{_query([*kept, ("sort", word)])}">{name}</a>'
        for word, name in _ORDERS.items()
    )
    chosen = "".join(f'<span class="tag">{shown(value)}</span>' for _, value in kept)
    more = [("cursor", found.next)] if found.next else []
    next_page = (
        f'<p><a href="{_query([*kept, ("sort", sort), *more])}" rel="next">Next page</a></p>' if more else ""
    )
    body = (
        f'<h1>{ask.type.title()}s</h1><p class="soft">{orders}</p><p>{chosen}</p>'
        + (_table(found.rows) if found.rows else _EMPTY)
        + next_page
    )
    return pages.page(f"{ask.type.title()}s", body, search=words)


def icon(ask: Ask) -> Answer:
    """`GET /favicon.ico`: browsers ask for one whatever they are told."""
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3"'
        ' fill="#0b5cad"/><path d="M5 4v8M11 4v8M5 8h6" stroke="#fff" stroke-width="2"/></svg>'
    )
    return as_text(drawn, kind="image/svg+xml")


def _section(ask: Ask, kind: str, words: str) -> str:
    """The best of one kind, with the way to the others."""
    found = _found(ask, kind, words, _FIRST)
    if not found.rows:
        return ""
    more = f'<p><a href="/{kind}s{_query([("search", words)]) if words else ""}">All {kind}s</a></p>'
    return f"<h2>{kind.title()}s</h2>{_table(found.rows)}{more if found.next else ''}"


def _found(ask: Ask, kind: str, words: str, limit: int, **more: Any) -> Page:
    query = Query(
        type=kind,
        words=tuple(dict.fromkeys(words.split()))[:_MOST_WORDS],
        author=more.get("author") or None,
        tags=more.get("tags", ()),
        sort=more.get("sort", "likes"),
        limit=limit,
        cursor=ask.one("cursor") if "sort" in more else None,
        who=ask.who,
    )
    return search(ask.database, query)


def _query(fields: list[tuple[str, str]]) -> str:
    return attribute("?" + urlencode(fields))


def _table(rows: list[sqlite3.Row]) -> str:
    head = (
        '<tr><th>Name</th><th class="soft wide">For</th><th class="n wide">Changed</th>'
        '<th class="n">Downloads</th><th class="n">Likes</th></tr>'
    )
    lines = "".join(
        f'<tr><td><a href="{address(row)}">{shown(row["id"])}</a>{_state(row)}</td>'
        f'<td class="wide soft">{shown(_purpose(row))}</td><td class="n wide soft">{when(row["modified"])}</td>'
        f'<td class="n">{number(row["downloads"])}</td><td class="n">{number(row["likes"])}</td></tr>'
        for row in rows
    )
    return f'<table class="list">{head}{lines}</table>'


def _state(row: sqlite3.Row) -> str:
    known = {"private": row["private"], "gated": row["gated"], "made when opened": row["promised"]}
    words = "".join(f" · {word}" for word, so in known.items() if so)
    return f"<small>{words}</small>" if words else ""


def _purpose(row: sqlite3.Row) -> str:
    """A model's task, a Space's kit, a dataset's first task."""
    start = "task_categories:"
    tasks = (str(tag) for tag in json.loads(row["tags"]) if str(tag).startswith(start))
    return row["pipeline"] or row["sdk"] or next(tasks, "").removeprefix(start) or row["library"] or ""
