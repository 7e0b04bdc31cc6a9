"""Whatever is sent to the social routes: it is refused, never an error of the Hub's own."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from hf_nb.offline.server.routes import access, attachments, collections, discussions, large, likes, oauth
from hf_nb.offline.server.table import ROUTES

pytestmark = pytest.mark.slow

OURS = {module.__name__ for module in (access, attachments, collections, discussions, large, likes, oauth)}
WRITES = sorted(
    (method, pattern)
    for method in ("POST", "PUT", "PATCH")  # a deletion has no body
    for pattern, handler in ROUTES[method].items()
    if handler.__module__ in OURS
)
FORM = "application/x-www-form-urlencoded"
NAMES = {"types": "models", "folder*": "", "ns": "demo", "name": "tiny", "num": "1"}
JUNK: tuple[Any, ...] = (
    None,
    [],
    "text",
    7,
    {},
    [{}],
    {"title": 7, "comment": {}, "status": [], "item": "x", "private": "yes", "user": {}, "deletions": []},
    {"title": "\0", "comment": "\ud800", "content": "\0", "user": "\0", "name": "\0", "namespace": "\0"},
    {"title": "x" * 10**5, "comment": "x" * 10**5, "requests": [7], "files": [7], "target": {"type": {}}},
    {"position": -1, "theme": {}, "note": 1, "pinned": 1, "pullRequest": "1", "deletions": {"sha": [{}]}},
    {"item": {"type": "model", "id": "\ud800"}, "requests": [{"user": "\ud800", "status": "accepted"}]},
)


def address(pattern: str, slug: str) -> str:
    names = {**NAMES, "slug": slug}
    if pattern.startswith("/api/collections/"):
        pattern = pattern.replace("{ns}/{slug}", slug)
    return re.sub(r"\{([^}]+)\}", lambda found: names.get(found[1], "f" * 24), pattern)


@pytest.mark.parametrize(("method", "pattern"), WRITES)
def test_junk_is_refused(mine, raw_mine, bearer, method, pattern):
    slug = raw_mine.get("/api/collections?owner=demo").json()[0]["slug"]
    where = address(pattern, slug)
    for junk in JUNK:
        for kind in ("application/json", "image/png" if where == "/uploads" else FORM):
            headers = {"content-type": kind, **bearer["teacher"]}
            answer = raw_mine.request(method, where, content=json.dumps(junk), headers=headers)
            assert answer.status_code < 500, (method, where, junk, answer.text)
    assert raw_mine.request(method, where, content=b"\xff\xfe{", headers=bearer["teacher"]).status_code < 500
