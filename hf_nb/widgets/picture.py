"""The first page of a panel: what it shows at once, and what a saved notebook keeps of it.

The Hub is asked for it in a thread, and waited for no longer than a cell may take to show a panel.
"""

from __future__ import annotations

import contextvars
import dataclasses
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

from hf_nb import render
from hf_nb.panels.wire import wrong
from hf_nb.plumbing import reading
from hf_nb.render import page
from hf_nb.values import SearchResult
from hf_nb.widgets.base import PICTURE

WITHIN = 2.0  # seconds
FIRST = 24  # rows the panel begins with
SHOWN = 10  # of them a saved notebook keeps


class Opening(NamedTuple):
    """What came: a page for the view and the rows of it, or why there is none."""

    page: dict[str, Any] | None = None
    found: SearchResult | None = None
    wrong: str = "The Hub has not answered yet."


def opened(begin: Callable[[], tuple[dict[str, Any], SearchResult]]) -> Opening:
    """What `begin` brings, if it does so in time."""
    came: list[Opening] = []

    def work() -> None:
        try:
            with reading.scope(WITHIN):
                first, found = begin()
            came.append(Opening(first, found))
        except Exception as failed:  # noqa: BLE001 -- the panel opens all the same, and says what was wrong
            said = wrong(failed)
            came.append(Opening(wrong=f"{said['message']} {said['hint']}".strip()))

    thread = threading.Thread(target=contextvars.copy_context().run, args=(work,), daemon=True)
    thread.start()
    thread.join(WITHIN)
    return came[0] if came else Opening()


def drawn(panel: str, opening: Opening) -> tuple[str, str]:
    """As text and as HTML in which nothing acts; the port of an offline Hub, which changes, is not in it."""
    found = opening.found
    said = f"The {panel.capitalize()} panel of hf_nb. To open it again: %hf panel {panel}"
    if found is None:
        text = f"{opening.wrong}\n{said}"
        return text, page.frame(f"<div>{page.escape(opening.wrong)}</div>{page.foot(said)}")
    rows = min(SHOWN, len(found.rows))
    while True:
        some = dataclasses.replace(found, rows=found.rows[:rows], more=False, further=None)
        beginning = "" if len(found.rows) == rows and not found.more else f"Its first {rows}, of more. "
        html = render.html(some) + page.frame(page.foot(beginning + said))
        if len(html.encode()) <= PICTURE or rows <= 1:
            return f"{render.text(some)}\n{beginning}{said}", html
        rows //= 2
