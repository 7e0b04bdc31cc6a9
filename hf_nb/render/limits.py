"""Limits: one row a counter, one's own below."""

from __future__ import annotations

from urllib.parse import urlsplit

from hf_nb.render import page, plain, units
from hf_nb.values.limits import Allowance, Limits, ResponseCache

_MEANS = {"api": "API calls (api)", "resolvers": "files (resolvers)", "pages": "web pages (pages)"}
_COLUMNS = (
    plain.Column("what"),
    plain.Column("with", keep=2),
    plain.Column("used", right=True, keep=1),
    plain.Column("left", right=True),
    plain.Column("of", right=True),
    plain.Column("each", right=True, keep=3),
    plain.Column("renewed in", right=True),
)


def text(value: Limits | ResponseCache | Allowance) -> str:
    """Counters as a table, sentences below."""
    if isinstance(value, ResponseCache):
        return "\n".join(_copies(value))
    if isinstance(value, Allowance):
        return plain.table(_COLUMNS, [_row(value)])
    rows = [_row(one) for one in value.windows]
    return "\n".join([_head(value), "", plain.table(_COLUMNS, rows), "", *_own(value), *_note(value)])


def html(value: Limits | ResponseCache | Allowance) -> str:
    """The same, with a bar of what is used."""
    if isinstance(value, ResponseCache):
        first, *rest = _copies(value)
        return page.frame(f"<div>{page.escape(first)}</div>{''.join(page.foot(line) for line in rest)}")
    if isinstance(value, Allowance):
        return page.frame(_table((value,)))
    feet = "".join(page.foot(line) for line in (*_own(value), *_note(value)))
    head = f'<div class="head"><span class="name">{page.escape(_head(value))}</span></div>'
    return page.frame(f"{head}{_table(value.windows)}{feet}")


def _table(windows: tuple[Allowance, ...]) -> str:
    kinds = [' class="num"' if column.right else "" for column in _COLUMNS]

    def line(cells: tuple[str, ...], name: str) -> str:
        shown = zip(cells, kinds, strict=True)
        return (
            "<tr>" + "".join(f"<{name}{kind}>{page.escape(cell)}</{name}>" for cell, kind in shown) + "</tr>"
        )

    head = line(tuple(column.heading for column in _COLUMNS), "th")
    body = "".join(line(_row(one), "td") for one in windows)
    return f'<div class="scroll"><table><thead>{head}</thead><tbody>{body}</tbody></table></div>'


def _row(one: Allowance) -> tuple[str, ...]:
    return (
        _MEANS.get(one.what, one.what),
        "token" if one.token else "no token",
        _number(one.used),
        "not asked yet" if one.left is None else _number(one.left),
        _number(one.limit),
        units.seconds(one.window) if one.window is not None and one.window < 60 else _minutes(one.window),
        units.NONE if one.resets is None else units.seconds(one.resets),
    )


def _minutes(seconds: int | None) -> str:
    return units.NONE if seconds is None else f"{seconds / 60:g} min"


def _number(number: int | None) -> str:
    return units.NONE if number is None else f"{number:,}"


def _head(value: Limits) -> str:
    host = urlsplit(value.hub).hostname or value.hub
    where = "the offline Hub" if host in ("127.0.0.1", "localhost", "::1") else host
    return f"Requests to {where}, {value.token or 'without a token'}"


def _own(value: Limits) -> list[str]:
    spent = f"{value.month_used:,} {_plural('request', value.month_used)} in {value.month}"
    left = (
        f"{value.month_left:,} left of your own {value.month_limit:,}"
        if value.month_limit
        else "no limit of your own"
    )
    minute = (
        f"{value.minute_left} of your own {value.minute_limit} a minute could go out now"
        if value.minute_limit
        else "no limit a minute"
    )
    lines = [f"{spent}: {left}; {minute}."]
    if not value.month_limit:
        lines.append("To set one: %hf settings monthly_requests=10000")
    return lines


def _plural(word: str, number: int) -> str:
    return word if number == 1 else f"{word}s"


def _note(value: Limits) -> list[str]:
    return [value.note] if value.note else []


def _copies(value: ResponseCache) -> list[str]:
    if value.cleared:
        return [f"{value.entries:,} {_plural('answer', value.entries)} removed, {units.size(value.bytes)}."]
    if not value.minutes:
        kept = "None is kept: response_cache_minutes is 0."
    else:
        kept = f"Each is used for {value.minutes:g} min, then the Hub is asked whether it still holds."
    answers = _plural("answer", value.entries)
    since = f", the oldest of {value.oldest:%Y-%m-%d %H:%M}" if value.oldest else ""
    lines = [
        f"{value.entries:,} {answers} of the Hub, {units.size(value.bytes)}{since}, in {value.folder}",
        kept,
    ]
    return [*lines, "To remove them: %hf cache responses --clear"] if value.entries else lines
