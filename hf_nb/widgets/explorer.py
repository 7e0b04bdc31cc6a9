"""The explorer in a cell: any table, all of its rows."""

from __future__ import annotations

import itertools
import queue
import time
from typing import Any

from hf_nb.errors import HfNbError
from hf_nb.panels.data import held
from hf_nb.panels.desk import Desk
from hf_nb.panels.wire import PROTOCOL
from hf_nb.render import page, plain, units
from hf_nb.render.grid import grid
from hf_nb.widgets import picture
from hf_nb.widgets.base import PICTURE, Panel

# Of the first page: rows, columns, characters of a cell, bytes; and of it what a saved notebook keeps.
ROWS, COLUMNS, CHARS, BYTES = 100, 12, 48, 20_000
SHOWN_ROWS, SHOWN_COLUMNS, SHOWN_CHARS = 10, 8, 60
LONGEST_OPENED = 100_000
_numbers = itertools.count(1)


class Explorer(Panel):
    """A table to scroll through, to sort, filter, search and ask.

    `of`: an id of the Hub, a path, a URL; or anything in memory that is a table. `name`: what the notebook calls it.
    """

    panel = "explorer"

    def __init__(
        self,
        of: Any,
        *,
        config: str | None = None,
        split: str | None = None,
        revision: str | None = None,
        name: str = "",
        **options: Any,
    ) -> None:
        self._thing: Any = None
        self._handle = ""
        if isinstance(of, str):
            what = of
        else:
            self._thing = of  # the panel's, as long as it is open
            self._handle = what = held.hold(of, name)
        named = {"what": what, "config": config, "split": split, "revision": revision}
        meant = {key: value for key, value in named.items() if value is not None}
        self._first = _Opening(meant)
        super().__init__(of=self._first.of, first=self._first.given, **options)

    def picture(self) -> tuple[str, str]:
        """The first rows and columns, as they were when the panel was opened."""
        return self._first.drawn()

    def close(self) -> None:
        """Take it away; what it held of the notebook's memory goes with it."""
        super().close()
        if self._handle:
            from hf_nb.panels.data import tables

            tables.let_go(self._handle)
            self._thing = None


def explore(what: Any, **options: Any) -> Explorer:
    """A table in a cell: `what` as `preview` takes it."""
    from hf_nb.plumbing.extras import require

    require("anywidget", "lab", "A panel")
    return Explorer(what, **options)


class _Opening:
    """The table and its first rows, asked as a page would ask, and waited for no longer than a cell may take."""

    def __init__(self, of: dict[str, Any]) -> None:
        self.of = of
        self.opened: dict[str, Any] | None = None
        self.page: dict[str, Any] | None = None
        self.wrong = "The table has not been opened yet."
        heard: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        desk = Desk(lambda message, _: heard.put(message))
        end = time.monotonic() + picture.WITHIN
        try:
            self.opened = _asked(desk, heard, end, "data.open", of=of)
            if self.opened is not None:
                self.of = self.opened["of"]
                columns = [{"name": one["name"], "chars": CHARS} for one in self.opened["columns"][:COLUMNS]]
                wanted = {"of": self.of, "offset": 0, "limit": ROWS, "columns": columns}
                self.page = _asked(desk, heard, end, "data.page", **wanted)
        except _Wrong as wrong:
            self.wrong = str(wrong)
        finally:
            desk.close()

    @property
    def given(self) -> dict[str, Any] | None:
        """What the panel shows at once: no more than a page of it may weigh."""
        if self.opened is None or len(plain_size(self.opened)) > LONGEST_OPENED:
            return None
        if self.page is None:
            return {"opened": self.opened}
        rows = len(self.page["rows"])
        while rows > 1 and len(plain_size(_top(self.page, rows))) > BYTES:
            rows //= 2
        return {"opened": self.opened, "page": _top(self.page, rows)}

    def drawn(self) -> tuple[str, str]:
        """As text and as HTML in which nothing acts."""
        again = "To open it again, run the cell."
        if self.opened is None:
            return f"{self.wrong}\n{again}", page.frame(
                f"<div>{page.escape(self.wrong)}</div>{page.foot(again)}"
            )
        rows, width = SHOWN_ROWS, SHOWN_COLUMNS
        while True:
            text, html = self._table(rows, width, again)
            if len(html.encode()) <= PICTURE or rows <= 1:
                return text, html
            rows, width = rows // 2, max(1, width - 2)

    def _table(self, rows: int, width: int, again: str) -> tuple[str, str]:
        opened, first = self.opened or {}, self.page or {"rows": [], "cells": []}
        columns = opened["columns"][: min(width, len(first["cells"]))]
        heads = [
            plain.Column(plain.clean(_cut(one["name"])), right=one["kind"] == "number", keep=at)
            for at, one in enumerate(columns)
        ]
        lines = [
            [_words(cells[at]) for cells in first["cells"][: len(columns)]]
            for at in range(min(rows, len(first["rows"])))
        ]
        head, foot = _head(opened), _foot(opened, len(lines), len(columns), again)
        drawn = grid(heads, lines) if heads else ""
        html = page.frame(
            f'<div class="head"><span class="name">{page.escape(head)}</span></div>{drawn}{page.foot(foot)}'
        )
        table = plain.table(heads, lines) if heads else ""
        return "\n".join(part for part in (plain.clean(head), table, plain.clean(foot)) if part), html


class _Wrong(HfNbError):
    """Why a question of the opening had no answer."""


def _asked(
    desk: Desk, heard: queue.SimpleQueue[dict[str, Any]], end: float, op: str, **args: Any
) -> dict[str, Any] | None:
    """An answer; None where it takes too long."""
    desk.receive({"v": PROTOCOL, "id": f"opening-{next(_numbers)}", "op": op, "generation": 0, "args": args})
    while True:
        try:
            said = heard.get(timeout=max(0.0, end - time.monotonic()))
        except queue.Empty:
            return None
        if "ok" in said:
            found: dict[str, Any] = said["ok"]
            return found
        if "error" in said:
            wrong = said["error"]
            raise _Wrong(f"{wrong['message']} {wrong['hint']}".strip())


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


def _head(opened: dict[str, Any]) -> str:
    of = opened["of"]
    named = [of["config"], of["split"]] if opened["place"] == "hub" else []
    rows = "" if opened["rows"] is None else f"{opened['rows']:,} rows"
    columns = len(opened["columns"])
    said = [opened["title"], *named, rows, f"{columns:,} column{'' if columns == 1 else 's'}"]
    said.append(units.size(opened["bytes"]) if opened["bytes"] is not None else "")
    said.append(f"commit {opened['revision'][:12]}" if opened["revision"] else "")
    return " · ".join(one for one in said if one)


def _foot(opened: dict[str, Any], rows: int, columns: int, again: str) -> str:
    of = []
    if opened["rows"] is None or rows < opened["rows"]:
        of.append(f"the first {rows} row{'' if rows == 1 else 's'}")
    if columns < len(opened["columns"]):
        of.append(f"the first {columns} columns")
    return f"{', '.join(of).capitalize()}. {again}" if of else again
