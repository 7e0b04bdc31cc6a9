"""Several contenders answer one input at the same time.

with stream(contenders, "Hello") as live:
    for at, kind, payload in live: …            in the order in which things happen
    live.stop(1)                                one alone, from any thread; live.close(): all of them

doing    a line about what it waits for: a model that is loaded, files that come
began    who is asked (a Target)
part     a text
value    the whole answer                        ┐
failed   the error                               ├ one of these, once for each contender
stopped  what had come of it, or None            ┘

Each has a thread and a job of its own, so what befalls one is no matter of the others. Those on this machine take turns
as all work here does (`infer/backends/local/turns.py`), the others run beside.
"""

from __future__ import annotations

import contextlib
import contextvars
import queue
import threading
import time
import weakref
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Self

from hf_nb.compare import asking
from hf_nb.errors import BadInput, Stopped
from hf_nb.infer.run import stream as asking_one
from hf_nb.plumbing import jobs, progress
from hf_nb.plumbing.session import Session, current

if TYPE_CHECKING:
    from hf_nb.infer.run import Stream
    from hf_nb.plumbing.progress import Progress
    from hf_nb.values import Value
    from hf_nb.values.comparisons import Contender

Kind = Literal["doing", "began", "part", "value", "failed", "stopped"]
ENDS = frozenset({"value", "failed", "stopped"})
# How soon an exception thrown into the thread that reads is noticed.
LOOK = 0.05
MOST = 16  # contenders; each is a thread


class Event(NamedTuple):
    """What happened to the contender at this place."""

    at: int
    kind: Kind
    payload: Any


class Live(Iterator[Event]):
    """What happens, as it happens; over when all have ended."""

    def __init__(self, contenders: Sequence[Contender], input: Any, session: Session) -> None:
        if not 1 <= len(contenders) <= MOST:
            raise BadInput(f"{len(contenders)} contenders cannot answer at once.", f"Give 1 to {MOST}.")
        self._came: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._lanes = [_Lane(at, one, input, session, self._came) for at, one in enumerate(contenders)]
        self._open = len(self._lanes)
        # Read by nobody any more, it stops its work: the threads know their lanes, and not this.
        self._forgotten = weakref.finalize(self, _stop_all, self._lanes)
        for lane in self._lanes:
            lane.begin()

    def __next__(self) -> Event:
        while self._open:
            with contextlib.suppress(queue.Empty):
                return self._next(LOOK)
        raise StopIteration

    def lately(self, seconds: float) -> list[Event]:
        """What happens within so long, together: for who draws it."""
        until, found = time.monotonic() + seconds, []
        while self._open and (left := until - time.monotonic()) > 0:
            with contextlib.suppress(queue.Empty):
                found.append(self._next(min(LOOK, left)))
        return found

    @property
    def over(self) -> bool:
        """All have ended, and that was read."""
        return not self._open

    def _next(self, seconds: float) -> Event:
        event = self._came.get(timeout=seconds)
        self._open -= event.kind in ENDS
        return event

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def stop(self, at: int) -> None:
        """End one; the others go on."""
        self._lanes[at].stop()

    def stop_all(self) -> None:
        """End them; what had come of each is still to be read."""
        _stop_all(self._lanes)

    def close(self) -> None:
        """End them; nothing more is read."""
        self._open = 0
        self._forgotten()

    def value(self, at: int) -> Value | None:
        """What has come of one so far."""
        return self._lanes[at].value()


def stream(contenders: Sequence[Contender], input: Any, *, session: Session | None = None) -> Live:
    """All of them asked the same, now."""
    return Live(contenders, input, session or current())


class _Lane:
    """One contender at work."""

    def __init__(
        self, at: int, contender: Contender, input: Any, session: Session, came: queue.SimpleQueue[Event]
    ) -> None:
        self.at, self.contender, self.input, self.session = at, contender, input, session
        self._came = came
        self._lock = threading.Lock()
        self._stopped = self._over = False
        self._stream: Stream | None = None

    def begin(self) -> None:
        context = contextvars.copy_context()
        name = f"hf_nb contender {self.at}"
        threading.Thread(target=context.run, args=(self._work,), daemon=True, name=name).start()

    def stop(self) -> None:
        """Who is still being chosen has nothing that could be waited for; its end is said at once."""
        with self._lock:
            self._stopped = True
            asked = self._stream
        if asked is None:
            self._end("stopped", None)
        else:
            asked.stop()

    def value(self) -> Value | None:
        return None if self._stream is None else self._stream.partial

    def say(self, kind: Kind, payload: Any) -> None:
        if not self._over:
            self._came.put(Event(self.at, kind, payload))

    def _end(self, kind: Kind, payload: Any) -> None:
        with self._lock:
            if self._over:
                return
            self._over = True
        self._came.put(Event(self.at, kind, payload))

    def _work(self) -> None:
        try:
            # Of no job: it begins its own, which can be seen and stopped alone.
            with jobs.inside(None), progress.to(_Doing(self)):
                self._ask()
        except (Stopped, GeneratorExit):
            self._end("stopped", self.value())
        except BaseException as wrong:  # noqa: BLE001 -- whatever it is, it is this contender's alone
            self._end("failed", jobs.bare(wrong))

    def _ask(self) -> None:
        asked = _begun(self.contender, self.input, self.session)
        with self._lock:
            self._stream, stopped = asked, self._stopped
        if stopped:
            asked.close()
            return
        self.say("began", asked.target)
        for text in asked:
            self.say("part", text)
        self._end("value", asked.value)


def _begun(contender: Contender, input: Any, session: Session) -> Stream:
    """The contender asked, afresh: a kept answer would say nothing of its speed."""
    if contender.copy:
        raise BadInput(
            f"{contender.copy} copies are made for many rows, and this is one.",
            "Give a list: hf_nb.compare.run(…, inputs=[…])",
        )
    return asking_one(asking.question(contender, input), fresh=True, session=session, **asking.how(contender))


class _Doing(progress.Silent):
    """Hears what a lane waits for before its first word."""

    def __init__(self, lane: _Lane) -> None:
        self._lane = lane

    def say(self, line: str) -> None:
        self._lane.say("doing", line)

    def show(self, progress: Progress) -> None:
        share = "" if progress.share is None else f" · {100 * progress.share:.0f} %"
        self._lane.say("doing", f"{progress.what}{share}")


def _stop_all(lanes: Sequence[_Lane]) -> None:
    for lane in lanes:
        lane.stop()
