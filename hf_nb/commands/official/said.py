"""What one official command says while it runs, kept apart from what any other call in this process says.

The official client prints through one object and a few bare prints, all of them the process's. Each is given a layer,
once, that asks whose context it runs in: inside a call it is kept for that call, anywhere else it passes as before.

with said.listening(Said(mode="json")) as said:
    …                                   said.events: Rows, Record, Result, Text, Printed, Note, in order
"""

from __future__ import annotations

import contextlib
import logging
import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from hf_nb.errors import BadInput, HfNbError, TooLarge
from hf_nb.plumbing import progress, redact

MOST_BYTES = 20_000_000  # of text in one answer; a notebook with more cannot be opened
MOST_LINES = 10_000  # kept of what was streamed
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


@dataclass(frozen=True)
class Rows:
    """`out.table`."""

    items: Sequence[Mapping[str, Any]]
    headers: Sequence[str] | None = None
    id: str | None = None


@dataclass(frozen=True)
class Record:
    """`out.dict`."""

    data: Any
    id: str | None = None


@dataclass(frozen=True)
class Result:
    """`out.result`."""

    message: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Text:
    """`out.text`."""

    human: str | None
    agent: str | None


@dataclass(frozen=True)
class Printed:
    """A bare print."""

    text: str


@dataclass(frozen=True)
class Note:
    """What goes to stderr: a warning, an error, a hint or a log line."""

    kind: str
    text: str


Event = Rows | Record | Result | Text | Printed | Note


