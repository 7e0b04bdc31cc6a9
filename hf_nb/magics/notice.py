"""What a cell shows while work goes on: one grey line, or a bar; when it is done, what it took."""

from __future__ import annotations

import threading
import time
from typing import Any

from hf_nb.plumbing.progress import Progress

BETWEEN_DRAWINGS = 0.1
# Work that is over sooner needs no bar.
QUIET_SECONDS = 1.0


class Notice:
    """Listens to one command."""

    def __init__(self) -> None:
        self._handle: Any = None
        self._panel: Any = None
        self._line = ""
        self._began = self._opened = time.monotonic()
        self._drawn = 0.0
        self._last: Progress | None = None
        self._lock = threading.Lock()

    def say(self, line: str) -> None:
        """Called from the thread that works, before it works."""
        with self._lock:
            self._line, self._began, self._last = line, time.monotonic(), None
            self._draw(_Grey(line))

    def show(self, progress: Progress) -> None:
        """Drawn at most ten times a second, and not at all where it is over at once."""
        now = time.monotonic()
        with self._lock:
            self._last = progress
            if now - self._opened < QUIET_SECONDS or now - self._drawn < BETWEEN_DRAWINGS:
                return
            self._drawn = now
            self._draw(_Bar(progress))

    def panel(self, value: object) -> bool:
        """A value with a place of its own, which stays when the work is done."""
        from IPython.display import display

        with self._lock:
            if self._panel is None:
                self._panel = display(value, display_id=True)
            else:
                self._panel.update(value)
        return self._panel is not None

    def done(self) -> None:
        """The last word on it."""
        from hf_nb.render import units

        with self._lock:
            if self._handle is None:
                return
            if self._last is not None:
                self._draw(_Bar(self._last))
                return
            took = units.seconds(time.monotonic() - self._began)
            done = self._line.removesuffix(" …").replace("Loading", "Loaded", 1)
            self._draw(_Grey(f"{done} in {took}" if self._line.endswith(" …") else done))

    def _draw(self, shown: Any) -> None:
        from IPython.display import display

        if self._handle is None:
            self._handle = display(shown, display_id=True)
        else:
            self._handle.update(shown)


class _Grey:
    """One line of small print."""

    def __init__(self, line: str) -> None:
        self.line = line

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        from hf_nb.render import page

        return {
            "text/plain": self.line,
            "text/html": page.frame(f'<div class="soft">{page.escape(self.line)}</div>'),
        }


class _Bar:
    """How far it is."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        from hf_nb.render import progress as drawing

        return {"text/plain": drawing.text(self.progress), "text/html": drawing.html(self.progress)}
