"""A Hub whose viewer knows two large datasets, and one between it and us that lies."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy
import pyarrow
import pyarrow.parquet

ROWS = 120_000
LINES = 200_000
LABELS = ["red", "green", "blue"]


def table(rows: int = ROWS) -> pyarrow.Table:
    """Every kind of column that the viewer counts, and one that it does not."""
    some = numpy.random.default_rng(7)
    few = some.choice(["alpha", "beta", "<img src=x onerror=alert(1)>"], rows)
    return pyarrow.table(
        {
            "id": pyarrow.array(some.permutation(rows)),
            "score": pyarrow.array(some.normal(50, 10, rows), mask=some.random(rows) < 0.05),
            "flag": some.random(rows) < 0.3,
            "few": few,
            "text": [f"{'word ' * int(n)}{at}" for at, n in enumerate(some.integers(1, 40, rows))],
            "when": pyarrow.array(some.integers(1_600_000_000, 1_700_000_000, rows), pyarrow.timestamp("s")),
            "list": [[1] * int(n) for n in some.integers(0, 6, rows)],
            "nested": [{"a": 1, "b": "x"}] * rows,
        }
    )


def parquet() -> bytes:
    kept = io.BytesIO()
    pyarrow.parquet.write_table(table(), kept, row_group_size=30_000, write_page_index=True)
    return kept.getvalue()


def line(number: int) -> bytes:
    return f'{number},"word {number * 7919 % 1000}, and more",{number / 8}\n'.encode()


def texts() -> bytes:
    return b"n,words,part\n" + b"".join(line(number) for number in range(LINES))


FILES = {
    "numbers": {"data/train-00000-of-00001.parquet": parquet},
    "lines": {"train.csv": texts},
    "packed": {"train.csv.gz": lambda: gzip.compress(texts(), 1)},
}


def fill(own: Any) -> dict[str, str]:
    """Their ids; the viewer has seen each of them."""
    from huggingface_hub import CommitOperationAdd

    api, ids = own.api("teacher"), {}
    for name, files in FILES.items():
        id = ids[name] = api.create_repo(f"lab/{own.name(name)}", repo_type="dataset").repo_id
        added = [CommitOperationAdd(path, make()) for path, make in files.items()]
        api.create_commit(id, added, commit_message="Rows", repo_type="dataset")
        _got(f"{own.hub.url}/datasets-server/splits?dataset={id}")  # which waits for the copy
    return ids


def _got(url: str) -> tuple[Any, str]:
    """What it says, and of which commit."""
    with urllib.request.urlopen(url) as said:  # noqa: S310 -- the tests' own Hub
        return json.loads(said.read()), said.headers["x-revision"]


_kept: dict[str, tuple[str, str]] = {}


def _said(url: str) -> tuple[Any, str]:
    """The same, at once where it was asked before."""
    if url not in _kept:
        value, revision = _got(url)
        _kept[url] = json.dumps(value), revision
    return json.loads(_kept[url][0]), _kept[url][1]


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@dataclass
class Liar:
    """Passes on what the viewer says, with something changed. `asked`: paths, and the headers that came."""

    hub: str
    change: Callable[[Any], Any] = lambda said: said
    raw: bytes | None = None
    status: int = 200
    revision: str | None = None
    drip: bool = False
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def answer(self, path: str) -> tuple[str, bytes]:
        value, revision = _said(f"{self.hub}/datasets-server{path}")
        changed = self.change(value)
        body = json.dumps(value if changed is None else changed).encode()
        return self.revision or revision, body if self.raw is None else self.raw


@contextlib.contextmanager
def lying(liar: Liar) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            liar.asked.append((self.path, dict(self.headers.items())))
            revision, body = liar.answer(self.path)
            self.send_response(liar.status)
            self.send_header("X-Revision", revision)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(OSError):
                if not liar.drip:
                    self.wfile.write(body)
                for at in range(len(body) if liar.drip else 0):
                    self.wfile.write(body[at : at + 1])
                    self.wfile.flush()
                    if liar.ended.wait(0.05):
                        break

        def log_message(self, *_: object) -> None:
            """Nothing."""

    http = _Quiet(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{http.server_port}"
    finally:
        liar.ended.set()
        http.shutdown()
        http.server_close()
        thread.join()
