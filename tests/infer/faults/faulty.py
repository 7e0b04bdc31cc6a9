"""A server that speaks as OpenAI does and fails as it is told: the fault is the model's name.

/first/v1     fails        /second/v1     the same model, in good order
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

TOKENS = ("Good ", "day, ", "Zoë ", "👋 ", "and ", "welcome.")
TEXT = "".join(TOKENS)
# How long a client is told to wait for a part, and a stall that is longer than that.
PATIENCE, STALL, DRIP = 0.6, 5.0, 0.8


class Faulty(ThreadingHTTPServer):
    """`asked`: which place, for which model."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str]] = []
        self.over = threading.Event()

    def address(self, place: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/{place}/v1"

    def times(self, place: str, model: str) -> int:
        return self.asked.count((place, model))

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is what half of this is about."""


@contextlib.contextmanager
def serving() -> Iterator[Faulty]:
    """One, until the block ends."""
    server = Faulty()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: Faulty
    faults: ClassVar[dict[str, Callable[[Handler], None]]] = {}

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        place, model = self.path.split("/")[1], str(body["model"])
        self.server.asked.append((place, model))
        self.streams = bool(body.get("stream"))
        if place == "second":
            good(self)
        else:
            self.faults[model](self)

    def do_GET(self) -> None:
        self.refuse(404, "There is nothing to read here.")

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""

    # -- what faults are made of

    def whole(self, status: int, body: bytes, kind: str = "application/json", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"content-type": kind, "content-length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def refuse(self, status: int, message: str, **headers: str) -> None:
        self.whole(status, json.dumps({"error": {"message": message, "code": status}}).encode(), **headers)

    def begin(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        self.wfile.flush()

    def piece(self, raw: bytes) -> None:
        self.wfile.write(f"{len(raw):x}\r\n".encode() + raw + b"\r\n")
        self.wfile.flush()

    def say(self, *tokens: str, every: float = 0.0) -> None:
        for token in tokens:
            self.piece(part(delta={"role": "assistant", "content": token}))
            if every:
                self.rest(every)

    def done(self) -> None:
        self.piece(part(finish="stop") + b"data: [DONE]\n\n")
        self.end()

    def end(self) -> None:
        self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def rest(self, seconds: float) -> None:
        self.server.over.wait(seconds)

    def cut(self) -> None:
        """No more bytes, in the middle of one."""
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)


def part(delta: dict[str, str] | None = None, finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta or {}, "finish_reason": finish}
    said = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return b"data: " + json.dumps(said, ensure_ascii=False).encode() + b"\n\n"


def good(at: Handler) -> None:
    if at.streams:
        at.begin()
        at.say(*TOKENS)
        at.done()
        return
    message = {"role": "assistant", "content": TEXT}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    usage = {"prompt_tokens": 3, "completion_tokens": 6, "total_tokens": 9}
    said = {
        "id": "1",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [choice],
        "usage": usage,
    }
    at.whole(200, json.dumps(said).encode())


def _no_end_mark(at: Handler) -> None:
    at.begin()
    at.say(*TOKENS[:5])
    at.end()


def _cut(at: Handler) -> None:
    at.begin()
    at.say(*TOKENS[:3])
    raw = part(delta={"content": TOKENS[3]})
    at.wfile.write(f"{len(raw):x}\r\n".encode() + raw[: len(raw) // 2])
    at.wfile.flush()
    at.cut()


def _malformed(at: Handler) -> None:
    at.begin()
    at.say(*TOKENS[:3])
    at.piece(b'data: {"choices": [{"delta": {"content": "broken\n\n')
    at.say(*TOKENS[3:])
    at.done()


def _error_object(at: Handler) -> None:
    at.begin()
    at.say(*TOKENS[:3])
    at.piece(b'data: {"error": {"message": "The model is overloaded.", "code": 503}}\n\n')
    at.end()


def _error_string(at: Handler) -> None:
    at.begin()
    at.say(*TOKENS[:3])
    at.piece(b'data: {"error": "The model is overloaded."}\n\n')
    at.end()


def _stall_first(at: Handler) -> None:
    at.begin()
    at.rest(STALL)
    at.cut()


def _stall_later(at: Handler) -> None:
    at.begin()
    at.say(*TOKENS[:5])
    at.rest(STALL)
    at.cut()


def _hang(at: Handler) -> None:
    at.rest(STALL)
    at.cut()


def _drip(at: Handler) -> None:
    at.begin()
    at.say(*TOKENS, every=DRIP)
    at.done()


def _two_ends(at: Handler) -> None:
    at.begin()
    at.say(*TOKENS)
    at.piece(part(finish="stop") + part(finish="stop") + b"data: [DONE]\n\n" + b"data: [DONE]\n\n")
    at.end()


def _split(at: Handler) -> None:
    """Every byte by itself, so every character is cut."""
    at.begin()
    for token in TOKENS:
        for byte in part(delta={"content": token}):
            at.piece(bytes([byte]))
    at.done()


Handler.faults = {
    "good": good,
    "429-retry-after": lambda at: at.refuse(429, "Too many requests.", retry_after="2"),
    "503": lambda at: at.refuse(503, "The server is overloaded."),
    "401": lambda at: at.refuse(401, "The key is wrong."),
    "400": lambda at: at.refuse(400, "temperature must not be negative."),
    "404": lambda at: at.refuse(404, "The model does not exist."),
    "no-end-mark": _no_end_mark,
    "cut-mid-chunk": _cut,
    "malformed-json": _malformed,
    "in-band-object": _error_object,
    "in-band-string": _error_string,
    "stall-before-first": _stall_first,
    "stall-after-five": _stall_later,
    "hang-no-stream": _hang,
    "html-502": lambda at: at.whole(502, b"<html><body>Bad gateway</body></html>", "text/html"),
    "empty-200": lambda at: at.whole(200, b"", "text/event-stream"),
    "drip-slower-than-idle": _drip,
    "two-end-marks": _two_ends,
    "split-utf8": _split,
}
