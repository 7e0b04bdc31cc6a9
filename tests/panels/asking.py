"""The other end of a desk: what a page does, without a page.

page = Page(session)
page.ask("models.search", text="sentiment")      its answer, or a Wrong is raised
going = page.begin("models.pull", id=…)          going.event() going.events going.cancel() going.answer()
"""

from __future__ import annotations

import itertools
import json
import queue
import time
import zlib
from collections.abc import Callable
from typing import Any

from hf_nb.panels import wire
from hf_nb.panels.desk import Desk
from hf_nb.panels.wire import PROTOCOL
from hf_nb.plumbing.session import Session
from tests.panels.shapes import fits

SECONDS = 90.0  # loading torch takes a while where others work, too
_clients = itertools.count(1)


class Wrong(Exception):
    """An error as the page hears it."""

    def __init__(self, said: dict[str, Any]) -> None:
        super().__init__(said["message"])
        self.said = said


def until(true: Callable[[], bool], seconds: float = SECONDS) -> None:
    """Wait for a state."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.01)


class Going:
    """One request under way."""

    def __init__(self, page: Page, id: str) -> None:
        self.page, self.id = page, id
        self.events: list[dict[str, Any]] = []
        self.heard: queue.Queue[dict[str, Any]] = queue.Queue()

    def event(self, seconds: float = SECONDS) -> dict[str, Any]:
        """The next one; an answer instead is a failure of the test."""
        said = self.heard.get(timeout=seconds)
        assert "event" in said, said
        self.events.append(said["event"])
        return self.events[-1]

    def answer(self, seconds: float = SECONDS) -> Any:
        """What it ends with."""
        while True:
            said = self.heard.get(timeout=seconds)
            if "event" in said:
                self.events.append(said["event"])
            elif "error" in said:
                raise Wrong(said["error"])
            else:
                return said["ok"]

    def cancel(self) -> None:
        """Nobody waits for it any more."""
        self.page.desk.receive(self.page.message("cancel", {"id": self.id}))


class Page:
    """One client of one desk."""

    def __init__(self, session: Session | None = None, *, kernel: bool = True) -> None:
        self.desk = Desk(self._hear, session=session, kernel=kernel)
        self._name = f"page{next(_clients)}"
        self._numbers = itertools.count(1)
        self._going: dict[str, Going] = {}

    def ask(self, op: str, **args: Any) -> Any:
        """A question, and its answer."""
        return self.begin(op, **args).answer()

    def refused(self, op: str, **args: Any) -> dict[str, Any]:
        """A question that has no answer: the error."""
        try:
            found = self.ask(op, **args)
        except Wrong as wrong:
            return wrong.said
        raise AssertionError(f"{op} answered: {found!r:.300}")

    def begin(self, op: str, **args: Any) -> Going:
        """A question, left open."""
        message = self.message(op, args)
        going = self._going[message["id"]] = Going(self, message["id"])
        assert self.desk.receive(message)
        return going

    def message(self, op: str, args: dict[str, Any]) -> dict[str, Any]:
        return {
            "v": PROTOCOL,
            "id": f"{self._name}-{next(self._numbers)}",
            "op": op,
            "generation": 0,
            "args": args,
        }

    def _hear(self, message: dict[str, Any], buffers: Any) -> None:
        self._going[message["id"]].heard.put(message)


class Packed(Page):
    """A page that takes answers with their buffers, as a browser does. `weighs`: bytes of the last one."""

    weighs = 0

    def _hear(self, message: dict[str, Any], buffers: Any) -> None:
        self.weighs = wire.size(message, buffers)
        if message.get("ok", {}).get("packed"):
            fits("explorer", "Packed", message["ok"])
            message = message | {"ok": json.loads(zlib.decompress(buffers[0]))}
        super()._hear(message, buffers)
