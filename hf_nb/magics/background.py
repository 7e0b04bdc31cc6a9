"""`-b`: work that goes on while the next cells run.

h = %hf pull owner/name -b
h.done, h.cancel(), h.result(), await h
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
import time
from collections.abc import Callable, Generator
from concurrent.futures import Future
from typing import Any

from hf_nb.errors import HfNbError, Stopped
from hf_nb.plumbing import progress, throwing
from hf_nb.plumbing.progress import Progress


class Handle:
    """One command in a thread of its own. Shown once, its line becomes the result when that is there."""

    def __init__(
        self,
        line: str,
        work: Callable[[], Any],
        keep: Callable[[Any], None],
        fail: Callable[[BaseException], None],
        *,
        watched: bool = False,
    ) -> None:
        self.line = line
        self.draws_parts = watched
        self._work, self._keep, self._fail = work, keep, fail
        self._future: Future[Any] = Future()
        self._began = time.monotonic()
        self._state = ""
        self._place: Any = None
        self._left: Any = None  # what had come of an answer that broke off
        context = contextvars.copy_context()
        self._thread = threading.Thread(target=context.run, args=(self._run,), daemon=True, name=line)
        self._thread.start()

    @property
    def done(self) -> bool:
        """Whether it has ended, well or not."""
        return self._future.done()

    def result(self, timeout: float | None = None) -> Any:
        """The value, waited for; what went wrong is raised here."""
        return self._future.result(timeout)

    def exception(self) -> BaseException | None:
        """What went wrong, of work that has ended."""
        return self._future.exception() if self.done else None

    def cancel(self) -> bool:
        """Stop it; False when it had already ended."""
        if self.done or self._thread.ident is None:
            return False
        if not throwing.throw(self._thread.ident, Stopped):  # in the middle of an import, say
            threading.Thread(target=self._cancel_later, daemon=True, name="hf_nb stop").start()
        return True

    def _cancel_later(self) -> None:
        while not self.done and self._thread.ident is not None:
            if throwing.throw(self._thread.ident, Stopped):
                return
            time.sleep(throwing.AGAIN)

    def __await__(self) -> Generator[Any, None, Any]:
        return asyncio.wrap_future(self._future).__await__()

    def say(self, line: str) -> None:
        """Progress of the work, as its listener."""
        self._state = line

    def show(self, progress: Progress) -> None:
        """The same, measured."""
        from hf_nb.render import progress as drawing

        self._state = drawing.text(progress)

    def panel(self, value: object) -> bool:
        """In the handle's own place, where it was shown."""
        if self._place is None:
            return False
        self._place.update(value)
        return True

    def part(self, value: object, *, last: bool = False) -> None:
        """The answer so far, in the handle's own place."""
        from hf_nb.magics.notice import Growing

        if last:
            self._left = value
        if self._place is not None:
            self._place.update(value if last else Growing(value))

    def _run(self) -> None:
        try:
            with progress.to(self):
                value = self._work()
        except BaseException as wrong:  # noqa: BLE001 -- it is handed to whoever waits
            self._fail(wrong)
            self._left = getattr(wrong, "partial", None) or self._left
            if self._left is not None:
                self._keep(self._left)
            ours = (
                wrong if isinstance(wrong, Stopped) or not isinstance(wrong, KeyboardInterrupt) else Stopped()
            )
            self._future.set_exception(ours)
        else:
            self._keep(value)
            self._future.set_result(value)
        if self._place is not None:
            self._place.update(self._shown())

    def _ipython_display_(self) -> None:
        from IPython.display import display

        self._place = display(self._shown(), display_id=True)
        if self.done:
            self._place.update(self._shown())

    def _shown(self) -> Any:
        if self.done and self._future.exception() is None:
            return self._future.result()
        if self.done and self._left is not None:
            return self._left
        return _Line(str(self))

    def __str__(self) -> str:
        if not self.done:
            since = f"running for {time.monotonic() - self._began:.0f} s"
            return " · ".join(filter(None, (self.line, self._state or since, "await it, or .cancel()")))
        wrong = self._future.exception()
        if wrong is None:
            return f"{self.line} · done"
        said = wrong.problem if isinstance(wrong, HfNbError) else str(wrong)
        return f"{self.line} · {type(wrong).__name__}{': ' + said if said else ''}"

    __repr__ = __str__


class _Line:
    """One line of small print."""

    def __init__(self, line: str) -> None:
        self.line = line

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        from hf_nb.render import page

        return {
            "text/plain": self.line,
            "text/html": page.frame(f'<div class="soft">{page.escape(self.line)}</div>'),
        }
