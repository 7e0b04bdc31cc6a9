"""A server of OpenAI's kind on loopback whose models write at a pace of their own: the model's name says which.

with paced() as server: server.address

steady        100 tokens a second, for `TOKENS` tokens     long longer   10,000 tokens, 2,000 a second
other         the same pace, other words here and there    quick    a few words at once
markup        HTML and scripts as text                     patient  10 tokens a second
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from hf_nb.plumbing.wire.sse import DONE, event
from tests.render.hostile import CALL

TOKENS = 500
LONG = 10_000
WORDS = "the small house by the river was sold in spring to a family from the north who kept bees".split()
MARKUP = f"<img src=x onerror={CALL}><script>{CALL}</script> **bold** [x](javascript:{CALL}) </div></section>"


def words(many: int, *, other: bool = False) -> list[str]:
    """Tokens that make sentences; `other`: with another word now and then."""
    made = []
    for at in range(many):
        word = WORDS[at % len(WORDS)]
        word = "barn" if other and word == "house" else word
        made.append(f"{word}.\n" if at % 40 == 39 else f"{word} ")
    return made


MODELS: dict[str, tuple[list[str], float]] = {
    "steady": (words(TOKENS), 0.01),
    "other": (words(TOKENS, other=True), 0.01),
    "long": (words(LONG), 0.0005),
    "longer": (words(LONG, other=True), 0.0005),
    "patient": (words(TOKENS), 0.1),
    "quick": (["A", " quick", " answer", "."], 0.0),
    "clever": (["A", " clever", " answer", "."], 0.0),
    "markup": ([MARKUP], 0.0),
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 0

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(6, 1, 1)

    def log_message(self, format: str, *args: Any) -> None: ...

    def do_GET(self) -> None:
        self._whole(200, {"object": "list", "data": [{"id": one, "object": "model"} for one in MODELS]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        model = str(body["model"])
        if model not in MODELS:
            self._whole(401, {"error": {"message": "Invalid API key"}})
            return
        with contextlib.suppress(OSError):  # the other side has gone
            self._write(*MODELS[model])

    def _write(self, tokens: list[str], pace: float) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        began = time.monotonic()
        for at, token in enumerate(tokens):
            if (wait := began + at * pace - time.monotonic()) > 0:
                time.sleep(wait)
            self._say([{"index": 0, "delta": {"content": token}, "finish_reason": None}])
        self._say([{"index": 0, "delta": {}, "finish_reason": "stop"}])
        self._say([], usage={"prompt_tokens": 5, "completion_tokens": len(tokens)})
        self._piece(event(DONE))
        self.wfile.write(b"0\r\n\r\n")

    def _say(self, choices: list[Any], **more: Any) -> None:
        self._piece(event(json.dumps({"id": "x", "object": "chunk", "choices": choices, **more})))

    def _piece(self, raw: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(raw), raw))

    def _whole(self, status: int, body: Any) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)


@contextlib.contextmanager
def paced() -> Iterator[str]:
    """Its address, while the block runs."""
    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.daemon_threads = True
    threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{running.server_address[1]}/v1"
    finally:
        running.shutdown()
        running.server_close()
