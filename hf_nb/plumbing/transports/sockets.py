"""The socket a question waits on, so that another thread can shut it.

    line = Line()
    with line:            in the thread that asks: what it reads and writes is this line's
        client.send(...)
    line.shut()           in any other: the read ends at once

Closing a response from outside does not wake a thread that reads. The library's network backend is wrapped instead;
where it has no such thing the reading thread ends with its timeout.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from contextvars import ContextVar, Token
from typing import Any, Self

from hf_nb.plumbing.transports.wrapper import Transport, Wrapper

_line: ContextVar[Line | None] = ContextVar("hf_nb_line", default=None)


class Line:
    """One question's way through the network. `wait`: seconds a read may take now, where that is less than agreed."""

    def __init__(self) -> None:
        self.wait: float | None = None
        self.gone = False
        self._stream: Any = None
        self._lock = threading.Lock()
        self._token: Token[Line | None] | None = None

    def __enter__(self) -> Self:
        self._token = _line.set(self)
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._stream = None
        if self._token is not None:
            _line.reset(self._token)

    def take(self, stream: Any) -> None:
        """This is what the question waits on now."""
        if self._stream is not stream or self.gone:
            with self._lock:
                self._stream = stream
                if self.gone:
                    _shut(stream)

    def shut(self) -> None:
        """End it: whoever reads is woken, and so is the other side."""
        with self._lock:
            self.gone = True
            if self._stream is not None:
                _shut(self._stream)


class Stream:
    """A network stream that says whose it is."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        line = _line.get()
        if line is not None:
            line.take(self.inner)
            if line.wait is not None:
                timeout = line.wait if timeout is None else min(timeout, line.wait)
        got: bytes = self.inner.read(max_bytes, timeout)
        return got

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if (line := _line.get()) is not None:
            line.take(self.inner)
        self.inner.write(buffer, timeout)

    def start_tls(self, *args: Any, **named: Any) -> Stream:
        return _taken(self.inner.start_tls(*args, **named))

    def close(self) -> None:
        self.inner.close()

    def get_extra_info(self, info: str) -> Any:
        return self.inner.get_extra_info(info)


class Network:
    """The library's network backend, with such streams."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def connect_tcp(self, *args: Any, **named: Any) -> Stream:
        return _taken(self.inner.connect_tcp(*args, **named))

    def connect_unix_socket(self, *args: Any, **named: Any) -> Stream:
        return _taken(self.inner.connect_unix_socket(*args, **named))

    def sleep(self, seconds: float) -> None:
        self.inner.sleep(seconds)


class Sockets(Wrapper):
    """The library's transport, its sockets known; none is left open by a try that began after it was closed."""

    def __init__(self, inner: Transport) -> None:
        super().__init__(inner)
        self._closed = False
        pool = getattr(inner, "_pool", None)
        backend = getattr(pool, "_network_backend", None)
        if pool is not None and backend is not None:
            pool._network_backend = Network(backend)  # noqa: SLF001 -- tests/infer/remote notices a new name

    def handle_request(self, request: Any) -> Any:
        if self._closed:  # a thread that nobody waits for tries once more: nobody will close what it opens
            request.headers["connection"] = "close"
        return self.inner.handle_request(request)

    def close(self) -> None:
        self._closed = True
        self.inner.close()


def _taken(stream: Any) -> Stream:
    if (line := _line.get()) is not None:
        line.take(stream)
    return Stream(stream)


def _shut(stream: Any) -> None:
    sock = stream.get_extra_info("socket")
    if sock is not None:
        # not the method of a TLS socket, which takes its state away under the thread that reads
        with contextlib.suppress(OSError):
            socket.socket.shutdown(sock, socket.SHUT_RDWR)
