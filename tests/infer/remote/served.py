"""A real server that speaks as OpenAI does, on loopback; the name of the model that is asked decides how it fails.

with served() as server: server.address, server.requests, server.busy
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from hf_nb.plumbing.wire.sse import DONE, event

PACE = 0.02  # seconds between two words of an endless answer


@dataclass
class Request:
    """What was asked. `port`: the caller's, so that a connection that is used again is seen."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any
    port: int


@dataclass
class Served:
    """The running server; `busy` counts answers that are being written."""

    address: str = ""
    requests: list[Request] = field(default_factory=list)
    busy: int = 0
    moved_to: str = ""
    mapping: dict[str, Any] = field(default_factory=dict)  # who serves models, as the Hub says it
    output: Any = None  # what its task routes answer
    says: str = ""  # answers everything as it answers the model of this name
    read: int = 0  # bytes of bodies, in and out
    written: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def sent(self) -> str:
        """Everything that arrived."""
        return repr(self.requests)

    def idle(self, seconds: float) -> bool:
        """Whether nothing is being written, soon."""
        until = time.monotonic() + seconds
        while self.busy and time.monotonic() < until:
            time.sleep(0.005)
        return not self.busy


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 0
    server: Any

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(6, 1, 1)

    def handle(self) -> None:
        with contextlib.suppress(OSError):  # the other side has gone
            super().handle()

    def log_message(self, format: str, *args: Any) -> None: ...

    def do_GET(self) -> None:
        self._note(None)
        if self.path.startswith("/api/models/"):
            self.json(200, {"inferenceProviderMapping": self.server.served.mapping})
            return
        rows = [{"id": "echo", "object": "model"}, {"id": "other", "object": "model"}]
        self.json(200, {"object": "list", "data": rows})

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["content-length"]))
        body = json.loads(raw)
        self._note(body)
        served: Served = self.server.served
        served.read += len(raw)
        with served.lock:
            served.busy += 1
        try:
            kind = served.says or str(body.get("model") or self.path.rpartition("/models/")[2])
            if "inputs" in body and served.output is not None:
                self.json(200, served.output)
            else:
                ANSWERS.get(kind.rpartition("/")[2].partition(":")[0], plain)(self, body)
        except OSError:  # the other side has gone
            self.close_connection = True
        finally:
            with served.lock:
                served.busy -= 1

    def _note(self, body: Any) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.served.requests.append(
            Request(self.command, self.path, headers, body, self.client_address[1])
        )

    def json(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        self.whole(status, json.dumps(body).encode(), {"content-type": "application/json", **(headers or {})})

    def whole(self, status: int, raw: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "content-length": str(len(raw))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.server.served.written += len(raw)
        self.wfile.write(raw)

    def begin(self, kind: str = "text/event-stream") -> None:
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()

    def piece(self, raw: bytes) -> None:
        self.server.served.written += len(raw)
        self.wfile.write(b"%x\r\n%s\r\n" % (len(raw), raw))

    def say(self, **delta: Any) -> None:
        finish, usage = delta.pop("finish", None), delta.pop("usage", None)
        chat = self.path.endswith("/chat/completions")
        shown = {"delta": delta} if chat else {"text": delta.get("content", "")}
        choices = [] if usage else [{"index": 0, **shown, "finish_reason": finish}]
        said = {"id": "x", "object": "chunk", "choices": choices, **({"usage": usage} if usage else {})}
        self.piece(event(json.dumps(said, ensure_ascii=False)))

    def end(self) -> None:
        self.wfile.write(b"0\r\n\r\n")

    def cut(self) -> None:
        self.close_connection = True
        self.connection.shutdown(2)


def plain(handler: Handler, body: Any) -> None:
    """An echo, word by word; vectors that count letters."""
    if handler.path.endswith("/embeddings"):
        rows = [{"index": n, "embedding": letters(text)} for n, text in enumerate(body["input"])]
        handler.json(200, {"data": rows[::-1], "usage": {"prompt_tokens": 3, "total_tokens": 3}})
        return
    said = body["messages"][-1]["content"] if "messages" in body else body["prompt"]
    words = f"You said: {said}".split(" ")
    if not body.get("stream"):
        message = {"message": {"role": "assistant", "content": " ".join(words)}, "finish_reason": "stop"}
        handler.json(200, {"choices": [message]})
        return
    handler.begin()
    handler.say(role="assistant", content="")
    for word in [words[0], *(f" {one}" for one in words[1:])]:
        handler.say(content=word)
    handler.say(finish="stop")
    handler.say(usage={"prompt_tokens": 5, "completion_tokens": len(words)})
    handler.piece(event(DONE))
    handler.end()


def letters(text: str) -> list[float]:
    return [float(text.lower().count(one)) for one in "abcdefghijklmnopqrstuvwxyz"]


def whole(handler: Handler, body: Any) -> None:
    plain(handler, {**body, "stream": False})


def endless(handler: Handler, body: Any) -> None:
    handler.begin()
    while True:
        handler.say(content="on and on ")
        time.sleep(PACE)


def silent(handler: Handler, body: Any) -> None:
    handler.connection.settimeout(30)
    handler.connection.recv(1)  # until the other side goes


def stalled(handler: Handler, body: Any) -> None:
    handler.begin()
    for _ in range(5):
        handler.say(content="so ")
    silent(handler, body)


def unended(handler: Handler, body: Any) -> None:
    handler.begin()
    handler.say(content="half an ")
    handler.end()


def only_done(handler: Handler, body: Any) -> None:
    handler.begin()
    handler.say(content="all")
    handler.piece(event(DONE))
    handler.end()


def only_finish(handler: Handler, body: Any) -> None:
    handler.begin()
    handler.say(content="all")
    handler.say(finish="length")
    handler.end()


def twice(handler: Handler, body: Any) -> None:
    handler.begin()
    handler.say(content="all")
    handler.say(finish="stop")
    handler.piece(event(DONE) + event(DONE))
    handler.end()


def open_end(handler: Handler, body: Any) -> None:
    handler.begin()
    handler.say(content="all")
    handler.say(finish="stop")
    handler.piece(event(DONE))
    silent(handler, body)


def cut_mid(handler: Handler, body: Any) -> None:
    handler.begin()
    handler.say(content="half an ")
    handler.wfile.write(b"40\r\ndata: {")
    handler.cut()


def cut_early(handler: Handler, body: Any) -> None:
    handler.cut()


def malformed(handler: Handler, body: Any) -> None:
    handler.begin()
    handler.say(content="half an ")
    handler.piece(event('{"choices": [{"delta": {"con'))
    handler.end()


def in_band(handler: Handler, body: Any) -> None:
    handler.begin()
    handler.say(content="half an ")
    handler.piece(event(json.dumps({"error": {"code": 503, "message": "Engine overloaded"}})))
    handler.end()


def in_band_text(handler: Handler, body: Any) -> None:
    handler.begin()
    handler.piece(event(json.dumps({"error": "Model is overloaded", "error_type": "overloaded"})))
    handler.end()


def split(handler: Handler, body: Any) -> None:
    said = {"choices": [{"delta": {"content": "Zürich 🇨🇭 日本"}, "finish_reason": "stop"}]}
    raw = event(json.dumps(said, ensure_ascii=False)) + event(DONE)
    handler.begin()
    for n in range(len(raw)):
        handler.piece(raw[n : n + 1])
    handler.end()


def tools(handler: Handler, body: Any) -> None:
    handler.begin()

    def bit(**function: str) -> dict[str, Any]:
        return {"index": 0, "function": function}

    handler.say(tool_calls=[{**bit(name="weather", arguments=""), "id": "call_1", "type": "function"}])
    for part in ('{"ci', 'ty": "Be', 'rn"}'):
        handler.say(tool_calls=[bit(arguments=part)])
    handler.say(tool_calls=[{"index": 1, "id": "call_2", "function": {"name": "time", "arguments": "{}"}}])
    handler.say(finish="tool_calls")
    handler.piece(event(DONE))
    handler.end()


def page(status: int) -> Callable[[Handler, Any], None]:
    return lambda handler, _: handler.whole(
        status, b"<!doctype html><h1>Gateway</h1>", {"content-type": "text/html"}
    )


def empty(handler: Handler, body: Any) -> None:
    handler.whole(200, b"", {"content-type": "text/event-stream"})


def moved(handler: Handler, body: Any) -> None:
    where = handler.server.served.moved_to
    handler.whole(307, b"", {"location": f"{where}{handler.path}"})


def echoes_key(handler: Handler, body: Any) -> None:
    key = handler.headers.get("authorization", "")
    handler.json(401, {"error": {"message": f"Incorrect API key provided: {key}\nsecond line"}})


def status(code: int, error: Any, **headers: str) -> Callable[[Handler, Any], None]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler, _: handler.json(code, {"error": error}, named)


ANSWERS: dict[str, Callable[[Handler, Any], None]] = {
    "whole": whole,
    "endless": endless,
    "silent": silent,
    "stalled": stalled,
    "unended": unended,
    "only-done": only_done,
    "only-finish": only_finish,
    "twice": twice,
    "open-end": open_end,
    "cut-mid": cut_mid,
    "cut-early": cut_early,
    "malformed": malformed,
    "in-band": in_band,
    "in-band-text": in_band_text,
    "split": split,
    "tools": tools,
    "page-200": page(200),
    "page-502": page(502),
    "empty": empty,
    "moved": moved,
    "echoes-key": echoes_key,
    "bad": status(400, {"message": "temperature must be at most 2"}),
    "unprocessable": status(422, "inputs: field required"),
    "no-key": status(401, {"message": "Invalid API key"}),
    "forbidden": status(403, {"message": "not for you"}),
    "no-money": status(402, {"message": "Payment required"}),
    "no-quota": status(429, {"message": "You exceeded your current quota", "code": "insufficient_quota"}),
    "unknown": status(404, {"message": "model not found"}),
    "not-supported": status(
        400, {"message": "x is not supported by any provider", "code": "model_not_supported"}
    ),
    "too-long": status(400, {"message": "too long", "code": "context_length_exceeded"}),
    "too-big": status(413, "Payload too large"),
    "filtered": status(400, {"message": "no", "code": "content_filter"}),
    "limited": status(429, "slow down", retry_after="7"),
    "busy": status(503, "Service unavailable", retry_after_ms="1500"),
    "loading": status(503, "Model x is currently loading"),
    "overloaded": status(529, {"type": "overloaded_error", "message": "Overloaded"}),
}


@contextlib.contextmanager
def served() -> Iterator[Served]:
    """The server, while the block runs."""
    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.daemon_threads = True
    named = Served(f"http://127.0.0.1:{running.server_address[1]}/v1")
    running.served = named  # type: ignore[attr-defined]
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield named
    finally:
        running.shutdown()
        running.server_close()


if __name__ == "__main__":  # a process of its own, for the benchmark; it ends with its input
    import sys

    with served() as alone:
        alone.output = [[{"label": "good", "score": 0.9}, {"label": "bad", "score": 0.1}]]
        print(alone.address, flush=True)
        sys.stdin.read()
