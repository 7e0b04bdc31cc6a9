"""Places whose answers are made up here: what is tried is everything around them.

session, places = several(local=Place(…), a=Place(fail={…}))      a session that knows them; servers but the first
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from hf_nb.errors import HfNbError
from hf_nb.infer.call import Call, Chunk, Parts, Terms
from hf_nb.plumbing.session import Session

Says = Callable[[str, int], HfNbError | None]


class Place:
    """Answers "good" or "bad" by the text.

    `says(text, time)` may give an error instead, `passes(text, size)` one for all of a pass.
    """

    remote = False
    device = "script"

    def __init__(self, says: Says | None = None, *, pace: float = 0.0, passes: Says | None = None) -> None:
        self.says, self.passes, self.pace = says or (lambda *_: None), passes, pace
        self.name = ""
        self.asked: list[str] = []
        self.groups: list[int] = []
        self.guard = threading.Lock()
        self.answered = threading.Event()
        self.hold: threading.Event | None = None

    def can(self, call: Call) -> bool:
        """Anything."""
        return True

    def models(self, terms: Terms) -> Sequence[str]:
        """The one there is."""
        return ["own/model"]

    def stream(self, call: Call, terms: Terms) -> Parts:
        """One."""
        yield self._one(call, terms)

    def _one(self, call: Call, terms: Terms) -> Chunk:
        text = call.input if isinstance(call.input, str) else str(call.input)
        with self.guard:
            self.asked.append(text)
            times = self.asked.count(text)
        while self.hold is not None and not self.hold.wait(0.01):
            terms.check()
        if self.pace:
            terms.clock.sleep(self.pace, terms.stop)
        terms.check()
        if (wrong := self.says(text, times)) is not None:
            raise wrong
        self.answered.set()
        return answer(text)


class Whole(Place):
    """Takes many at once, as this machine does."""

    def several(self, calls: Sequence[Call], terms: Terms) -> Iterator[tuple[int, Chunk | HfNbError]]:
        self.groups.append(len(calls))
        texts = [str(call.input) for call in calls]
        if self.passes is not None:
            for text in texts:
                if (wrong := self.passes(text, len(texts))) is not None:
                    raise wrong
        for number, call in enumerate(calls):
            try:
                yield number, self._one(call, terms)
            except HfNbError as wrong:
                yield number, wrong


def answer(text: str) -> Chunk:
    """By the text alone."""
    good = 0.0 if "bad" in text else 1.0
    output = [{"label": "good", "score": good}, {"label": "bad", "score": 1 - good}]
    return Chunk(output=output, seconds=0.001, finish="stop")


def expected(text: str) -> str:
    """Its label."""
    return "bad" if "bad" in text else "good"


def several(**places: Place) -> Session:
    """A session with these; every one but `local` is a server of the settings, on this machine."""
    made = Session()
    made.settings.servers = {
        name: f"http://127.0.0.1:{9_000 + at}/v1" for at, name in enumerate(places) if name != "local"
    }
    for name, place in places.items():
        place.name, place.remote = name, name != "local"
        made.backends[name] = place
    return made


def targets(*names: str) -> dict[str, Any]:
    """What `batch` is told to ask exactly these."""
    return {"model": "own/model", "task": "text-classification", "provider": names[0], "targets": list(names)}
