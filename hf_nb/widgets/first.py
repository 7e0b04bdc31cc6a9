"""What an explorer knows when it is shown: for the page at once, and as a picture for a saved notebook."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hf_nb.render import page, plain, units
from hf_nb.render.grid import grid
from hf_nb.widgets.base import PICTURE
from hf_nb.widgets.opening import Opening

# Bytes of the first page; and of it what a saved notebook keeps.
BYTES = 20_000
SHOWN_ROWS, SHOWN_COLUMNS, SHOWN_CHARS = 10, 8, 60
LONGEST_OPENED = 100_000
AGAIN = "To open it again, run the cell."


class First:
    """What is known of the table when the panel is shown: for the page at once, and for a saved notebook."""

    def __init__(self, of: dict[str, Any]) -> None:
        self.opening = Opening(of)
        self.opening.wait()
        self._pages: dict[Any, dict[str, Any]] = {}
        self._gave_way = False

    def heard(self, message: object) -> None:
        """What the page asks is not asked twice: a table that is slow is opened for it, and looked at after it."""
        if not isinstance(message, dict):
            return
        of = (message.get("args") or {}).get("of")
        if message.get("op") == "data.open" and not self.opening.over:
            self._gave_way = True
            self.opening.stop()
        elif message.get("op") == "data.page" and self._gave_way and of and not of.get("sql"):
            self._pages[message.get("id")] = of

    def said(self, message: dict[str, Any], then: Callable[[], None]) -> None:
        """Its first rows are here, so that they cost nothing: `then` a picture can be drawn."""
        if self._gave_way and "ok" in message and (of := self._pages.get(message.get("id"))):
            self._gave_way = False
            self._pages.clear()
            self.opening = Opening(of)
            self.opening.then(then)

    @property
    def given(self) -> dict[str, Any] | None:
        """What the panel shows at once: no more than a page of it may weigh."""
        opened, page = self.opening.opened, self.opening.page
        if opened is None or len(plain_size(opened)) > LONGEST_OPENED:
            return None
        if page is None:
            return {"opened": opened}
        rows = len(page["rows"])
        while rows > 1 and len(plain_size(_top(page, rows))) > BYTES:
            rows //= 2
        return {"opened": opened, "page": _top(page, rows)}

    def drawn(self) -> tuple[str, str]:
        """As text and as HTML in which nothing acts."""
        opening = self.opening
        if opening.opened is None:
            said = (
                opening.wrong or f"{_called(opening.of)} was still being opened. Its first rows belong here."
            )
            return f"{plain.clean(said)}\n{AGAIN}", page.frame(
                f"<div>{page.escape(said)}</div>{_closing(AGAIN)}"
            )
        rows, width = SHOWN_ROWS, SHOWN_COLUMNS
        while True:
            text, html = self._table(rows, width)
            if len(html.encode()) <= PICTURE or rows <= 1:
                return text, html
            rows, width = rows // 2, max(1, width - 2)

    def _table(self, rows: int, width: int) -> tuple[str, str]:
        opened, came = self.opening.opened or {}, self.opening.page
        first = came or {"rows": [], "cells": []}
        columns = opened["columns"][: min(width, len(first["cells"]))]
        heads = [
            plain.Column(plain.clean(_cut(one["name"])), right=one["kind"] == "number", keep=at)
            for at, one in enumerate(columns)
        ]
        lines = [
            [_words(cells[at]) for cells in first["cells"][: len(columns)]]
            for at in range(min(rows, len(first["rows"])))
        ]
        foot = _foot(opened, len(lines), len(columns))
        if came is None:
            foot = f"{self.opening.wrong or 'Its rows had not come yet.'} {AGAIN}"
        head = _head(opened)
        drawn = grid(heads, lines) if heads else ""
        html = page.frame(
            f'<div class="head"><span class="name">{page.escape(head)}</span></div>{drawn}{_closing(foot)}'
        )
        table = plain.table(heads, lines) if heads else ""
        return "\n".join(part for part in (plain.clean(head), table, plain.clean(foot)) if part), html


def plain_size(value: Any) -> bytes:
    """Its JSON."""
    import json

    return json.dumps(value, ensure_ascii=False).encode()


def _top(first: dict[str, Any], rows: int) -> dict[str, Any]:
    return {**first, "rows": first["rows"][:rows], "cells": [one[:rows] for one in first["cells"]]}


def _words(cell: Any) -> str:
    text = cell["text"] if isinstance(cell, dict) else units.NONE if cell is None else cell
    return _cut(str(text))


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHOWN_CHARS else f"{text[: SHOWN_CHARS - 1]}…"


def _called(of: dict[str, Any]) -> str:
    what = str(of["what"])
    return "The table" if not what or what.startswith("$") else _cut(what)


def _head(opened: dict[str, Any]) -> str:
    of = opened["of"]
    named = [of["config"], of["split"]] if opened["place"] == "hub" else []
    rows = "" if opened["rows"] is None else f"{opened['rows']:,} rows"
    columns = len(opened["columns"])
    said = [opened["title"], *named, rows, f"{columns:,} column{'' if columns == 1 else 's'}"]
    said.append(units.size(opened["bytes"]) if opened["bytes"] is not None else "")
    said.append(f"commit {opened['revision'][:12]}" if opened["revision"] else "")
    return " · ".join(one for one in said if one)


def _closing(said: str) -> str:
    """Its last line; where our own line stands under a picture, that says what to do."""
    return page.foot(said).replace(AGAIN, f'<span class="again">{AGAIN}</span>')


def _foot(opened: dict[str, Any], rows: int, columns: int) -> str:
    of = []
    if opened["rows"] is None or rows < opened["rows"]:
        of.append(f"the first {rows} row{'' if rows == 1 else 's'}")
    if columns < len(opened["columns"]):
        of.append(f"the first {columns} columns")
    return f"{', '.join(of).capitalize()}. {AGAIN}" if of else AGAIN
