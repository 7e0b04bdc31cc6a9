"""One conversation with one host: requests come in, events and answers go out.

receive ── a thread per request ── op(ask, **args) ── answer
                                   ask.tell(event)       on the way
        ── cancel, or a later generation of the same op: the thread is stopped, nobody is told

Messages may arrive on any thread (a kernel hands them to a subshell), so `receive` only looks and hands on.
"""

from __future__ import annotations

import contextlib
import contextvars
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from hf_nb.errors import BadInput, Busy, Refused, Stopped, TooLarge
from hf_nb.panels import ops, wire
from hf_nb.panels.wire import LONGEST, PROTOCOL, Buffer, Request, fitting, wrong
from hf_nb.plumbing import http, throwing
from hf_nb.plumbing.session import Session, current

# Requests of one conversation at the same time; a page that asks for more has lost its mind.
MOST = 32
# Threads that were stopped and have not ended yet: they wait in a library that does not hear us.
LINGERING = 64

Send = Callable[[dict[str, Any], Sequence[bytes]], None]


class Ask:
    """One request while it is worked on."""

    def __init__(self, request: Request, desk: Desk, given: Sequence[Buffer] = ()) -> None:
        self.request = request
        self.session = desk.session
        self.kernel = desk.kernel
        self.given = given  # came beside the question
        self.stopped = threading.Event()
        self.buffers: list[Buffer] = []  # sent beside the answer
        self._desk = desk
        self._guard = threading.Lock()
        self._home: int | None = None  # the thread of the op
        self._thread: int | None = None  # where a stop may be thrown in, and None while it may not
        self._whole = 0  # how deep in a block that a stop must not cut

    def tell(self, event: dict[str, Any], buffers: Sequence[Buffer] = ()) -> None:
        """Something on the way to the answer. Where nobody waits any more, the op ends here."""
        if threading.get_ident() != self._home:  # work that goes on elsewhere is not ours to stop
            if not self.stopped.is_set():
                self._desk.say(self, {"event": event}, buffers)
            return
        with self.in_one_piece():
            if not self.stopped.is_set():
                self._desk.say(self, {"event": event}, buffers)

    @contextlib.contextmanager
    def in_one_piece(self) -> Iterator[None]:
        """A stop that comes meanwhile is raised at the end of the block: a message is sent whole, a module loaded."""
        with self._guard:
            self._whole += 1
        try:
            yield
        finally:
            with self._guard:
                self._whole -= 1
        if self.stopped.is_set():
            raise Stopped

    def official(self) -> None:
        """Load the official client, where this is its first use, and have it go through ours."""
        with self.in_one_piece():
            http.install(self.session)

    def begin(self) -> None:
        """Work on it, in a thread that hears what its caller would."""
        context = contextvars.copy_context()
        name = f"hf_nb {self.request.op}"
        threading.Thread(target=context.run, args=(self._work,), daemon=True, name=name).start()

    def stop(self) -> None:
        """Nobody waits for it any more."""
        with self._guard:
            if self.stopped.is_set():
                return
            self.stopped.set()
            thrown = self._throw()
        if not thrown:  # whoever stops it has other things to do
            threading.Thread(target=self._throw_later, daemon=True, name="hf_nb stop").start()

    def _throw(self) -> bool:
        """Throw the stop in, once; False where that must wait. Whoever calls holds the guard."""
        if self._thread is None or self._whole:
            return True  # nothing is left to stop, or the block's end does
        if not throwing.throw(self._thread, Stopped):
            return False
        self._thread = None  # it is on its way
        return True

    def _throw_later(self) -> None:
        thrown = False
        while not thrown:
            time.sleep(throwing.AGAIN)
            with self._guard:
                thrown = self._throw()

    def _work(self) -> None:
        said: dict[str, Any] = {"error": wrong(Stopped())}
        here = threading.get_ident()
        try:
            try:
                with self._guard:
                    self._home = self._thread = here
                said = self._said()
                self._close(here)
            except BaseException:  # noqa: BLE001 -- a stop on its way, once, wherever it arrives
                self._close(here)
            if not self.stopped.is_set():
                self._desk.say(self, said, self.buffers)
        finally:
            self._desk.done(self)

    def _close(self, here: int) -> None:
        """From here on no stop is thrown in, and none is still on its way."""
        with self._guard:
            self._thread = None
            throwing.take_back(here)

    def _said(self) -> dict[str, Any]:
        try:
            return {"ok": self._answer()}
        except BaseException as error:  # noqa: BLE001 -- every end is an answer
            return {"error": wrong(error)}

    def _answer(self) -> Any:
        op = self.request.op
        with self.in_one_piece():  # a module that is half loaded stays broken
            function = ops.find(op)
        if function is None:
            raise BadInput(f"No op {op!r}.", "The page may be of another version: reload it.")
        if ops.needs_kernel(op) and not self.kernel:
            raise Refused("This needs a kernel.", "Start one, then try again.")
        return function(self, **fitting(function, self.request.args))


