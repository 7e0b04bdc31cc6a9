"""A lock file, and what a check of it found."""

from __future__ import annotations

from hf_nb.render import page, plain, units
from hf_nb.render.grid import Html, grid
from hf_nb.render.history import SHORT, code, commit, full_id
from hf_nb.values.lock import CheckedRepo, Finding, Lock, LockCheck, LockedRepo

_LOCKED = [
    plain.Column("locked"),
    plain.Column("at"),
    plain.Column("asked for as", keep=2),
    plain.Column("licence", keep=1),
    plain.Column("files", right=True, keep=3),
    plain.Column("size", right=True, keep=4),
]
_CHECKED = [
    plain.Column("checked"),
    plain.Column("at", keep=2),
    plain.Column("files", right=True, keep=3),
    plain.Column("cached", right=True, keep=1),
    plain.Column("found"),
]
SHOWN = 100


def text(value: Lock | LockCheck) -> str:
    """A table, what changed or was found, what to do next."""
    if isinstance(value, Lock):
        table = plain.table(_LOCKED, [_locked(one) for one in value])
        return "\n\n".join(part for part in (table, "\n".join(_changed(value)), _next(value)) if part)
    table = plain.table(_CHECKED, [_checked(one) for one in value.repos])
    found = "\n".join(_finding(one) for one in value.findings[:SHOWN])
    return "\n\n".join(part for part in (table, found, _verdict(value)) if part)


def html(value: Lock | LockCheck) -> str:
    """The same."""
    if isinstance(value, Lock):
        rows = [[code(full_id(one.kind, one.id)), commit(one.revision), *_locked(one)[2:]] for one in value]
        changed = "".join(f"<div>{page.escape(line)}</div>" for line in _changed(value)[:SHOWN])
        changed = f'<div class="found">{changed}</div>' if changed else ""
        return page.frame(grid(_LOCKED, rows) + changed + page.foot(_next(value)), "lock")
    checked = [
        [code(full_id(one.kind, one.id)), commit(one.revision), *_checked(one)[2:]] for one in value.repos
    ]
    found = "".join(_finding_html(one) for one in value.findings[:SHOWN])
    found = f'<div class="found">{found}</div>' if found else ""
    return page.frame(grid(_CHECKED, checked) + found + page.foot(_verdict(value)), "lock")


def _changed(lock: Lock) -> tuple[str, ...]:
    """A first lock is new throughout, as its table shows."""
    return () if all(": new, at " in line for line in lock.changes) else lock.changes


def _locked(one: LockedRepo) -> list[str]:
    return [
        full_id(one.kind, one.id),
        one.revision[:SHORT],
        ", ".join(one.asked) or units.NONE,
        one.licence or "none stated",
        f"{one.files:,}",
        units.size(one.bytes),
    ]


def _checked(one: CheckedRepo) -> list[str]:
    failures = sum(finding.level == "failure" for finding in one.findings)
    others = len(one.findings) - failures
    words = [f"{failures} failed" if failures else "", f"{others} to know" if others else ""]
    return [
        full_id(one.kind, one.id),
        one.revision[:SHORT],
        f"{one.files:,}",
        f"{one.cached:,}",
        ", ".join(filter(None, words)) or "all well",
    ]


def _finding(one: Finding) -> str:
    mark = "FAILED" if one.level == "failure" else "to know"
    return f"{mark}  {full_id(one.kind, one.id)}{f' {one.path}' if one.path else ''}: {one.what}"


def _finding_html(one: Finding) -> Html:
    kind = "failed" if one.level == "failure" else "soft"
    return Html(f'<div class="{kind}">{page.escape(_finding(one))}</div>')


def _next(lock: Lock) -> str:
    many = f"{len(lock)} repositor{'y' if len(lock) == 1 else 'ies'}"
    done = f"Written: {lock.path}" if lock.written else f"{lock.path} holds"
    strict = ", and nothing else" if lock.strict else ""
    return f"{done}, {many}{strict}. It is held to from now on. To see whether it still holds: %hf lock check --online"


def _verdict(check: LockCheck) -> str:
    names = ", ".join(check.paths)
    if not check.ok:
        return f"{names} does not hold. To accept what is there now: %hf lock --update"
    if check.findings:
        return f"{names} holds. To move on: %hf lock --update"
    if not check.online:
        return f"{names} holds on this machine. To ask the Hub, too: %hf lock check --online"
    return f"{names} holds, and the Hub has nothing newer."
