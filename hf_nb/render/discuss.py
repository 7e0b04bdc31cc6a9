"""Discussions, and one thread."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from hf_nb.render import diff as changes
from hf_nb.render import markdown, page, plain, units
from hf_nb.render.grid import grid
from hf_nb.render.history import SHORT, commit, full_id, noted
from hf_nb.values.discuss import Discussion, Discussions, Event, Thread

_COLUMNS = [
    plain.Column("#", right=True),
    plain.Column("title"),
    plain.Column("kind", keep=3),
    plain.Column("status", keep=1),
    plain.Column("by", keep=2),
    plain.Column("opened", keep=4),
    plain.Column("comments", right=True, keep=5),
]
LEAST_TITLE = 24
EVENTS_SHOWN = 60


def text(value: Discussions | Discussion | Thread) -> str:
    """A table, or what was said one after the other."""
    match value:
        case Discussion():
            return plain.table(_COLUMNS, [_row(value)])
        case Discussions():
            if not value.rows:
                return _none(value)
            note = f"\n{value.note}" if value.note else ""
            return f"{_table(value)}\n\n{_next_of_list(value)}{note}"
        case Thread():
            return _thread_text(value)


def html(value: Discussions | Discussion | Thread) -> str:
    """The same; Markdown is shown as such, cleaned of everything that acts."""
    match value:
        case Discussion():
            return page.frame(grid(_COLUMNS, [_cells(value)], wide=1))
        case Discussions():
            if not value.rows:
                return page.frame(page.foot(_none(value)))
            return page.frame(
                grid(_COLUMNS, [_cells(one) for one in value], wide=1)
                + noted(value.note)
                + page.foot(_next_of_list(value))
            )
        case Thread():
            return page.frame(_thread_html(value), "card", "diff", "discuss")


def _table(found: Discussions) -> str:
    """Titles take the room that the other columns leave."""
    rows = [_row(one) for one in found]
    widths = [
        max(len(column.heading), *(plain.measure(row[i]) for row in rows))
        for i, column in enumerate(_COLUMNS)
    ]
    room = max(plain.width() - sum(widths) + widths[1] - len(plain.GAP) * len(widths), LEAST_TITLE)
    for row in rows:
        row[1] = row[1] if len(row[1]) <= room else f"{row[1][: room - 1]}…"
    return plain.table(_COLUMNS, rows)


def _row(one: Discussion) -> list[str]:
    return [
        str(one.num),
        one.title,
        _kind(one.pull_request),
        one.status,
        one.author,
        units.day(one.created),
        units.NONE if one.comments is None else str(one.comments),
    ]


def _cells(one: Discussion) -> list[str]:
    return _row(one)


def _kind(pull_request: bool) -> str:  # noqa: FBT001 -- one word for one fact
    return "pull request" if pull_request else "discussion"


def _none(found: Discussions) -> str:
    full = full_id(found.kind, found.id)
    which = "" if found.status == "all" else f"{found.status} "
    other = "" if found.status == "all" else f", or see all: %hf discuss {full} --status all"
    return f'{found.id} has no {which}discussions. Begin one: %%hf discuss {full} --title "…"{other}'


def _next_of_list(found: Discussions) -> str:
    full = full_id(found.kind, found.id)
    more = f"The first {len(found)}; there are more: --limit {len(found) * 2}. " if found.more else ""
    return f"{more}To read one: %hf discuss {full} {found[0].num}"


def _thread_text(thread: Thread) -> str:
    parts = [f"#{thread.num} {thread.title}\n{_about(thread)}"] if thread.title else []
    parts += [_event_text(one) for one in thread.events[:EVENTS_SHOWN]]
    parts += _rest(thread)
    if thread.diff:
        parts.append(f"What it changes\n\n{changes.text(thread.diff)}")
    if thread.note:
        parts.append(thread.note)
    return "\n\n".join([*parts, _next_of_thread(thread)])


def _thread_html(thread: Thread) -> str:
    head = (
        f'<div class="head"><span class="name">#{thread.num} {page.escape(thread.title)}</span> '
        f'<span class="soft">{page.escape(_about(thread))}</span></div>'
    )
    parts = [head, *(_event_html(one) for one in thread.events[:EVENTS_SHOWN])]
    parts += [page.foot(line) for line in _rest(thread)]
    if thread.diff:
        inside = changes.diff_html(thread.diff, named=False)
        count = len(thread.diff.files)
        title = f"What it changes ({count} file{'s' * (count != 1)})"
        parts.append(f"<details open><summary>{title}</summary>{inside}</details>")
    if thread.note:
        parts.append(page.foot(thread.note))
    return "".join([*parts, *map(page.foot, _next_of_thread(thread).splitlines())])


def _about(thread: Thread) -> str:
    into = f" into {thread.target}" if thread.pull_request and thread.target else ""
    words = [
        f"{_kind(thread.pull_request)}{into}",
        thread.status,
        f"by {thread.author}",
        units.day(thread.created),
    ]
    if thread.conflicts:
        words.append(f"conflicts in {', '.join(thread.conflicts[:5])}")
    return " · ".join(words)


def _event_text(one: Event) -> str:
    head = f"{one.author} · {units.day(one.when)}{' · edited' if one.edited else ''}"
    if one.sort != "comment":
        return f"— {head}: {_happened(one)}"
    body = "(hidden)" if one.hidden else "\n".join(_wrapped(one.text))
    return f"{head}\n{body}"


def _wrapped(said: str) -> list[str]:
    """As wide as the screen; what is indented or fenced stays as it is."""
    lines: list[str] = []
    fenced = False
    for line in said.splitlines():
        fenced ^= line.lstrip().startswith("```")
        plain_line = fenced or line.startswith(("    ", "|", "```"))
        lines += [line] if plain_line else textwrap.wrap(line, plain.width()) or [""]
    return lines


def _event_html(one: Event) -> str:
    head = f"<b>{page.escape(one.author)}</b> <span class='soft'>{page.escape(units.day(one.when))}"
    head += f"{' · edited' if one.edited else ''}</span>"
    if one.sort != "comment":
        sign = f" {commit(one.commit)}" if one.commit else ""
        return f'<div class="said soft">{head} {page.escape(_happened(one, commit=False))}{sign}</div>'
    body = '<p class="soft">(hidden)</p>' if one.hidden else markdown.rendered(one.text)
    return f'<div class="said"><div>{head}</div>{body}</div>'


def _happened(one: Event, *, commit: bool = True) -> str:
    match one.sort:
        case "status":
            return f"changed the status to {one.text}"
        case "commit":
            short = f" ({(one.commit or '')[:SHORT]})" if commit else ""
            return f"committed {one.text!r}{short}"
        case "title":
            return f"changed the title: {one.text}"
        case _:
            return one.text


def _rest(thread: Thread) -> Sequence[str]:
    rest = len(thread.events) - EVENTS_SHOWN
    return [f"{rest} more events: {thread.url}"] if rest > 0 else []


def _next_of_thread(thread: Thread) -> str:
    full = full_id(thread.kind, thread.id)
    say = f"To answer: %%hf discuss {full} {thread.num}"
    if thread.pull_request and thread.status in ("open", "draft"):
        return f"{say}\nTo merge: %hf discussions merge {thread.id} {thread.num} --type {thread.kind}"
    return say
