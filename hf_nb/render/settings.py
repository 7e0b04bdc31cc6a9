"""Settings: one line each, or one explained."""

from __future__ import annotations

from typing import Any

from hf_nb.render import page, plain
from hf_nb.values.settings import Set, Sets


def text(value: Set | Sets) -> str:
    """A table; the help goes first when the screen is narrow."""
    if isinstance(value, Set):
        return "\n".join(f"{label:<10}{said}" for label, said in _facts(value))
    columns = [
        plain.Column("setting"),
        plain.Column("value"),
        plain.Column("from", keep=1),
        plain.Column("what it does", keep=2),
    ]
    rows = [[one.name, _shown(one.value), _source(one), one.help] for one in value]
    return "\n".join([*value.notes, plain.table(columns, rows)])


def html(value: Set | Sets) -> str:
    """The same, with what is not the default set off."""
    if isinstance(value, Set):
        rows = "".join(
            f'<tr><th scope="row">{page.escape(label)}</th><td class="wide">{page.escape(said)}</td></tr>'
            for label, said in _facts(value)
        )
        return page.frame(f'<div class="scroll"><table><tbody>{rows}</tbody></table></div>')
    notes = "".join(map(page.foot, value.notes))
    body = "".join(
        f"<tr><td{_mark(one)}>{page.escape(one.name)}</td><td{_mark(one)}>{page.escape(_shown(one.value))}</td>"
        f'<td class="soft">{page.escape(_source(one))}</td><td class="wide soft">{page.escape(one.help)}</td></tr>'
        for one in value
    )
    heads = "".join(f"<th>{head}</th>" for head in ("setting", "value", "from", "what it does"))
    return page.frame(
        f'{notes}<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>'
        + page.foot("To change one: %hf settings NAME=VALUE")
    )


def _facts(one: Set) -> list[tuple[str, str]]:
    found = [
        ("setting", one.name),
        ("value", _shown(one.value)),
        ("from", _source(one)),
        ("default", _shown(one.default)),
        ("what", one.help),
        ("variables", ", ".join(one.variables)),
        ("to set", "" if one.locked else f"%hf settings {one.name}=VALUE, for good with --save"),
        ("note", one.note or ""),
    ]
    return [(label, said) for label, said in found if said]


def _source(one: Set) -> str:
    return f"{one.source}, locked" if one.locked else one.source


def _mark(one: Set) -> str:
    return "" if one.source == "default" else ' class="first"'


def _shown(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:g}"
        case list() | tuple():
            return ", ".join(map(str, value)) or "none"
        case dict():
            return ", ".join(f"{key}={item}" for key, item in value.items()) or "none"
        case None:
            return "none"
        case _:
            return str(value)
