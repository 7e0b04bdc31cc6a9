"""What a cell shows while work goes on: one grey line, or a bar; when it is done, what it took."""

from __future__ import annotations

import contextvars
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hf_nb.plumbing.progress import Progress

if TYPE_CHECKING:
    from hf_nb.commands.tree import Answer

BETWEEN_DRAWINGS = 0.1
# Work that is over sooner needs no bar.
QUIET_SECONDS = 1.0
# Its seconds are in no value: they say why the next call will be faster.
LOADING = "Loading"


class Notice:
    """Listens to one command. A line that ends in … is about work, and is drawn only if the work takes its time."""

    def __init__(self, asked: Answer | None = None) -> None:
        self._asked = asked
        self._handle: Any = None
        self._panel: Any = None
        self._coming: Any = None
        self.left: object = None  # what had come of an answer that broke off
        self._line = ""
        self._began = time.monotonic()
        self._drawn = 0.0
        self._last: Progress | None = None
        self._opening: threading.Timer | None = None
        self._lock = threading.RLock()

    def say(self, line: str) -> None:
        """Called from the thread that works, before it works. A remark is shown at once, and stays."""
        from IPython.display import display

        if not line.endswith("…"):
            display(_Grey(line))
            return
        with self._lock:
            self._line, self._began, self._last = line, time.monotonic(), None
            self._soon()

    def show(self, progress: Progress) -> None:
        """Drawn at most ten times a second."""
        now = time.monotonic()
        with self._lock:
            self._last = progress
            if self._handle is None or now - self._drawn >= BETWEEN_DRAWINGS:
                self._drawn = now
                self._soon()

    def panel(self, value: object) -> bool:
        """A value with a place of its own, which stays when the work is done."""
        from IPython.display import DisplayHandle

        with self._lock:
            if self._panel is None:
                # Known before it is drawn: the stop button may come in between, and the panel must not stay as it is.
                self._panel = DisplayHandle()
                self._panel.display(value)
            else:
                self._panel.update(value)
        return True

    @property
    def draws_parts(self) -> bool:
        """Whether an answer is shown while it comes: not where it goes into a variable, or is printed."""
        return self._asked is not None and _watched(self._asked)

    def part(self, value: object, *, last: bool = False) -> None:
        """In a place that begins and ends empty, so that a saved notebook is the same however quick the model was."""
        with self._lock:
            if last:
                self.left = value
            if not self.draws_parts:
                return
            if self._coming is None:
                from IPython.display import DisplayHandle

                self._coming = DisplayHandle()
                self._coming.display(_Nothing())
            self._coming.update(value if last else Growing(value))

    def _emptied(self) -> None:
        """When the cell is over and its result is there: nothing flashes."""
        from IPython.core.getipython import get_ipython

        coming, shell = self._coming, get_ipython()
        if coming is None or self.left is not None or shell is None:
            return

        def once() -> None:
            shell.events.unregister("post_execute", once)
            coming.update(_Nothing())

        shell.events.register("post_execute", once)

    def done(self, *, well: bool = True, told: bool = False) -> None:
        """The last word on it. `told`: a value is shown under it, which says all of it again."""
        with self._lock:
            self._emptied()
            if self._opening is not None:
                self._opening.cancel()
            if self._handle is not None:
                loaded = self._last is None and self._line.startswith(LOADING)
                self._handle.update(_Nothing() if told and not loaded else self._ended(well=well))

    def _soon(self) -> None:
        """Draw, or begin to when the work has taken a second."""
        if self._handle is not None:
            self._handle.update(self._now())
        elif self._opening is None:
            context = contextvars.copy_context()
            self._opening = threading.Timer(QUIET_SECONDS, context.run, (self._open,))
            self._opening.daemon = True
            self._opening.start()

    def _open(self) -> None:
        from IPython.display import display

        with self._lock:
            if self._opening is not None and not self._opening.finished.is_set():
                self._handle = display(self._now(), display_id=True)

    def _now(self) -> Any:
        return _Bar(self._last) if self._last is not None else _Grey(self._line)

    def _ended(self, *, well: bool) -> Any:
        from hf_nb.render import progress, units

        if self._last is not None:
            if not well:
                return _Grey(progress.stopped(self._last))
            whole = self._last.done if self._last.total is None else self._last.total
            return _Bar(replace(self._last, done=whole, detail=""))
        if not well and not self._line.startswith(LOADING):
            return _Nothing()  # what it waited for did not come, as the error says
        took = units.seconds(time.monotonic() - self._began)
        return _Grey(f"{self._line.removesuffix(' …').replace(LOADING, 'Loaded', 1)} in {took}")


def _watched(asked: Answer) -> bool:
    seen = asked.shown or not (asked.out or asked.silent)
    return asked.streams and seen and asked.format == "auto" and not asked.code and not asked.background


class Growing:
    """An answer that is coming: its words so far, and nothing that would jump."""

    def __init__(self, value: object) -> None:
        self.value = value

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        from hf_nb.render import coming

        return {"text/plain": coming.text(self.value), "text/html": coming.html(self.value)}


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


class _Nothing:
    """Takes no room."""

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/plain": "", "text/html": ""}


class _Bar:
    """How far it is."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        from hf_nb.render import progress as drawing

        return {"text/plain": drawing.text(self.progress), "text/html": drawing.html(self.progress)}
