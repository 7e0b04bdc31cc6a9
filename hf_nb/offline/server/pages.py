"""The frame of every page a browser is shown: one style, no scripts, everything people wrote escaped.

The style is named by its digest in the Content-Security-Policy: markup that slips in can neither run nor restyle.
"""

import base64
import hashlib
import html
import re
import sqlite3
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from hf_nb.offline.server.answers import Answer, as_text
from hf_nb.offline.server.ask import FOLDERS, Ask
from hf_nb.offline.server.refusals import Redirect, Refusal

_STYLE = """
:root{color-scheme:light dark;--bg:#fff;--fg:#1c2024;--soft:#5b6570;--line:#dfe3e8;--tint:#f5f7f9;--accent:#0b5cad;
--plus:#e5f5e9;--minus:#fceaea;--good:#1a7437;--bad:#b3261e;--merged:#6b3fb8}
@media(prefers-color-scheme:dark){:root{--bg:#14171a;--fg:#d9dee3;--soft:#98a3ae;--line:#2b3137;--tint:#1b2024;
--accent:#76b5ff;--plus:#15301d;--minus:#3a1c1c;--good:#63c684;--bad:#f08a80;--merged:#b997f5}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--fg);font:13.5px/1.45 system-ui,sans-serif;overflow-wrap:anywhere}
a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}
:focus-visible{outline:2px solid var(--accent);outline-offset:1px}
header,main{max-width:1040px;margin:auto;padding:8px 16px}
header{display:flex;flex-wrap:wrap;gap:4px 16px;align-items:center}
.bar{border-bottom:1px solid var(--line)}
.home{font-weight:600;color:var(--fg)}
header form{flex:1 1 180px;max-width:360px;margin-left:auto}
input,button{font:inherit;color:inherit;background:var(--bg);border:1px solid var(--line);border-radius:6px;
padding:4px 8px}
input{width:100%;display:block}button{cursor:pointer;background:var(--tint)}
label{display:block;margin:12px 0;color:var(--soft)}
main{padding-bottom:48px}main.narrow{max-width:34em;padding-top:24px}
h1{font-size:18px;margin:12px 0 4px;font-weight:600}h2{font-size:15px;margin:20px 0 6px}
h3,h4,h5,h6{font-size:13.5px;margin:16px 0 4px}
p{margin:6px 0}ul,ol{margin:6px 0;padding-left:20px}.soft,small{color:var(--soft);font-size:12.5px}
hr{border:0;border-top:1px solid var(--line);margin:12px 0}
blockquote{margin:6px 0;padding-left:12px;border-left:2px solid var(--line);color:var(--soft)}
nav.tabs{display:flex;flex-wrap:wrap;gap:0 16px;border-bottom:1px solid var(--line);margin:10px 0 12px}
nav.tabs a{padding:5px 0;color:var(--soft);border-bottom:2px solid transparent;margin-bottom:-1px}
nav.tabs a[aria-current]{color:var(--fg);border-color:var(--accent)}
.tag{display:inline-block;border:1px solid var(--line);border-radius:6px;padding:0 6px;margin:0 4px 4px 0;
font-size:12px;color:var(--soft)}
.good{color:var(--good)}.bad{color:var(--bad)}.merged{color:var(--merged)}
table{border-collapse:collapse;width:100%}
td,th{padding:4px 8px 4px 0;text-align:left;border-bottom:1px solid var(--line)}
td,th{vertical-align:top}th{color:var(--soft);font-weight:400;font-size:12.5px}
.list{table-layout:fixed}.list th{width:92px}.list th:first-child{width:auto}.list th.soft{width:28%}
.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums;padding-left:8px;padding-right:0}
pre,code{font:12.5px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
code{background:var(--tint);border-radius:4px;padding:0 3px}
pre{background:var(--tint);border:1px solid var(--line);border-radius:6px;padding:8px 12px;overflow-x:auto;
margin:8px 0;overflow-wrap:normal}
pre code{background:none;padding:0}.diff{padding:8px 0}
.diff span{display:block;padding:0 12px;width:max-content;min-width:100%}
.diff .plus{background:var(--plus)}.diff .minus{background:var(--minus)}.diff .at{color:var(--soft)}
.diff .file{font-weight:600;margin-top:8px}
.two{display:grid;grid-template-columns:minmax(0,1fr) 264px;gap:24px}
.side h2:first-child{margin-top:6px}.said{border:1px solid var(--line);border-radius:6px;margin:10px 0;padding:6px 12px}
.odd{border:1px solid var(--bad);color:var(--bad);border-radius:4px;font-size:10px;padding:0 2px}
.rows{overflow-x:auto}.rows td,.rows th{padding-right:12px}.rows td{min-width:60px;max-width:360px}
.rows img{max-width:96px;max-height:96px}tr.here{background:var(--tint)}
@media(max-width:720px){.two{grid-template-columns:minmax(0,1fr)}.wide{display:none}
.list th{width:80px}header form{max-width:none}}
"""
_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": f"default-src 'none'; style-src 'sha256-{_DIGEST}'; img-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
}
# what turns the direction of text around, or is no character at all
_ODD = re.compile("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TABS = (("Card", ""), ("Files", "/tree/main"), ("Commits", "/commits/main"), ("Community", "/discussions"))
_VIEWER = ("Viewer", "/viewer")  # of datasets alone
# what a person with a browser makes of a refusal
_IN_WORDS = {
    "RepoNotFound": (
        "There is no such repository, or it is private",
        "A browser has no token of this Hub. A client that sends one sees what its owner may see.",
    ),
    "GatedRepo": (
        "These files are for those who asked for access and were let in",
        "A browser has no token of this Hub. Ask for access with a client that sends yours.",
    ),
    "NotBuiltYet": ("This repository is not ready", "Load this page again in a moment."),
}
_BIG = ((10**9, "G"), (10**6, "M"), (10**3, "k"))


def page(
    title: str, body: str, *, status: int = 200, headers: Mapping[str, str] | None = None, search: str = ""
) -> Answer:
    """A whole page; `body` is markup, `title` and `search` are words."""
    return _document(
        title,
        '<div class="bar"><header><a class="home" href="/">Offline Hub</a><a href="/models">Models</a>'
        '<a href="/datasets">Datasets</a><a href="/spaces">Spaces</a><form action="/" role="search">'
        '<input type="search" name="search" placeholder="Search" aria-label="Search this Hub"'
        f' value="{attribute(search)}"></form></header></div><main>{body}</main>',
        status,
        headers or {},
    )


def narrow(title: str, body: str, *, status: int = 200) -> Answer:
    """A page with one thing to do on it, and nothing that leads away."""
    return _document(title, f'<main class="narrow">{body}</main>', status, {})


def _document(title: str, body: str, status: int, headers: Mapping[str, str]) -> Answer:
    return as_text(
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{attribute(title)}</title><style>{_STYLE}</style></head><body>{body}</body></html>",
        status=status,
        kind="text/html",
        headers={**headers, **HEADERS},
    )


def repository(row: sqlite3.Row, tab: str, body: str, *, title: str = "", headers: Any = None) -> Answer:
    """A page about a repository, under its name and its tabs."""
    home = address(row)
    owner, _, name = row["id"].partition("/")
    states = [word for word in ("private", "gated", "disabled") if row[word]]
    tabs = "".join(
        f'<a href="{home}{end}"{" aria-current=page" if words == tab else ""}>{words}</a>'
        for words, end in (*_TABS[:1], *([_VIEWER] if row["type"] == "dataset" else []), *_TABS[1:])
    )
    head = (
        f'<h1><a href="/{row["type"]}s?author={quote(owner)}">{shown(owner)}</a> / '
        f'<a href="{home}">{shown(name)}</a></h1>'
        f'<div class="soft">{row["type"]} · {number(row["likes"])} likes · {number(row["downloads"])} downloads'
        + "".join(f" · <b>{word}</b>" for word in states)
        + f'</div><nav class="tabs" aria-label="Repository">{tabs}</nav>'
    )
    return page(f"{title} · {row['id']}" if title else row["id"], head + body, headers=headers)


def refused(ask: Ask, refusal: Refusal) -> Answer:
    """A refusal: as a page for a browser, and as it ever was for everybody else."""
    found = refusal.answer()
    if (
        isinstance(refusal, Redirect)
        or ask.path.startswith(("/api/", "/datasets-server/"))
        or ask.method not in ("GET", "HEAD")
        or "text/html" not in ask.headers.get("accept", "")
    ):
        return found
    heading, more = _IN_WORDS.get(refusal.code or "", (refusal.message, ""))
    said = f"{refusal.status} · {refusal.message}" if more else str(refusal.status)
    body = (
        f'<h1>{shown(heading)}</h1><p>{more}</p><p class="soft">{shown(said)}</p>'
        '<p><a href="/">To the front page</a></p>'
    )
    kept = {name: value for name, value in found.headers.items() if name not in ("content-type", "etag")}
    return page(heading, body, status=refusal.status, headers=kept)


def shown(text: object) -> str:
    """Words as markup; what would turn text around is named instead of obeyed."""
    return _ODD.sub(lambda odd: f'<span class="odd">U+{ord(odd[0]):04X}</span>', html.escape(str(text)))


def attribute(text: object) -> str:
    """Words inside an attribute or a title, where nothing can be marked."""
    return _ODD.sub("\ufffd", html.escape(str(text)))


def address(row: sqlite3.Row, *parts: str) -> str:
    """A page of a repository; each part after the first is one piece of the address, a last path may hold slashes."""
    found = f"/{FOLDERS[row['type']]}{quote(row['id'])}"
    for place, part in enumerate(parts):
        found += "/" + quote(part, safe="/" if place == 2 else "")
    return found


def number(value: int) -> str:
    """1.2 M, with the exact figure on hover."""
    for size, word in _BIG:
        if value >= size:
            return f'<span title="{value:,}">{value / size:.1f}'.replace(".0", "") + f" {word}</span>"
    return str(value)


def size(value: int) -> str:
    """438 MB, with the exact figure on hover."""
    return number(value).replace(" k<", " kB<").replace(" M<", " MB<").replace(" G<", " GB<") + (
        " B" if value < 1000 else ""
    )


def when(stamp: str) -> str:
    """A day, with the second on hover."""
    return f'<time datetime="{attribute(stamp)}" title="{attribute(stamp)}">{shown(stamp[:10])}</time>'
