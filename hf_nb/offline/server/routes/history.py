"""Branches, tags, commits, and what differs between two of them."""

import difflib
import html
import itertools
from typing import Any

from hf_nb.offline import history as past
from hf_nb.offline import trees
from hf_nb.offline.server import refusals
from hf_nb.offline.server.answers import Answer, as_json, as_text
from hf_nb.offline.server.ask import Ask

_LONGEST_DIFF = 1 << 20


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
    return as_text("".join(_diff(ask, ends[0], ends[1])))


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


def _diff(ask: Ask, first: past.Commit, second: past.Commit) -> list[str]:
    before, after = trees.files(ask.sql, first.tree), trees.files(ask.sql, second.tree)
    lines: list[str] = []
    for path, kind in past.changed(before, after):
        old, new = before.get(path), after.get(path)
        lines.append(f"diff --git a/{path} b/{path}\n")
        if kind != "M":
            lines.append(f"{'new' if kind == 'A' else 'deleted'} file mode 100644\n")
        lines.append(
            f"index {(old or '0' * 40)[:7]}..{(new or '0' * 40)[:7]}{' 100644' if kind == 'M' else ''}\n"
        )
        texts = [_text(ask, oid) for oid in (old, new)]
        if None in texts:
            lines.append(f"Binary files a/{path} and b/{path} differ\n")
            continue
        ends = (f"a/{path}" if old else "/dev/null", f"b/{path}" if new else "/dev/null")
        changes = difflib.unified_diff(texts[0] or [], texts[1] or [], *ends)
        lines += itertools.chain.from_iterable(_whole(line) for line in changes)
    return lines


def _text(ask: Ask, oid: str | None) -> list[str] | None:
    """What git itself keeps (for LFS the pointer), in lines; None for what is not text."""
    if oid is None:
        return []
    path = ask.site.store.blobs.path("sha1", oid)
    content = path.read_bytes() if path.stat().st_size <= _LONGEST_DIFF else b"\0"
    try:
        return None if b"\0" in content else content.decode().splitlines(keepends=True)
    except UnicodeDecodeError:
        return None


def _whole(line: str) -> list[str]:
    return [line] if line.endswith("\n") else [line + "\n", "\\ No newline at end of file\n"]
