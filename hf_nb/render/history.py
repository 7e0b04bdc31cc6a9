"""Branches, tags and commits."""

from __future__ import annotations

from datetime import datetime

from hf_nb.render import page, plain, units
from hf_nb.render.grid import Html, grid
from hf_nb.values.history import Commit, Log, Ref, Refs

SHORT = 8
_REFS = [plain.Column("name"), plain.Column("is a", keep=1), plain.Column("commit", keep=2)]
_COMMITS = [
    plain.Column("commit"),
    plain.Column("date"),
    plain.Column("by", keep=2),
    plain.Column("title", keep=1),
]


def text(value: Refs | Ref | Log | Commit) -> str:
    """A table, then what to do next."""
    match value:
        case Ref():
            return f"{value.ref}  {value.sort}  {value.commit}"
        case Commit():
            said = f"\n\n{value.message}" if value.message else ""
            return f"{value.id}  {day(value.date)}  {', '.join(value.authors)}\n{value.title}{said}"
        case Refs():
            table = plain.table(_REFS, [[one.ref, one.sort, one.commit[:SHORT]] for one in value])
            return _with(value.note, f"{table}\n\n{_next_of_refs(value)}" if value.refs else _no_refs(value))
        case Log():
            return _with(value.note, f"{_commits(value)}\n\n{_next_of_log(value)}")


def html(value: Refs | Ref | Log | Commit) -> str:
    """The same, with whole ids on hover."""
    match value:
        case Ref() | Commit():
            return page.frame(f"<pre>{page.escape(text(value))}</pre>")
        case Refs():
            if not value.refs:
                return page.frame(page.foot(_no_refs(value)))
            refs: list[list[str]] = [[code(one.ref), one.sort, commit(one.commit)] for one in value]
            return page.frame(grid(_REFS, refs) + noted(value.note) + page.foot(_next_of_refs(value)))
        case Log():
            rows = [[commit(one.id), _hover(day(one.date), one.date), _by(one), _title(one)] for one in value]
            return page.frame(
                grid(_COMMITS, rows, wide=3) + noted(value.note) + page.foot(_next_of_log(value))
            )


def noted(note: str | None) -> str:
    """That an answer came from a copy, where it did."""
    return page.foot(note) if note else ""


def _with(note: str | None, shown: str) -> str:
    return f"{shown}\n{note}" if note else shown


def commit(full: str) -> Html:
    """A commit's id, short, the whole of it on hover."""
    return Html(f'<code title="{page.escape(full)}">{page.escape(full[:SHORT])}</code>')


def code(text: str) -> Html:
    """Something that can be typed."""
    return Html(f"<code>{page.escape(text)}</code>")


def day(when: datetime | None) -> str:
    """The day; the minute is on hover."""
    return units.day(when)


def full_id(kind: str, repo_id: str) -> str:
    """As a command takes it."""
    return repo_id if kind == "model" else f"{kind}s/{repo_id}"


def _commits(log: Log) -> str:
    """Titles take the room that is left."""
    rows = [[one.id[:SHORT], day(one.date), _by(one), one.title] for one in log]
    taken = SHORT + 10 + max((plain.measure(row[2]) for row in rows), default=2) + 3 * len(plain.GAP)
    room = max(plain.width() - taken, 20)
    short = [[*row[:3], row[3] if len(row[3]) <= room else f"{row[3][: room - 1]}…"] for row in rows]
    return plain.table(_COMMITS, short)


def _hover(shown: str, exact: object) -> Html:
    return Html(f'<span title="{page.escape(exact)}">{page.escape(shown)}</span>')


def _by(one: Commit) -> str:
    return ", ".join(one.authors) or units.NONE


def _title(one: Commit) -> Html:
    more = f'<div class="soft">{page.escape(one.message)}</div>' if one.message.strip() else ""
    return Html(page.escape(one.title) + more)


def _next_of_refs(refs: Refs) -> str:
    full = full_id(refs.kind, refs.id)
    tag = next((one.ref for one in refs if one.sort == "tag"), None)
    pull = next((one.ref for one in refs if one.sort == "pull request"), None)
    other = f"{tag}..main" if tag else f"main..{pull}" if pull else "main~1..main"
    return f"What changed: %hf diff {full} {other}"


def _no_refs(refs: Refs) -> str:
    return f"{refs.id} has no commits yet. Fill it: %hf push {full_id(refs.kind, refs.id)} FOLDER"


def _next_of_log(log: Log) -> str:
    full = full_id(log.kind, log.id)
    if log.older:
        return f"{len(log)} commits of {log.revision}; older ones: %hf log {full} {log.older[:12]}"
    many = f"{len(log)} commits" if len(log) != 1 else "One commit"
    first = f". The last one: %hf diff {full}" if len(log) > 1 and log.revision == "main" else ""
    return f"{many}, all of {log.revision}{first}"
