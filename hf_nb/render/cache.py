"""The local cache as a table; what a trim took out of it."""

from dataclasses import dataclass

from hf_nb.render import page, plain, units
from hf_nb.values import CachedRevision, CacheStatus, Trimmed

SHOWN = 30


@dataclass(frozen=True)
class _Cells:
    """One row as it is shown."""

    id: str
    revision: str
    size: str
    files: str
    used: str
    state: str
    note: str


COLUMNS = (
    plain.Column("repository"),
    plain.Column("revision", keep=3),
    plain.Column("size", right=True),
    plain.Column("files", right=True, keep=4),
    plain.Column("last used", right=True, keep=2),
    plain.Column("state", keep=1),
)


def text(value: CacheStatus | Trimmed) -> str:
    """The sum first, then a row per revision."""
    lines = [_head(value)]
    if value.revisions:
        rows = [_cells(row) for row in value.revisions[:SHOWN]]
        table = plain.table(
            COLUMNS, [[one.id, one.revision, one.size, one.files, one.used, one.state] for one in rows]
        )
        lines += ["", table]
    return "\n".join([*lines, *_foot(value)])


def html(value: CacheStatus | Trimmed) -> str:
    """The same, with exact sizes on hover."""
    head = "".join(f'<th scope="col"{_class(one)}>{one.heading}</th>' for one in COLUMNS)
    body = "".join(_row(row) for row in value.revisions[:SHOWN])
    table = (
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
        if body
        else ""
    )
    foot = "".join(page.foot(line) for line in _foot(value))
    return page.frame(f'<div class="head"><span>{page.escape(_head(value))}</span></div>{table}{foot}')


def _head(value: CacheStatus | Trimmed) -> str:
    if isinstance(value, Trimmed):
        return _trimmed(value)
    if not value.revisions:
        return f"The cache is empty ({value.folder})."
    repos = len({row.id for row in value.revisions})
    whose = f" of {value.of}" if value.of else ""
    count = "" if value.of else f": {_counted(repos, 'repository', 'repositories')}"
    said = f"{units.size(value.size)}{whose} in the cache{count}"
    if value.budget:
        said += f", budget {units.size(value.budget)}"
    if value.free is not None:
        said += f"; {units.size(value.free)} free on its disk"
    if value.verified is not None:
        damaged = sum(row.state == "damaged" for row in value.revisions)
        checked = _counted(value.verified, "file", "files")
        said += f". Checked {checked}: " + (f"{damaged} damaged" if damaged else "all whole")
    return f"{said}."


def _trimmed(value: Trimmed) -> str:
    freed, size = units.size(value.freed), units.size(value.size)
    count = _counted(len(value.revisions), "revision", "revisions")
    if not value.revisions:
        inside = f"The cache is {size}, inside {units.size(value.budget)}: nothing to remove."
        return inside if value.enough else f"The cache is {size}, and nothing of it may go."
    if value.dry_run:
        return f"{count} would go, {freed}; {size} would be left. Nothing was removed."
    return f"{count} removed, {freed}; {size} left."


def _foot(value: CacheStatus | Trimmed) -> list[str]:
    lines = [f"{one.id}: {one.note}" for one in map(_cells, value.revisions) if one.note]
    if len(value.revisions) > SHOWN:
        lines.append(f"{len(value.revisions) - SHOWN} more: --json lists them all")
    if isinstance(value, CacheStatus):
        return lines
    if value.kept:
        reasons = ", ".join(f"{row.id} ({row.note or row.state})" for row in value.kept[:5])
        more = f" and {len(value.kept) - 5} more" if len(value.kept) > 5 else ""
        lines.append(f"Kept: {reasons}{more}.")
    return lines


def _cells(row: CachedRevision) -> _Cells:
    revision = ", ".join(row.refs[:2]) + (f" ({row.commit[:7]})" if row.refs else row.commit[:7])
    marks = [row.state, *(["pinned"] if row.pinned else []), *(["in use"] if row.in_use else [])]
    files = f"{row.files:,}" if row.files else units.NONE
    return _Cells(
        row.id,
        revision or units.NONE,
        units.size(row.size),
        files,
        units.day(row.used),
        ", ".join(marks),
        row.note if row.state == "damaged" else "",
    )


def _row(row: CachedRevision) -> str:
    cells = _cells(row)
    return (
        f'<tr><td class="wide"><code>{page.escape(cells.id)}</code></td>'
        f'<td title="{page.escape(row.commit)}">{page.escape(cells.revision)}</td>'
        f'<td class="num" title="{row.size:,} bytes">{cells.size}</td><td class="num">{cells.files}</td>'
        f'<td class="num" title="{page.escape(row.used or "")}">{cells.used}</td>'
        f"<td>{page.escape(cells.state)}</td></tr>"
    )


def _class(column: plain.Column) -> str:
    return ' class="num"' if column.right else ""


def _counted(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"
