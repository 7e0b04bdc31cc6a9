"""What changed: the files first, then keys, columns, tensors and lines. Signs say it, colours repeat it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from hf_nb.render import page, plain, units
from hf_nb.render.grid import Html, grid
from hf_nb.render.history import SHORT, commit, full_id
from hf_nb.values.diff import LETTERS, Change, Diff, FileChange

FILES_SHOWN = 60
KEYS_SHOWN = 15
LINES_SHOWN = 40
ALL_LINES = 160
LONGEST = 300
_COLUMNS = [
    plain.Column("file"),
    plain.Column("what", keep=1),
    plain.Column("changes", keep=2),
    plain.Column("size", right=True),
]


def text(value: Diff | FileChange | Change) -> str:
    """As git would, with what git cannot see."""
    match value:
        case Change():
            return _key(value)
        case FileChange():
            return "\n".join(
                [f"{LETTERS[value.status]} {_path(value)}  {_size(value)}", *_inside_text(value, LINES_SHOWN)]
            )
        case Diff():
            return _text(value)


def html(value: Diff | FileChange | Change) -> str:
    """Folded per file."""
    match value:
        case Change():
            return page.frame(_keys_html((value,)), "diff")
        case FileChange():
            return page.frame(_file_html(value, LINES_SHOWN, opened=True), "diff")
        case Diff():
            return page.frame(diff_html(value), "diff")


def diff_html(diff: Diff, *, named: bool = True) -> str:
    """Without the frame, and without a name where it stands under one."""
    names = f"{page.escape(diff.old_name)} … {page.escape(diff.new_name)}"
    title = f'<span class="name">{page.escape(diff.id)}</span> ' if named else ""
    head = (
        f'<div class="head">{title}<span class="soft">{names} '
        f"({commit(diff.old.id)} → {commit(diff.new.id)})</span></div>"
    )
    if not diff.files:
        return head + page.foot(_nothing(diff))
    rows = [[_name_html(one), one.status, _inside(one), _size(one)] for one in diff.files[:FILES_SHOWN]]
    parts = [head, grid(_COLUMNS, rows)]
    if more := len(diff.files) - FILES_SHOWN:
        parts.append(page.foot(f"{more:,} more files: hf_nb.diff(…).to_pandas()") if more > 0 else "")
    parts += [_fold(title, _keys_html(some), opened=True) for title, some in _sections(diff)]
    left = ALL_LINES
    for one in diff.files:
        if (one.lines or one.keys or one.note) and left > 0:
            parts.append(_file_html(one, min(LINES_SHOWN, left), opened=len(diff.files) == 1))
            left -= min(len(one.lines) + len(one.keys), LINES_SHOWN)
    parts += [page.foot(note) for note in diff.notes]
    parts.append(page.foot(_next(diff)))
    return "".join(parts)


def _text(diff: Diff) -> str:
    head = [
        f"{diff.id}  {diff.old_name}..{diff.new_name}",
        *(f"{one.id[:SHORT]}  {units.day(one.date)}  {one.title}" for one in (diff.old, diff.new)),
    ]
    if not diff.files:
        return "\n".join([*head, "", _nothing(diff)])
    rows = [
        [f"{LETTERS[one.status]} {_path(one)}", one.status, _inside(one), _size(one)]
        for one in diff.files[:FILES_SHOWN]
    ]
    parts = ["\n".join(head), plain.table(_COLUMNS, rows)]
    if len(diff.files) > FILES_SHOWN:
        parts.append(f"{len(diff.files) - FILES_SHOWN:,} more files: hf_nb.diff(…).to_pandas()")
    parts += ["\n".join([title, *_keys_text(some)]) for title, some in _sections(diff)]
    left = ALL_LINES
    for one in diff.files:
        if inside := _inside_text(one, min(LINES_SHOWN, left)):
            parts.append("\n".join([_path(one), *inside]))
            left = max(left - len(inside), 1)
    parts += diff.notes
    return "\n\n".join([*parts, _next(diff)])


def _sections(diff: Diff) -> Iterator[tuple[str, Sequence[Change]]]:
    for title, some in (
        ("Card metadata", diff.metadata),
        ("Dataset schema", diff.schema),
        ("Tensors", diff.tensors),
    ):
        if some:
            yield f"{title} ({len(some):,})", some


def _inside(one: FileChange) -> str:
    if one.keys:
        return f"{len(one.keys):,} keys" if len(one.keys) > 1 else "1 key"
    if one.lines:
        return f"+{one.plus} −{one.minus}"
    return one.note or ("large file" if one.large else "")


def _inside_text(one: FileChange, most: int) -> list[str]:
    if one.keys:
        return _keys_text(one.keys[:most], more=len(one.keys) - most)
    lines = [_cut(line) for line in one.lines[:most]]
    return [*lines, f"… {len(one.lines) - most:,} more lines"] if len(one.lines) > most else lines


def _keys_text(some: Sequence[Change], more: int | None = None) -> list[str]:
    room = plain.width() - 2
    shown = [_cut(f"  {_key(one)}", room) for one in some[:KEYS_SHOWN]]
    rest = max(more or 0, 0) + len(some) - len(shown)
    return [*shown, f"  … {rest:,} more"] if rest else shown


def _keys_html(some: Sequence[Change]) -> str:
    shown = "".join(_line_html(_cut(_key(one)), _sign(one)) for one in some[:KEYS_SHOWN])
    rest = len(some) - KEYS_SHOWN
    return f'<pre class="diff">{shown}</pre>{page.foot(f"… {rest:,} more") if rest > 0 else ""}'


def _file_html(one: FileChange, most: int, *, opened: bool) -> str:
    if one.keys:
        body = _keys_html(one.keys)
    elif one.lines:
        shown = "".join(_line_html(_cut(line), line[:1]) for line in one.lines[:most])
        rest = len(one.lines) - most
        body = f'<pre class="diff">{shown}</pre>{page.foot(f"… {rest:,} more lines") if rest > 0 else ""}'
    else:
        body = page.foot(one.note or _size(one))
    return _fold(f"{_path(one)}: {_inside(one)}", body, opened=opened)


def _line_html(line: str, sign: str) -> str:
    kind = {"+": "plus", "-": "minus", "@": "soft"}.get(sign, "")
    # every line is a block of its own, so that its colour reaches the edge
    return f'<span class="row {kind}">{page.escape(line) or " "}</span>'


def _fold(title: str, body: str, *, opened: bool) -> str:
    return f"<details{' open' if opened else ''}><summary>{page.escape(title)}</summary>{body}</details>"


def _sign(one: Change) -> str:
    if one.old is None:
        return "+"
    return "-" if one.new is None else "~"


def _key(one: Change) -> str:
    match _sign(one):
        case "+":
            return f"+ {one.name}: {_value(one.new)}"
        case "-":
            return f"- {one.name}: {_value(one.old)}"
        case _:
            return f"~ {one.name}: {_value(one.old)} → {_value(one.new)}"


def _value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _name_html(one: FileChange) -> Html:
    kind = {"added": "plus", "removed": "minus"}.get(one.status, "")
    return Html(f'<code class="{kind}">{LETTERS[one.status]}</code> <code>{page.escape(_path(one))}</code>')


def _path(one: FileChange) -> str:
    return f"{one.old_path} → {one.path}" if one.old_path else one.path


def _size(one: FileChange) -> str:
    if one.old_size is None or one.new_size is None or one.old_size == one.new_size:
        return units.size(one.new_size if one.new_size is not None else one.old_size)
    return f"{units.size(one.old_size)} → {units.size(one.new_size)}"


def _cut(line: str, most: int = LONGEST) -> str:
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _nothing(diff: Diff) -> str:
    return f"No file differs between {diff.old_name} and {diff.new_name}."


def _next(diff: Diff) -> str:
    counts = [f"{sum(one.status == status for one in diff.files)} {status}" for status in LETTERS]
    some = ", ".join(word for word in counts if not word.startswith("0 "))
    return f"{some}. Commits: %hf log {full_id(diff.kind, diff.id)} {diff.new_name}"
