"""A server of ranges on loopback, slow on purpose, that counts.

with serving({"/a.parquet": content}, latency=0.05, speed=50e6) as server:
    server.url("/a.parquet")
    server.bytes, server.requests, server.asked     what was sent, how often, and every request

A content is bytes, or anything with `size` and `part(begin, end)`: a file of 10 GB need not exist.
"""

from __future__ import annotations

import contextlib
import re
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol

_SPAN = re.compile(r"bytes=(\d*)-(\d*)")
_PIECE = 64 * 1024


class Content(Protocol):
    """Bytes that need not be in memory."""

    @property
    def size(self) -> int: ...

    def part(self, begin: int, end: int) -> bytes: ...


@dataclass
class Held:
    """Bytes in memory."""

    raw: bytes

    @property
    def size(self) -> int:
        return len(self.raw)

    def part(self, begin: int, end: int) -> bytes:
        return self.raw[begin:end]


@dataclass
class OnDisk:
    """A file."""

    path: Path

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    def part(self, begin: int, end: int) -> bytes:
        with self.path.open("rb") as file:
            file.seek(begin)
            return file.read(end - begin)


@dataclass
class Asked:
    """A request; it is counted when it comes, its bytes before they go."""

    path: str
    headers: Mapping[str, str]
    status: int = 0
    sent: int = 0


@dataclass
class Behaviour:
    """What the server does, changed while it runs.

    whole       ranges are ignored, everything is sent          no_suffix   "the last N" is refused (416)
    unsized     such an answer does not say how long it is      cut         an answer ends after so many bytes
    stall       it stops for ever after so many bytes           cuts        how many answers are cut
    status      every answer is this refusal                    statuses    the next ones are these
    etag        of all files                                    redirect    to another origin, with a signature
    loop        it redirects to itself                          expired     signatures that are no longer good
    encoding    what it says of the content's encoding          shift       it sends a span beside the one asked for
    most        bytes that one answer holds                     nameless    it does not say which span it sends
    """

    latency: float = 0.0
    speed: float | None = None
    whole: bool = False
    no_suffix: bool = False
    unsized: bool = False
    cut: int | None = None
    cuts: int | None = None
    stall: int | None = None
    status: int | None = None
    statuses: list[int] = field(default_factory=list)
    etag: str | None = '"one"'
    redirect: str | None = None
    loop: bool = False
    expired: set[str] = field(default_factory=set)
    encoding: str | None = None
    shift: int = 0
    most: int | None = None
    nameless: bool = False


class Server:
    """A running server."""

    def __init__(self, contents: Mapping[str, bytes | Content], **how: Any) -> None:
        self.contents: dict[str, Content] = {
            path: Held(one) if isinstance(one, bytes) else one for path, one in contents.items()
        }
        self.how = Behaviour(**how)
        self.asked: list[Asked] = []
        self.signatures = 0
        self.ended = threading.Event()
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"of": self})
        self.http = _Quiet(("127.0.0.1", 0), handler)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.http.server_port}"

    def url(self, path: str) -> str:
        """A file's address."""
        return self.origin + path

    @property
    def bytes(self) -> int:
        """Of bodies, so far."""
        return sum(one.sent for one in self.asked)

    @property
    def requests(self) -> int:
        """So far."""
        return len(self.asked)

    def clear(self) -> None:
        """Count from here."""
        with self._lock:
            self.asked.clear()

    def note(self, one: Asked) -> None:
        with self._lock:
            self.asked.append(one)

    def signed(self) -> str:
        with self._lock:
            self.signatures += 1
            return f"s{self.signatures}"


