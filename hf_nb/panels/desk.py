"""One conversation with one host: requests come in, events and answers go out.

receive ── a thread per request ── op(ask, **args) ── answer
                                   ask.tell(event)       on the way
        ── cancel, or a later generation of the same op: the thread is stopped, nobody is told

Messages may arrive on any thread (a kernel hands them to a subshell), so `receive` only looks and hands on.
"""

from __future__ import annotations

import contextlib
import contextvars
import ctypes
import json
import threading
from collections.abc import Callable, Sequence
from typing import Any

from hf_nb.errors import BadInput, Busy, HfNbError, Refused, Stopped, TooLarge
from hf_nb.panels import ops
from hf_nb.panels.wire import LONGEST, PROTOCOL, Request, fitting, wrong
from hf_nb.plumbing import redact
from hf_nb.plumbing.session import Session, current

# Requests of one conversation at the same time; a page that asks for more has lost its mind.
MOST = 32

Send = Callable[[dict[str, Any], Sequence[bytes]], None]


class Ask:
    """One request while it is worked on."""

    def __init__(self, request: Request, desk: Desk) -> None:
        self.request = request
        self.session = desk.session
        self.kernel = desk.kernel
        self.stopped = threading.Event()
        self.buffers: list[bytes] = []  # sent beside the answer
        self._desk = desk
        self._guard = threading.Lock()
        self._over = False
        self._thread: threading.Thread | None = None

    def tell(self, event: dict[str, Any], buffers: Sequence[bytes] = ()) -> None:
        """Something on the way to the answer."""
        if not self.stopped.is_set():
            self._desk.say(self, {"event": event}, buffers)

    def begin(self) -> None:
        """Work on it, in a thread that hears what its caller would."""
        context = contextvars.copy_context()
        self._thread = threading.Thread(
            target=context.run, args=(self._work,), daemon=True, name=f"hf_nb {self.request.op}"
        )
        self._thread.start()

    def stop(self) -> None:
        """Nobody waits for it any more."""
        self.stopped.set()
        with self._guard:
            if not self._over and self._thread is not None and self._thread.ident is not None:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(
                    ctypes.c_ulong(self._thread.ident), ctypes.py_object(Stopped)
                )

    def _work(self) -> None:
        said: dict[str, Any]
        try:
            try:
                said = {"ok": self._answer()}
            finally:
                with self._guard:  # from here on nothing may be thrown into this thread
                    self._over = True
        except BaseException as error:  # noqa: BLE001 -- every end is an answer
            said = {"error": wrong(error)}
        with contextlib.suppress(Stopped):  # thrown in just before the guard
            self._desk.done(self)
        if not self.stopped.is_set():
            self._desk.say(self, said, self.buffers)

    def _answer(self) -> Any:
        function = ops.find(self.request.op)
        if function is None:
            raise BadInput(f"No op {self.request.op!r}.", "The page may be of another version: reload it.")
        if ops.needs_kernel(self.request.op) and not self.kernel:
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

    @property
    def session(self) -> Session:
        """The process's session, unless another was given."""
        return self._session or current()

    def receive(self, message: object, buffers: Sequence[bytes] = ()) -> bool:
        """Take a message; False where it is none of ours."""
        request = Request.read(message)
        if request is None:
            return False
        if request.op == "cancel":
            self._cancel(request.args.get("id"))
            return True
        ask = Ask(request, self)
        with self._lock:
            older = [
                one
                for one in self._running.values()
                if one.request.lane == request.lane and 0 < one.request.generation < request.generation
            ]
            full = len(self._running) - len(older) >= MOST or request.id in self._running
            if not full:
                self._running[request.id] = ask
        for one in older:
            one.stop()
        if full:
            self.say(ask, {"error": wrong(Busy("Too many questions at once.", "Wait for some of them."))})
        else:
            ask.begin()
        return True

    def say(self, ask: Ask, said: dict[str, Any], buffers: Sequence[bytes] = ()) -> None:
        """Send, with no credential in it and within bounds. A host that is gone hears nothing."""
        message = {"v": PROTOCOL, "id": ask.request.id, **redact.tree(said)}
        size = len(json.dumps(message, ensure_ascii=False).encode()) + sum(map(len, buffers))
        if size > LONGEST:
            large: HfNbError = TooLarge(f"An answer of {size:,} bytes.", "Ask for less at once.")
            message, buffers = {"v": PROTOCOL, "id": ask.request.id, "error": wrong(large)}, ()
        with contextlib.suppress(Exception):  # the page was closed, the comm is gone
            self._send(message, list(buffers))

    def done(self, ask: Ask) -> None:
        """A request has ended."""
        with self._lock:
            self._running.pop(ask.request.id, None)

    def close(self) -> None:
        """Stop whatever still runs."""
        with self._lock:
            running = list(self._running.values())
        for one in running:
            one.stop()

    def _cancel(self, id: object) -> None:
        with self._lock:
            one = self._running.get(id) if isinstance(id, str) else None
        if one is not None:
            one.stop()
