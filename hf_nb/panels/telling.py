"""What verbs tell while they work, as events for a panel: so often that it moves, and no oftener."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from hf_nb import render

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask
    from hf_nb.plumbing.progress import Progress

# Seconds between two events; an answer that is written looks smoother than a bar needs to be.
STEPS, PARTS = 0.2, 0.1
# Bytes of HTML and of text in one event or answer.
LONGEST = 200_000


class Telling:
    """A listener: how far a download is."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._told = -1.0
        self._last: dict[str, Any] = {"what": "", "done": 0, "total": None, "rate": None, "left": None}

    def say(self, line: str) -> None:
        """A line about work that takes a while, in the place of its name."""
        self._ask.tell({**self._last, "what": line})

    def show(self, progress: Progress) -> None:
        """A measured step; the last one always."""
        now, before = time.monotonic(), self._last["done"]
        self._last = {
            "what": progress.what,
            "done": progress.done,
            "total": progress.total,
            "rate": progress.speed,
            "left": progress.left,
        }
        if now - self._told >= STEPS or (progress.done == progress.total != before):
            self._told = now
            self._ask.tell(self._last)

    def panel(self, value: object) -> bool:
        """There is no place for one."""
        return False


class Writing(Telling):
    """A listener: an answer while it comes."""

    draws_parts = True

    def say(self, line: str) -> None:
        """Nothing: what counts is the answer."""

    def show(self, progress: Progress) -> None:
        """Nothing, for the same reason."""

    def part(self, value: object, *, last: bool = False) -> None:
        """As far as it has come."""
        now = time.monotonic()
        if last or now - self._told >= PARTS:
            self._told = now
            self._ask.tell(drawn(value))


def drawn(value: object) -> dict[str, str]:
    """A value as HTML and as text, neither longer than a message should be."""
    text, html = render.text(value), render.html(value)
    if len(html.encode()) > LONGEST:
        from hf_nb.render import page

        html = page.frame(f"<pre>{page.escape(text[: LONGEST // 8])}</pre>") + page.foot("The beginning.")
    return {"html": html, "text": text[: LONGEST // 4]}