class Desk:
    """What stands behind one panel's channel. `kernel`: whether this process is the notebook's."""

    def __init__(self, send: Send, *, session: Session | None = None, kernel: bool = True) -> None:
        self._send = send
        self._session = session
        self.kernel = kernel
        self._lock = threading.Lock()
        self._running: dict[str, Ask] = {}
        self._closed = False

    @property
    def session(self) -> Session:
        """The process's session, unless another was given."""
        return self._session or current()

    @property
    def idle(self) -> bool:
        """Whether every thread of this conversation has ended."""
        return not self._running

    def receive(self, message: object, buffers: Sequence[Buffer] = ()) -> bool:
        """Take a message; False where it is none of ours."""
        request = Request.read(message)
        if request is None:
            return False
        ask = Ask(request, self, buffers)
        if refused := _refused(request, message, buffers):
            self.say(ask, {"error": wrong(refused)})
        elif request.op == "cancel":
            self._cancel((request.args or {}).get("id"))
        elif self._taken(ask):
            ask.begin()
        return True

    def say(self, ask: Ask, said: dict[str, Any], buffers: Sequence[Buffer] = ()) -> None:
        """Send. A host that is gone hears nothing, and then nobody waits for the answer either."""
        try:
            message, beside = wire.sendable(ask.request.id, said, buffers)
        except Exception as unfit:  # noqa: BLE001 -- too large, or no JSON: said instead of it
            message, beside = wire.sendable(ask.request.id, {"error": wrong(unfit)})
            ask.stop()  # it has had its answer
        try:
            self._send(message, beside)
        except Exception:  # noqa: BLE001 -- the page was closed, the comm is gone
            ask.stop()

    def done(self, ask: Ask) -> None:
        """A request has ended."""
        with self._lock:
            if self._running.get(ask.request.id) is ask:
                del self._running[ask.request.id]

    def close(self) -> None:
        """Stop whatever still runs, and take nothing more."""
        with self._lock:
            self._closed = True
            running = list(self._running.values())
        for one in running:
            one.stop()

    def _taken(self, ask: Ask) -> bool:
        """Find room for a request: what it replaces is stopped, and where there is none it is told so."""
        request = ask.request
        with self._lock:
            if self._closed or request.id in self._running:
                return False
            awaited = [one for one in self._running.values() if not one.stopped.is_set()]
            older = [one for one in awaited if _replaces(request, one.request)]
            left = [one for one in awaited if one not in older]
            # A page that was reloaded never said good-bye: what it watched makes room.
            gone = next((one for one in left if one.request.client != request.client), None)
            crowded = len(left) >= MOST
            full = (crowded and gone is None) or len(self._running) >= MOST + LINGERING
            if not full:
                self._running[request.id] = ask
        for one in older:
            one.stop()
        if full:
            self.say(ask, {"error": wrong(Busy("Too many questions at once.", "Wait for some of them."))})
        elif crowded and gone is not None:
            gone.stop()
            self.say(gone, {"error": wrong(Busy("Another page took its place.", "Reload this one."))})
        return not full

    def _cancel(self, id: object) -> None:
        with self._lock:
            one = self._running.get(id) if isinstance(id, str) else None
        if one is not None:
            one.stop()


def _refused(request: Request, message: object, buffers: Sequence[Buffer]) -> Exception | None:
    """Why a request is not worked on at all."""
    if request.v != PROTOCOL:
        return Refused(
            f"This page speaks {request.v[:20]}, and here it is {PROTOCOL}.",
            "Restart the kernel and reload the page.",
        )
    try:
        if wire.size(message, buffers) > LONGEST:
            return TooLarge("The question is too long.", f"At most {LONGEST:,} bytes go into one.")
    except (TypeError, ValueError, RecursionError):
        return BadInput("The question is no JSON.")
    return None


def _replaces(new: Request, old: Request) -> bool:
    return new.lane == old.lane and 0 < old.generation < new.generation
