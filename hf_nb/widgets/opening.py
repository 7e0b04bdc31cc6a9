"""The table of an explorer and its first rows, asked as a page would ask.

A cell waits for them a moment. What comes later is told: a picture that was drawn without its rows is drawn again.
"""

from __future__ import annotations

import contextvars
import itertools
import queue
import threading
import time
from collections.abc import Callable
from typing import Any

from hf_nb.errors import HfNbError
from hf_nb.panels.data.paging import is_float
from hf_nb.panels.desk import Desk
from hf_nb.panels.wire import PROTOCOL

# Of the first page: rows, columns, characters of a cell, and of a float, as the explorer takes them to be.
ROWS, COLUMNS, CHARS, DIGITS = 100, 12, 48, 10
# Seconds that a cell waits, and after which nobody waits for a picture any more.
AT_ONCE, LATEST = 1.5, 600.0
_numbers = itertools.count(1)


class Opening:
    """Begun when it is made; `over` once there is nothing more to come."""

    def __init__(self, of: dict[str, Any]) -> None:
        self.of = of
        self.opened: dict[str, Any] | None = None
        self.page: dict[str, Any] | None = None
        self.wrong = ""
        self._heard: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._desk = Desk(lambda message, _: self._heard.put(message))
        self._guard = threading.Lock()
        self._over = threading.Event()
        self._stopped = False
        self._then: list[Callable[[], None]] = []
        work = contextvars.copy_context().run
        threading.Thread(target=work, args=(self._work,), daemon=True, name="hf_nb opening").start()

    def wait(self, seconds: float | None = None) -> None:
        """Until it is over, and no longer than that, or than a cell waits."""
        self._over.wait(AT_ONCE if seconds is None else seconds)

    @property
    def over(self) -> bool:
        """Whether all that can be known is known."""
        return self._over.is_set()

    def then(self, tell: Callable[[], None]) -> None:
        """Called once it is over, unless it is stopped before."""
        with self._guard:
            if not self.over:
                self._then.append(tell)
                return
        tell()

    def stop(self) -> None:
        """Nobody wants it any more."""
        self._stopped = True
        self._desk.close()
        self._heard.put(None)

    def _work(self) -> None:
        end = time.monotonic() + LATEST
        try:
            self._ask(end)
        except _Wrong as wrong:
            self.wrong = str(wrong)
        finally:
            self._desk.close()
            with self._guard:
                self._over.set()
            if not self._stopped:
                for tell in self._then:
                    tell()

    def _ask(self, end: float) -> None:
        opened = self._asked(end, "data.open", of=self.of)
        if opened is None:
            return
        columns = [
            {"name": one["name"], "chars": DIGITS if is_float(one["kind"], one["stored"]) else CHARS}
            for one in opened["columns"][:COLUMNS]
        ]
        self.of, self.opened = opened["of"], opened
        self.page = self._asked(end, "data.page", of=self.of, offset=0, limit=ROWS, columns=columns)

    def _asked(self, end: float, op: str, **args: Any) -> dict[str, Any] | None:
        """An answer; None where it was stopped, or takes too long."""
        id = f"opening-{next(_numbers)}"
        self._desk.receive({"v": PROTOCOL, "id": id, "op": op, "generation": 0, "args": args})
        while not self._stopped:
            try:
                said = self._heard.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                return None
            if said is not None and "ok" in said:
                found: dict[str, Any] = said["ok"]
                return found
            if said is not None and "error" in said:
                raise _Wrong(f"{said['error']['message']} {said['error']['hint']}".strip())
        return None


class _Wrong(HfNbError):
    """Why a question had no answer."""
