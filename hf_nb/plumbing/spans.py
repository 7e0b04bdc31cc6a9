"""One span per operation: what was done, how long it took, how it ended.

    with spans.span("hub.search", kind="models") as here:
        here.set(rows=12)

Names and ids follow OpenTelemetry (32 and 16 hex digits, `traceparent`). Spans nest by context, end in a bounded
list in memory and, when the setting `trace` is on, as JSON lines in the data folder: a moment later, by a thread of
their own, many together; at once where something went wrong or took long. Content is not kept; everything kept goes
through `redact`.
"""

import atexit
import contextlib
import json
import os
import random
import threading
import time
import weakref
from collections import deque
from collections.abc import Collection, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from hf_nb.plumbing import redact, token

KEPT_IN_MEMORY = 1_000
FILE_BYTES = 1_000_000
FILES = 5
LINE_BYTES = 64_000
TOGETHER, SOON = 256, 0.3  # spans that wait for one another, and seconds

_all: "weakref.WeakSet[Sink]" = weakref.WeakSet()
# Ids: drawn without asking the system each time, and apart from what a notebook draws or seeds.
_draws = random.Random()  # noqa: S311 -- no secret
_drawn = _draws.getrandbits
if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_draws.seed)
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

    def to_dict(self, secrets: Collection[str] | None = None) -> dict[str, Any]:
        """Redacted, ready for JSON; `secrets`: those in use, where they were just looked up."""
        record: dict[str, Any] = {
            "name": self.name,
            "trace_id": self.trace_id,
            "span_id": self.span_id,
            "parent_id": self.parent_id,
            "start": round(self.started, 6),
            "seconds": None if self.seconds is None else round(self.seconds, 6),
            "error": None if self.error is None else redact.text(self.error, secrets),
            "attributes": redact.tree(self.attributes, secrets),
        }
        return record


class Sink:
    """Where finished spans go."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self._recent: deque[Span] = deque(maxlen=KEPT_IN_MEMORY)
        self._begin_anew()
        _all.add(self)

    def _begin_anew(self) -> None:
        """Of its process: a fork has neither the thread nor the right to write what its parent will."""
        self._process = os.getpid()
        self._waiting: list[tuple[Span, Collection[str]]] = []
        self._thread: threading.Thread | None = None
        # Reentrant: an answer that nobody reads any more is closed wherever the collector finds it.
        self._lock = threading.RLock()
        self._writing = threading.RLock()

    def recent(self) -> tuple[Span, ...]:
        """The last spans, oldest first."""
        return tuple(self._recent)

    def add(self, span: Span) -> None:
        """Keep a finished span. A full disk loses the line, not the work it describes."""
        self._recent.append(span)
        if self.folder is None:
            return
        if self._process != os.getpid():
            self._begin_anew()
        secrets = token.hidden()  # now: what must not stand in it may be unknown a moment later
        with self._lock:
            self._waiting.append((span, secrets))
            many = len(self._waiting) >= TOGETHER
        if many or span.error is not None or (span.seconds or 0.0) > SOON:
            self.flush()
        elif self._thread is None:
            self._start()

    def flush(self) -> None:
        """Write what waits."""
        if self._process != os.getpid():
            return
        with self._writing:
            with self._lock:
                waiting, self._waiting = self._waiting, []
            if not waiting or self.folder is None:
                return
            with contextlib.suppress(OSError):
                self._append(b"".join(_lines(waiting)))

    def _start(self) -> None:
        """The thread that writes; it ends when nothing is left."""
        with self._lock:
            if self._thread is not None:
                return
            self._thread = threading.Thread(
                target=_write_soon, args=(self,), daemon=True, name="hf_nb traces"
            )
        try:
            self._thread.start()
        except RuntimeError:  # the interpreter is ending: it is written then
            self._thread = None

    def _ended(self) -> bool:
        with self._lock:
            if self._waiting:
                return False
            self._thread = None
            return True

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


_json = json.JSONEncoder(ensure_ascii=False, default=str)  # `json.dumps` would make one for each line


def _lines(spans: list[tuple[Span, Collection[str]]]) -> Iterator[bytes]:
    """Without what was a secret when each of them ended, or is one by now."""
    now = token.hidden()
    for span, then in spans:
        yield _line(span, now if then is now else sorted({*then, *now}, key=len, reverse=True))


def _line(span: Span, secrets: Collection[str]) -> bytes:
    line = _json.encode(span.to_dict(secrets))
    if len(line) > LINE_BYTES:
        line = _json.encode({**span.to_dict(secrets), "attributes": {"truncated": True}})
    return line.encode() + b"\n"


def _write_soon(sink: Sink) -> None:
    """Until nothing waits."""
    while True:
        time.sleep(SOON)
        with contextlib.suppress(Exception):  # what cannot be written is lost, and not what comes after it
            sink.flush()
        if sink._ended():  # noqa: SLF001 -- its own thread
            return


@atexit.register
def _at_the_end() -> None:
    for one in list(_all):
        one.flush()


def current() -> Span | None:
    """The span this code runs in."""
    return _current.get()


class span:  # noqa: N801 -- read as a word, `with spans.span(...)`; a class costs a third of a generator here
    """Run a block as one span."""

    __slots__ = ("_before", "_began", "_here", "_sink")

    def __init__(
        self, sink: Sink, name: str, attributes: MappingProxyType[str, Any] | dict[str, Any] | None = None
    ) -> None:
        self._sink, self._here = sink, begin(name, attributes)

    def __enter__(self) -> Span:
        self._before = _current.set(self._here)
        self._began = time.perf_counter()
        return self._here

    def __exit__(self, kind: object, wrong: BaseException | None, stack: object) -> None:
        here = self._here
        here.seconds = time.perf_counter() - self._began
        if wrong is not None:
            here.error = f"{type(wrong).__name__}: {wrong}"
        _current.reset(self._before)
        self._sink.add(here)


def begin(name: str, attributes: MappingProxyType[str, Any] | dict[str, Any] | None = None) -> Span:
    """A span for work that comes in pieces: each of them `inside` it; `seconds` set and given to a sink at the end."""
    parent = _current.get()
    return Span(
        name,
        parent.trace_id if parent else f"{_drawn(128):032x}",
        f"{_drawn(64):016x}",
        parent.span_id if parent else None,
        time.time(),
        {**attributes} if attributes else {},
    )


class inside:  # noqa: N801 -- as above
    """Run a block as a piece of a span that goes on after it: a generator's context is its reader's between pieces."""

    __slots__ = ("_before", "_here")

    def __init__(self, here: Span) -> None:
        self._here = here

    def __enter__(self) -> None:
        self._before = _current.set(self._here)

    def __exit__(self, *_: object) -> None:
        _current.reset(self._before)