@contextlib.contextmanager
def serving(contents: Mapping[str, bytes | Content], **how: Any) -> Iterator[Server]:
    """A server while the block runs."""
    server = Server(contents, **how)
    thread = threading.Thread(target=server.http.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        server.http.shutdown()
        server.http.server_close()
        thread.join()


class _Quiet(ThreadingHTTPServer):
    """Clients that go away, as those do that were stopped, are nothing to speak of."""

    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    of: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        how, path = self.of.how, self.path.partition("?")[0]
        self.asked = Asked(self.path, dict(self.headers.items()))
        self.of.note(self.asked)
        time.sleep(how.latency)
        try:
            self._answer(how, path)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def do_HEAD(self) -> None:
        """Asked by other readers than ours."""
        path = self.path.partition("?")[0]
        self.of.note(Asked(self.path, dict(self.headers.items())))
        time.sleep(self.of.how.latency)
        content = self.of.contents.get(path)
        self.send_response(200 if content else 404)
        named = {"Content-Length": str(content.size if content else 0), "Accept-Ranges": "bytes"}
        for name, value in {**named, "ETag": self.of.how.etag or '""'}.items():
            self.send_header(name, value)
        self.end_headers()

    def _answer(self, how: Behaviour, path: str) -> None:
        signature = self.path.partition("signature=")[2]
        if how.statuses or how.status:
            return self._refuse(how.statuses.pop(0) if how.statuses else int(how.status or 0))
        if how.loop:
            return self._moved(self.path)
        if how.redirect:
            return self._moved(f"{how.redirect}{path}?signature={self.of.signed()}")
        if signature in how.expired:
            return self._refuse(403)
        content = self.of.contents.get(path)
        if content is None:
            return self._refuse(404)
        span = None if how.whole else self._span(content.size)
        if span == "bad":
            return self._refuse(416, {"Content-Range": f"bytes */{content.size}"})
        return self._send(how, content, span)

    def _span(self, size: int) -> Any:
        found = _SPAN.fullmatch(self.headers.get("Range", ""))
        if found is None:
            return None
        first, last = found.groups()
        if not first:
            if self.of.how.no_suffix or not size:
                return "bad"
            return max(0, size - int(last)), size
        begin, end = int(first), min(size, int(last) + 1 if last else size)
        return (begin, end) if begin < end else "bad"

    def _send(self, how: Behaviour, content: Content, span: tuple[int, int] | None) -> None:
        begin, end = span or (0, content.size)
        if span and how.most:
            end = min(end, begin + how.most)
        if span:
            begin, end = begin + how.shift, min(content.size, end + how.shift)
        self._begin(206 if span else 200)
        if span and not how.nameless:
            self.send_header("Content-Range", f"bytes {begin}-{end - 1}/{content.size}")
        if how.unsized:
            self.send_header("Connection", "close")
            self.close_connection = True
        else:
            self.send_header("Content-Length", str(end - begin))
        for name, value in (("ETag", how.etag), ("Content-Encoding", how.encoding)):
            if value:
                self.send_header(name, value)
        self.end_headers()
        self._body(how, content, begin, end)

    def _body(self, how: Behaviour, content: Content, begin: int, end: int) -> None:
        began = time.monotonic()
        stop = end
        if how.cut is not None and (how.cuts is None or how.cuts > 0):
            how.cuts = None if how.cuts is None else how.cuts - 1
            stop = min(end, begin + how.cut)
        if how.stall is not None:
            stop = min(end, begin + how.stall)
        for at in range(begin, stop, _PIECE):
            piece = content.part(at, min(at + _PIECE, stop))
            self.asked.sent += len(piece)
            self.wfile.write(piece)
            if how.speed:
                time.sleep(max(0.0, began + self.asked.sent / how.speed - time.monotonic()))
        if stop < end:
            if how.stall is not None:
                self.of.ended.wait()
            self.close_connection = True

    def _moved(self, where: str) -> None:
        self._begin(302)
        self.send_header("Location", where)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _refuse(self, code: int, headers: Mapping[str, str] | None = None) -> None:
        self._begin(code)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _begin(self, code: int) -> None:
        self.asked.status = code
        self.send_response(code)

    def log_message(self, *_: object) -> None:
        """Nothing."""
