"""Who may enter a gated repository; and what became of a repository."""

from __future__ import annotations

from urllib.parse import urlsplit

from hf_nb.plumbing.settings import LOOPBACK
from hf_nb.render import page, plain, units
from hf_nb.render.grid import grid
from hf_nb.render.history import full_id
from hf_nb.values.access import AccessRequest, AccessRequests, Asked
from hf_nb.values.repositories import Repository

_COLUMNS = [
    plain.Column("user"),
    plain.Column("status"),
    plain.Column("asked", keep=1),
    plain.Column("name", keep=2),
    plain.Column("e-mail", keep=3),
    plain.Column("answers", keep=4),
]


def text(value: AccessRequests | AccessRequest | Asked | Repository) -> str:
    """A table, then what to do next."""
    match value:
        case AccessRequests():
            table = plain.table(_COLUMNS, [_row(one) for one in value]) if value.requests else ""
            return "\n\n".join(part for part in (value.done, table, _next(value)) if part)
        case AccessRequest():
            return plain.table(_COLUMNS, [_row(value)])
        case _:
            return _line(value)


def html(value: AccessRequests | AccessRequest | Asked | Repository) -> str:
    """The same."""
    match value:
        case AccessRequests():
            done = f"<div>{page.escape(value.done)}</div>" if value.done else ""
            table = grid(_COLUMNS, [_row(one) for one in value], wide=5) if value.requests else ""
            return page.frame(done + table + page.foot(_next(value)))
        case AccessRequest():
            return page.frame(grid(_COLUMNS, [_row(value)], wide=5))
        case _:
            return page.frame(f"<div>{page.escape(_line(value))}</div>")


def _row(one: AccessRequest) -> list[str]:
    answers = "; ".join(f"{name}: {answer}" for name, answer in one.fields.items())
    return [
        one.user,
        one.status,
        units.day(one.when),
        one.fullname or units.NONE,
        one.email or units.NONE,
        answers or units.NONE,
    ]


def _next(found: AccessRequests) -> str:
    full = full_id(found.kind, found.id)
    pending = next((one.user for one in found if one.status == "pending"), None)
    if pending:
        return f"To let somebody in: %hf access {full} --accept {pending}"
    if not found.requests:
        return f"Nobody has asked for access to {found.id}. To let somebody in anyway: %hf access {full} --grant USER"
    return f"Nobody is waiting. To let somebody in: %hf access {full} --grant USER"


def _line(value: Asked | Repository) -> str:
    if isinstance(value, Repository):
        return f"{full_id(value.kind, value.id)} {value.done}{_link(value.url)}"
    words = {
        "accepted": "You may use it now",
        "pending": "The owners decide",
        "rejected": "The owners have turned the request down",
    }
    said = words.get(value.status, value.status)
    return f"{said}: {full_id(value.kind, value.id)} ({value.status}){_link(value.url)}"


def _link(url: str) -> str:
    """An address that changes from run to run, as the offline Hub's, is not worth showing."""
    return "" if urlsplit(url).hostname in LOOPBACK else f"\n{url}"
