"""A login under way, who one is, and tokens by their names."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from urllib.parse import urlsplit

from hf_nb.plumbing.settings import LOOPBACK
from hf_nb.render import page, plain
from hf_nb.values.login import LoggedOut, Panel, Token, Tokens, Who

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
# Only this output needs it, so it does not travel with the others.
_STYLE = (
    "<style>.hfnb.hfnb .login{display:grid;gap:8px;justify-items:start;width:max-content;max-width:100%;"
    "min-width:min(100%,300px);padding:12px 16px;border:1px solid var(--hfnb-line);border-radius:6px}"
    ".hfnb.hfnb .code{font:600 22px/1.2 var(--hfnb-mono);letter-spacing:.12em;user-select:all}"
    ".hfnb.hfnb a.open{padding:4px 12px;border:1px solid currentColor;border-radius:6px;color:var(--hfnb-accent);"
    "text-decoration:none;font-weight:500}.hfnb.hfnb a.open:hover{background:var(--hfnb-fill)}"
    ".hfnb.hfnb a.open:focus-visible{outline:2px solid var(--hfnb-accent);outline-offset:2px}</style>"
)
_ROLES = {
    "read": "may read",
    "write": "may read and write",
    "fineGrained": "may do what it was given",
    "oauth": "may do what was allowed in the browser",
    "admin": "may do everything",
}
# Said when it is over; the page and the code are of no use then.
_ENDS = {
    "allowed": "The code was entered.",
    "denied": "The login was denied on the Hub's page. Nothing was stored.",
    "expired": "Nobody entered the code in time. Nothing was stored.",
    "stopped": "Stopped. Nothing was stored.",
    "failed": "The login failed. Nothing was stored.",
}


def text(value: Panel | Who | Tokens | Token | LoggedOut) -> str:
    """Each its own lines."""
    match value:
        case Panel():
            return _panel_text(value)
        case Who():
            lines = [f"{label:<8}{said}" for label, said in _facts(value)]
            return "\n".join([_head(value), *lines, *([value.note] if value.note else [])])
        case Tokens():
            return _tokens_text(value)
        case Token():
            return _tokens_text(Tokens((value,)))
        case LoggedOut():
            return "\n".join(_logged_out(value))


def html(value: Panel | Who | Tokens | Token | LoggedOut) -> str:
    """The same, where there is room for a link and a table."""
    match value:
        case Panel():
            return page.frame(_panel_html(value))
        case Who():
            return page.frame(_who_html(value))
        case Tokens():
            return page.frame(_tokens_html(value))
        case Token():
            return page.frame(_tokens_html(Tokens((value,))))
        case LoggedOut():
            first, *rest = _logged_out(value)
            return page.frame(f"<div>{page.escape(first)}</div>" + "".join(map(page.foot, rest)))


def left(seconds: float) -> str:
    """`14 min left`, `40 s left`: in steps, so that a reader is not nagged."""
    if seconds > _MINUTE:
        return f"{math.ceil(seconds / _MINUTE)} min left"
    return f"{max(10, math.ceil(seconds / 10) * 10)} s left"


def ends(expires: datetime | None, *, renewed: bool = False) -> str:
    """When a token ends, in a few words."""
    if expires is None:
        return ""
    seconds = (expires - datetime.now(UTC)).total_seconds()
    if renewed:
        return "renewed by itself"
    if seconds <= 0:
        return "expired"
    if seconds < 1.5 * _HOUR:
        return f"expires in {math.ceil(seconds / _MINUTE)} min"
    if seconds < 2 * _DAY:
        return f"expires in {seconds / _HOUR:.0f} h"
    return f"expires {expires:%Y-%m-%d}"


def _hub(address: str) -> str:
    return "the offline Hub" if urlsplit(address).hostname in LOOPBACK else urlsplit(address).netloc


def _state(panel: Panel) -> str:
    waiting = {
        "waiting": f"Waiting for you · {left(panel.left)}",
        "silent": f"The Hub does not answer; still trying · {left(panel.left)}",
    }
    return waiting.get(panel.state) or _ENDS[panel.state]


def _panel_text(panel: Panel) -> str:
    if panel.state in _ENDS:
        return _state(panel)
    return "\n".join(
        [
            f"Log in to {_hub(panel.page)} with a browser",
            f"  open    {panel.link}",
            f"  enter   {panel.code}",
            _state(panel),
        ]
    )


def _panel_html(panel: Panel) -> str:
    if panel.state in _ENDS:
        return f'<div class="soft" role="status">{page.escape(_state(panel))}</div>'
    hub, code = page.escape(_hub(panel.page)), page.escape(plain.clean(panel.code))
    opening = (
        f'<a class="open" href="{page.escape(panel.link)}" target="_blank" rel="noopener noreferrer">'
        f"Open the page of {hub}</a>"
    )
    return (
        f'{_STYLE}<div class="login"><div class="name">Log in to {hub}</div>'
        f'<div class="soft">Open the page, and allow this code there:</div>'
        f'<div class="code" aria-label="code">{code}</div>{opening}'
        f'<div class="soft" role="status" aria-live="polite">{page.escape(_state(panel))}</div></div>'
    )


def _head(who: Who) -> str:
    return f"{who.name} ({who.fullname})" if who.fullname and who.fullname != who.name else who.name


def _facts(who: Who) -> list[tuple[str, str]]:
    of_token = [who.token, _may(who.role), ends(who.expires, renewed=who.renewed)]
    source = "" if who.source in ("stored", who.token) else f"from {who.source}"
    scopes = ", ".join(who.scopes[:6]) + (f", {len(who.scopes) - 6} more" if len(who.scopes) > 6 else "")
    orgs = ", ".join(f"{one.name} ({one.role})" if one.role else one.name for one in who.orgs)
    found = [
        ("token", " · ".join(part for part in (*of_token, source) if part)),
        ("may", scopes),
        ("orgs", orgs),
        ("hub", _hub(who.hub)),
    ]
    return [(label, said) for label, said in found if said]


def _may(role: str | None) -> str:
    return _ROLES.get(role, role) if role else ""


def _who_html(who: Who) -> str:
    named = f'<span class="name">{page.escape(who.name)}</span>'
    full = (
        f'<span class="soft">{page.escape(who.fullname)}</span>'
        if who.fullname and who.fullname != who.name
        else ""
    )
    facts = "".join(
        f"<div>{page.escape(label.capitalize())}</div><div>{page.escape(said)}</div>"
        for label, said in _facts(who)
    )
    note = page.foot(who.note) if who.note else ""
    return f'<div class="head">{named}{full}</div><div class="line">{facts}</div>{note}'


def _rows(tokens: Tokens) -> list[list[str]]:
    return [
        [
            one.name,
            "in use" if one.active else "",
            _may(one.role),
            one.source,
            ends(one.expires, renewed=one.renewed),
        ]
        for one in tokens
    ]


def _tokens_text(tokens: Tokens) -> str:
    if not len(tokens):
        return "No token is stored, and none is set. Log in: %hf login"
    columns = [
        plain.Column("token"),
        plain.Column("state", keep=1),
        plain.Column("may", keep=3),
        plain.Column("from", keep=2),
        plain.Column("ends", keep=4),
    ]
    table = plain.table(columns, _rows(tokens))
    return f"{table}\n{tokens.note}" if tokens.note else table


def _tokens_html(tokens: Tokens) -> str:
    if not len(tokens):
        return page.foot("No token is stored, and none is set. Log in: %hf login")
    heads = "".join(f"<th>{head}</th>" for head in ("token", "state", "may", "from", "ends"))
    body = "".join(
        f"<tr>{''.join(f'<td>{page.escape(cell)}</td>' for cell in row)}</tr>" for row in _rows(tokens)
    )
    note = page.foot(tokens.note) if tokens.note else ""
    return (
        f'<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>{note}'
    )


def _logged_out(value: LoggedOut) -> list[str]:
    lines = [f"Forgotten: {', '.join(value.forgotten)}"]
    if value.left:
        lines.append(f"Still stored: {', '.join(value.left)}. Use one: %hf tokens use {value.left[0]}")
    if value.note:
        lines.append(value.note)
    return lines
