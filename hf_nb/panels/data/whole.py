"""One cell as it is, and one row with all its cells."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from hf_nb.errors import BadInput
from hf_nb.panels.data import asked, tables
from hf_nb.panels.data.counted import counted
from hf_nb.panels.data.opening import within
from hf_nb.values.rows import plain

if TYPE_CHECKING:
    from hf_nb.data.source import Source
    from hf_nb.panels.desk import Ask
    from hf_nb.values.data import Column, Origin

# Bytes of JSON: of one cell, and of all the cells of a row together.
LONGEST, LONGEST_ROW = 400_000, 440_000
LEAST, MOST = 24, 20_000  # of one cell in a row
AROUND = 150  # what stands around it
BYTES_SHOWN = 3_000  # of what is neither text nor picture
MEDIA = frozenset({"image", "audio", "video"})
WHO, WHAT = ("role", "from"), ("content", "value")


def cell(ask: Ask, *, of: dict[str, Any], row: int, column: str, allow: int | None = None) -> dict[str, Any]:
    """`data.cell`."""
    meant = asked.of(of)
    with counted(ask, allow):
        source = tables.source(ask, meant)
        described = column_of(source, column)
        return whole(value(source, row, column), described, LONGEST)


def row(ask: Ask, *, of: dict[str, Any], row: int, allow: int | None = None) -> dict[str, Any]:
    """`data.row`: its pictures and sounds are asked for one by one."""
    meant = asked.of(of)
    with counted(ask, allow):
        source = tables.source(ask, meant)
        columns = within(source.columns)
        texts = [one for one in columns if one.kind not in MEDIA]
        found = _read(source, row, [one.name for one in texts])
        values = {one.name: found.column(at)[0].as_py() for at, one in enumerate(texts)}
        taken = sum(len(json.dumps(one.name)) + AROUND for one in columns)
        room = max(LEAST, min(MOST, (LONGEST_ROW - taken) // max(1, len(texts))))
        return {
            "row": row,
            "fields": [
                {
                    "column": one.name,
                    "kind": one.kind,
                    "whole": None if one.kind in MEDIA else whole(values[one.name], one, room),
                    "media": one.kind in MEDIA,
                }
                for one in columns
            ],
            "url": page_of(source.origin, row),
        }


def value(source: Source, row: int, column: str) -> Any:
    """What stands there."""
    return _read(source, row, [column]).column(0)[0].as_py()


def column_of(source: Source, name: str) -> Column:
    """A column by its name."""
    source.check([name])
    return tables.columns(source)[name]


def whole(value: Any, column: Column, room: int) -> dict[str, Any]:
    """A cell as text, no longer than a message may be; a conversation as its turns."""
    text = said(value, column)
    shown = fitting(text, room)
    return {
        "kind": "null" if value is None else column.kind,
        "text": shown,
        "characters": len(text),
        "turns": _turns(value, room) if column.kind == "chat" else None,
    }


def said(value: Any, column: Column) -> str:
    """All of it in words."""
    if value is None:
        return ""
    if column.kind == "label" and isinstance(value, int) and 0 <= value < len(column.labels):
        return f"{column.labels[value]} ({value})"
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        rest = len(value) - BYTES_SHOWN
        return base64.b64encode(value[:BYTES_SHOWN]).decode() + (
            f" … {rest:,} more bytes" if rest > 0 else ""
        )
    if isinstance(value, (list, dict)):
        return json.dumps(plain(value), ensure_ascii=False, indent=2)
    return str(value)


def fitting(text: str, room: int) -> str:
    """As much of it as fits into so many bytes of JSON."""
    if len(text) * 6 <= room:
        return text
    text = text[:room]
    while (size := len(json.dumps(text, ensure_ascii=False).encode(errors="replace"))) > room:
        text = text[: max(0, min(len(text) - 1, len(text) * room // size))]
    return text


def page_of(origin: Origin, row: int) -> str | None:
    """The Hub's own page of a row."""
    if origin.place != "hub" or not origin.url:
        return None
    names = [quote(one, safe="") for one in (origin.config, origin.split) if one]
    base = origin.url.partition("/viewer")[0].partition("/tree/")[0]
    return f"{base}/viewer/{'/'.join(names)}?row={row}" if len(names) == 2 else None


def _read(source: Source, row: int, columns: list[str]) -> Any:
    if row < 0:
        raise BadInput("Rows are counted from 0.")
    found = source.read(row, 1, columns)
    if columns and not found.num_rows:
        raise BadInput(f"There is no row {row:,}.")
    return found


def _turns(value: Any, room: int) -> list[dict[str, str]] | None:
    """Who said what; of a long conversation its beginning."""
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        return None
    turns, left = [], room // 2
    for one in value:
        role = next((str(one[name]) for name in WHO if one.get(name) is not None), "")
        words = next((one[name] for name in WHAT if one.get(name) is not None), None)
        rest = {
            name: each
            for name, each in one.items()
            if name not in (*WHO, *WHAT) and each not in (None, [], {}, "")
        }
        text = words if isinstance(words, str) else "" if words is None else _json(words)
        text = "\n".join(part for part in (text, _json(rest) if rest else "") if part)
        shown = fitting(text, max(0, left - 100))
        left -= len(json.dumps(shown, ensure_ascii=False).encode(errors="replace")) + 100
        turns.append({"role": role[:100], "text": shown})
        if left <= 0:
            break
    return turns


def _json(value: Any) -> str:
    return json.dumps(plain(value), ensure_ascii=False, indent=2)