@dataclass
class Said:
    """One call. `mode` is what the command is told it writes for; `live`: text is shown as it comes."""

    mode: str
    live: bool = False
    body: str | None = None
    confirm: Callable[[str, str], None] | None = None
    no_truncate: bool = False
    asked: str | None = None
    events: list[Event] = field(default_factory=list)
    hear: progress.Listener = field(default_factory=progress.listener)
    wrong: HfNbError | None = None
    _bytes: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, event: Event) -> None:
        """Keep it, and show it at once if it streams."""
        with self._lock:
            if self.live and isinstance(event, Text | Printed) and len(self.events) >= MOST_LINES:
                del self.events[: MOST_LINES // 10]
            self.events.append(event)
        if self.live and isinstance(event, Text | Printed):
            with outside():
                text = event.text if isinstance(event, Printed) else f"{event.human or ''}\n"
                sys.stdout.write(redact.tokens(text))
                sys.stdout.flush()

    def print(self, text: str, *, error: bool = False) -> None:
        """A bare print, or a write to a stream."""
        text = bare(text)
        if not text or (error and not text.strip()):
            return
        if not self.live:
            self._bytes += len(text)
            if self._bytes > MOST_BYTES:
                size = f"{MOST_BYTES // 1_000_000} MB"
                self.fail(
                    TooLarge(f"The answer is longer than {size} of text.", "Give it a file to write to.")
                )
                return
        self.add(Note("warning", text.strip()) if error else Printed(text))

    def fail(self, wrong: HfNbError) -> None:
        """Told when the command is through: it leaves temporary files behind if it is interrupted in a print."""
        self.wrong = self.wrong or wrong

    def note(self, kind: str, text: str) -> None:
        """A line beside the answer."""
        self.add(Note(kind, bare(text).strip()))

    @property
    def opening(self) -> str:
        """The first line said: before it asks, a command says what it is about to do."""
        texts = (event.human or "" for event in self.events if isinstance(event, Text))
        return next((line.strip() for text in texts for line in bare(text).splitlines() if line.strip()), "")

    @property
    def last(self) -> str:
        """The last thing said in words: what an error means when it only has a number."""
        for event in reversed(self.events):
            match event:
                case Note(kind="error" | "warning", text=text) | Printed(text=text) if text.strip():
                    return text.strip()
                case Text(human=str(text)) if text.strip():
                    return bare(text).strip()
        return ""


_said: ContextVar[Said | None] = ContextVar("hf_nb_said", default=None)
_active: list[Said] = []
_lock = threading.RLock()
_level = [logging.NOTSET]  # of the official client's log, before a call


def current() -> Said | None:
    """The call this code runs in; a thread of the official client's own belongs to the only one there is."""
    return _said.get()


def of_thread() -> Said | None:
    """The same, for work that official code does in threads of its own: known while only one call is under way."""
    return _said.get() or (_active[0] if len(_active) == 1 else None)


@contextlib.contextmanager
def listening(said: Said) -> Iterator[Said]:
    """Keep what this block says."""
    token = _said.set(said)
    _enter(said)
    try:
        yield said
    finally:
        _said.reset(token)
        _leave(said)


@contextlib.contextmanager
def outside() -> Iterator[None]:
    """As if no command ran: what a face does while one does."""
    token = _said.set(None)
    try:
        yield
    finally:
        _said.reset(token)


def bare(text: str) -> str:
    """Without colours and cursor movements."""
    return _ANSI.sub("", text)


class Stream:
    """stdout, stderr or stdin for as long as a command runs."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._under: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._under, name)

    def begin(self) -> None:
        """Stand in front of what is there."""
        if getattr(sys, self._name) is not self:
            self._under = getattr(sys, self._name)
            setattr(sys, self._name, self)

    def end(self) -> None:
        """Step aside; who replaced it meanwhile keeps it."""
        if getattr(sys, self._name) is self:
            setattr(sys, self._name, self._under)

    def write(self, text: str) -> int:
        """To the command that runs here, or on."""
        said = current()
        if said is None:
            return int(self._under.write(text) or 0)
        said.print(text, error=self._name == "stderr")
        return len(text)

    def writelines(self, lines: Sequence[str]) -> None:
        """Each."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Nothing waits."""
        if current() is None:
            self._under.flush()

    def isatty(self) -> bool:
        """A command that runs here has no terminal."""
        return current() is None and bool(self._under.isatty())

    def read(self, size: int = -1) -> str:
        """The cell's body, if there is one."""
        said = current()
        return str(self._under.read(size)) if said is None else _body(said)

    def readline(self, size: int = -1) -> str:
        """Nobody is asked."""
        return str(self._under.readline(size)) if current() is None else _body(current())

    @property
    def buffer(self) -> Any:
        """The same for bytes."""
        said = current()
        return self._under.buffer if said is None else _Bytes(said)


class _Bytes:
    """What a file printed to `-` goes through."""

    def __init__(self, said: Said) -> None:
        self._to = said

    def write(self, chunk: bytes) -> int:
        try:
            self._to.print(chunk.decode())
        except UnicodeDecodeError:
            self._to.fail(BadInput("This is not text, so it is not printed.", "Give it a file to write to."))
        return len(chunk)

    def read(self) -> bytes:
        return _body(self._to).encode()

    def flush(self) -> None:
        """Nothing waits."""


def _body(said: Said | None) -> str:
    if said is None or said.body is None:
        raise BadInput("`-` reads the text below the line, and there is none.", "Begin the cell with %%hf")
    return said.body


class _Log(logging.Handler):
    """The official client's log lines that belong to a call."""

    def emit(self, record: logging.LogRecord) -> None:
        said = current()
        if said is not None:
            said.note("warning" if record.levelno >= logging.WARNING else "log", record.getMessage())


class _NotHere(logging.Filter):
    """For the handlers that were there: not what a call keeps, and not what is only told because one runs."""

    def filter(self, record: logging.LogRecord) -> bool:
        return current() is None and record.levelno >= _level[0]


# Made once: `print` in another thread holds sys.stdout without owning it, so one that went away would crash Python.
_streams = [Stream(name) for name in ("stdout", "stderr", "stdin")]
_log = _Log()
_not_here = _NotHere()


def _enter(said: Said) -> None:
    with _lock:
        _active.append(said)
        if len(_active) > 1:
            return
        for stream in _streams:
            stream.begin()
        library = logging.getLogger("huggingface_hub")
        _level[0] = library.level
        for handler in library.handlers:
            handler.addFilter(_not_here)
        library.addHandler(_log)
        library.setLevel(min(_level[0] or logging.INFO, logging.INFO))


def _leave(said: Said) -> None:
    with _lock:
        _active.remove(said)
        if _active:
            return
        for stream in _streams:
            stream.end()
        library = logging.getLogger("huggingface_hub")
        library.removeHandler(_log)
        for handler in library.handlers:
            handler.removeFilter(_not_here)
        library.setLevel(_level[0])
