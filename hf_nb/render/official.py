"""What the official commands said: rows, one record, what was done, text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hf_nb.render import page, plain, units
from hf_nb.values.official import (
    Official,
    OfficialParts,
    OfficialRecord,
    OfficialResult,
    OfficialRows,
    OfficialText,
)

LONGEST = 60  # characters of a cell in HTML; the whole value is on hover
MOST_ROWS = 500  # in HTML: an output is stored with its notebook
NOTHING = "No results."
_BYTES = frozenset({"size", "used_storage", "usedStorage"})
_LINK = re.compile(r"https?://[^\s<>\"')\]]+")


def text(value: Official) -> str:
    """The answer, then warnings and hints."""
    return "\n".join([_text(value), *_notes(value)]).strip("\n")


def html(value: Official) -> str:
    """The same in our frame."""
    return page.frame(_html(value) + "".join(page.foot(line) for line in _notes(value)))


def _text(value: Official) -> str:
    match value:
        case OfficialRows():
            return "\n".join(filter(None, (_table(value), value.text)))
        case OfficialRecord():
            return "\n".join(filter(None, (_fields(value.data), value.text)))
        case OfficialResult():
            lines = [f"{name}: {_show(item)}" for name, item in value.data.items() if item is not None]
            return "\n".join(filter(None, (value.text, value.message, *lines)))
        case OfficialText():
            return _count(value) if value.streamed else value.text
        case OfficialParts():
            return "\n\n".join(_text(part) for part in value.parts)
        case _:
            return value.command


def _html(value: Official) -> str:
    match value:
        case OfficialRows():
            return _rows_html(value) + _soft(value.text)
        case OfficialRecord():
            return _record_html(value.data) + _soft(value.text)
        case OfficialResult():
            return _soft(value.text) + _result_html(value)
        case OfficialText():
            return _soft(_count(value)) if value.streamed else f"<pre>{_linked(value.text)}</pre>"
        case OfficialParts():
            return "".join(_html(part) for part in value.parts)
        case _:
            return page.escape(value.command)


def _notes(value: Official) -> list[str]:
    return [*(f"Warning: {one}" for one in value.warnings), *value.hints]


def _count(value: OfficialText) -> str:
    lines = len(value.text.splitlines())
    return f"Ended after {lines:,} line{'s' * (lines != 1)}."


def _table(value: OfficialRows) -> str:
    if not value.rows:
        return NOTHING
    columns = [
        plain.Column(_heading(name), right=_is_number(value, name), keep=at)
        for at, name in enumerate(value.columns)
    ]
    shown = plain.table(
        columns, [[_said(name, row.get(name)) for name in value.columns] for row in value.rows]
    )
    there = set(re.split(r"\s{2,}", shown.partition("\n")[0].strip()))
    gone = [column.heading for column in columns if column.heading not in there]
    more = f"\n\nToo narrow for {', '.join(gone)}: --no-truncate shows all." if gone else ""
    return shown + more


def _rows_html(value: OfficialRows) -> str:
    if not value.rows:
        return f"<div>{NOTHING}</div>"
    kinds = {name: ' class="num"' if _is_number(value, name) else "" for name in value.columns}
    head = "".join(
        f'<th scope="col"{kinds[name]}>{page.escape(_heading(name))}</th>' for name in value.columns
    )
    first = next(iter(value.columns), "")
    body = "".join(
        f"<tr>{''.join(_cell(name, row.get(name), kinds[name], is_id=name == first) for name in value.columns)}</tr>"
        for row in value.rows[:MOST_ROWS]
    )
    more = len(value.rows) - MOST_ROWS
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>' + (
        _soft(f"{more:,} more rows: .rows, .to_pandas()") if more > 0 else ""
    )


def _cell(name: str, item: Any, kind: str, *, is_id: bool) -> str:
    whole = _said(name, item)
    shown = whole if len(whole) <= LONGEST else f"{whole[: LONGEST - 1]}…"
    exact = item.isoformat() if isinstance(item, datetime) else whole if shown != whole else ""
    exact = f"{item:,} bytes" if name in _BYTES and type(item) is int else exact
    title = f' title="{page.escape(exact[:1000])}"' if exact else ""
    if is_id and not kind:
        way = "id" if len(whole) <= LONGEST else "wide"
        title = title or f' title="{page.escape(whole)}"'  # a narrow window cuts it
        return f'<td class="{way}"{title}><code>{page.escape(whole)}</code></td>'
    return f"<td{kind}{title}>{_linked(shown) if shown == whole else page.escape(shown)}</td>"


def _record_html(data: Mapping[str, Any]) -> str:
    """Facts in a table; what has parts of its own is folded under it."""
    flat = {name: item for name, item in data.items() if not _is_deep(item)}
    rows = "".join(
        f'<tr><th scope="row">{page.escape(_heading(name))}</th><td class="wide">{_linked(_said(name, item))}</td></tr>'
        for name, item in flat.items()
    )
    folded = "".join(
        f"<details><summary>{page.escape(_heading(name))}{_size(item)}</summary>"
        f"<pre>{page.escape(_json(item))}</pre></details>"
        for name, item in data.items()
        if _is_deep(item)
    )
    return f'<div class="scroll"><table><tbody>{rows}</tbody></table></div>{folded}'


def _result_html(value: OfficialResult) -> str:
    facts = {name: item for name, item in value.data.items() if item is not None}
    rows = "".join(
        f'<tr><th scope="row">{page.escape(_heading(name))}</th><td class="wide">{_linked(_said(name, item))}</td></tr>'
        for name, item in facts.items()
    )
    table = f'<div class="scroll"><table><tbody>{rows}</tbody></table></div>' if rows else ""
    return f"<div>✓ {page.escape(value.message)}</div>{table}"


def _soft(line: str) -> str:
    return f'<div class="foot">{_linked(line)}</div>' if line else ""


def _linked(shown: str) -> str:
    """Escaped, addresses as links; never anything but http."""
    parts, at = [], 0
    for found in _LINK.finditer(shown):
        address = page.escape(found[0].rstrip(".,;:"))
        parts += [page.escape(shown[at : found.start()])]
        parts += [f'<a href="{address}" target="_blank" rel="noopener noreferrer">{address}</a>']
        at = found.start() + len(found[0].rstrip(".,;:"))
    return "".join([*parts, page.escape(shown[at:])])


def _fields(data: Mapping[str, Any]) -> str:
    wide = max((len(_heading(name)) for name in data), default=0)
    lines = (f"{_heading(name):{wide}}  {_short(_said(name, item))}" for name, item in data.items())
    return "\n".join(lines)


def _short(shown: str) -> str:
    room = plain.width() * 2
    return shown if len(shown) <= room else f"{shown[: room - 1]}…"


def _heading(name: str) -> str:
    """library_name and libraryName are read as two words."""
    return re.sub(r"(?<=[a-z])([A-Z])", r" \1", name).replace("_", " ").strip().lower() or " "


def _is_number(value: OfficialRows, name: str) -> bool:
    cells = [row.get(name) for row in value.rows if row.get(name) is not None]
    return bool(cells) and all(isinstance(one, int | float) and not isinstance(one, bool) for one in cells)


def _is_deep(item: Any) -> bool:
    if isinstance(item, Mapping):
        return bool(item)
    return isinstance(item, list) and any(isinstance(one, Mapping | list) for one in item)


def _size(item: Any) -> str:
    return f" ({len(item)})" if isinstance(item, list) else ""


def _show(item: Any) -> str:
    match item:
        case None:
            return units.NONE
        case bool():
            return "yes" if item else "no"
        case float():
            return f"{item:g}"
        case int():
            return f"{item:,}"
        case datetime():
            return units.day(item)
        case Mapping():
            return str(item["name"]) if "name" in item else _json(item, indent=None)
        case list():
            return _list(item)
        case _:
            return str(item)


def _said(name: str, item: Any) -> str:
    """As `_show`, bytes in their units."""
    return units.size(item) if name in _BYTES and type(item) is int else _show(item)


def _list(items: list[Any]) -> str:
    if any(isinstance(one, Mapping) and "name" not in one for one in items):
        return f"{len(items)} items"
    return ", ".join(_show(one) for one in items)


def _json(item: Any, indent: int | None = 2) -> str:
    return json.dumps(item, indent=indent, ensure_ascii=False, default=str)
