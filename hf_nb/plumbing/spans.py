"""One span per operation: what was done, how long it took, how it ended.

    with spans.span("hub.search", kind="models") as here:
        here.set(rows=12)

Names and ids follow OpenTelemetry (32 and 16 hex digits, `traceparent`). Spans nest by context, end in a bounded
list in memory and, when the setting `trace` is on, as JSON lines in the data folder. Content is not kept;
everything kept goes through `redact`.
"""

import contextlib
import json
import os
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from hf_nb.plumbing import redact

KEPT_IN_MEMORY = 1_000
FILE_BYTES = 1_000_000
FILES = 5
LINE_BYTES = 64_000
TOGETHER, SOON = 32, 1.0  # lines that wait for one another, and seconds

_current: ContextVar["Span | None"] = ContextVar("hf_nb_span", default=None)


@dataclass
class Span:
    """An operation under way or done."""

    name: str
    trace_id: str
    span_id: str
    parent_id: str | None
    started: float
    attributes: dict[str, Any] = field(default_factory=dict)
    seconds: float | None = None
    error: str | None = None

    def set(self, **attributes: Any) -> None:
        """Add what became known on the way."""
        self.attributes.update(attributes)

    @property
    def traceparent(self) -> str:
        """The W3C header that ties a request to this span."""
        return f"00-{self.trace_id}-{self.span_id}-01"

    def to_dict(self) -> dict[str, Any]:
        """Redacted, ready for JSON."""
        record: dict[str, Any] = {
            "name": self.name,
            "trace_id": self.trace_id,
            "span_id": self.span_id,
            "parent_id": self.parent_id,
            "start": round(self.started, 6),
            "seconds": None if self.seconds is None else round(self.seconds, 6),
            "error": None if self.error is None else redact.text(self.error),
            "attributes": redact.tree(self.attributes),
        }
        return record


class Sink:
    """Where finished spans go."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self._recent: deque[Span] = deque(maxlen=KEPT_IN_MEMORY)
        self._waiting: list[bytes] = []
        self._since = 0.0  # when the first of them began to wait
        # Reentrant: an answer that nobody reads any more is closed wherever the collector finds it.
        self._lock = threading.RLock()

    def recent(self) -> tuple[Span, ...]:
        """The last spans, oldest first."""
        return tuple(self._recent)

    def add(self, span: Span) -> None:
        """Keep a finished span. A full disk loses the line, not the work it describes."""
        self._recent.append(span)
        if self.folder is None:
            return
        line = _line(span)  # now: what must not stand in it may be unknown a moment later
        with self._lock:
            # The line of a span inside another waits for that one's, though not for long: opening the file costs more.
            self._waiting.append(line)
            now = time.monotonic()
            self._since = now if len(self._waiting) == 1 else self._since
            if span.parent_id is not None and len(self._waiting) < TOGETHER and now - self._since < SOON:
                return
            lines, self._waiting = self._waiting, []
            with contextlib.suppress(OSError):
                self._append(b"".join(lines))

    def _append(self, lines: bytes) -> None:
        handle = os.open(self._file(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, lines)
        finally:
            os.close(handle)

    def _file(self) -> Path:
        assert self.folder is not None
        path = self.folder / "spans.jsonl"
        try:
            full = path.stat().st_size > FILE_BYTES
        except FileNotFoundError:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            return path
        if full:
            for number in range(FILES - 1, 0, -1):
                older = self.folder / f"spans.{number}.jsonl"
                newer = path if number == 1 else self.folder / f"spans.{number - 1}.jsonl"
                with contextlib.suppress(FileNotFoundError):
                    newer.replace(older)
        return path


def _line(span: Span) -> bytes:
    line = json.dumps(span.to_dict(), ensure_ascii=False, default=str)
    if len(line) > LINE_BYTES:
        short = {**span.to_dict(), "attributes": {"truncated": True}}
        line = json.dumps(short, ensure_ascii=False, default=str)
    return line.encode() + b"\n"


def current() -> Span | None:
    """The span this code runs in."""
    return _current.get()


@contextlib.contextmanager
def span(
    sink: Sink, name: str, attributes: MappingProxyType[str, Any] | dict[str, Any] | None = None
) -> Iterator[Span]:
    """Run a block as one span."""
    here = begin(name, attributes)
    token = _current.set(here)
    began = time.perf_counter()
    try:
        yield here
    except BaseException as wrong:
        here.error = f"{type(wrong).__name__}: {wrong}"
        raise
    finally:
        here.seconds = time.perf_counter() - began
        _current.reset(token)
        sink.add(here)


def begin(name: str, attributes: MappingProxyType[str, Any] | dict[str, Any] | None = None) -> Span:
    """A span for work that comes in pieces: each of them `inside` it; `seconds` set and given to a sink at the end."""
    parent = _current.get()
    return Span(
        name,
        parent.trace_id if parent else os.urandom(16).hex(),
        os.urandom(8).hex(),
        parent.span_id if parent else None,
        time.time(),
        dict(attributes or {}),
    )


@contextlib.contextmanager
def inside(here: Span) -> Iterator[None]:
    """Run a block as a piece of a span that goes on after it: a generator's context is its reader's between pieces."""
    token = _current.set(here)
    try:
        yield
    finally:
        _current.reset(token)
