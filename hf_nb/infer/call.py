"""What is asked, on what terms, and who may answer.

Call      task, model, revision, input, params: the same call has the same answer
Terms     how long it may take, who may stop it, whether its parts are shown as they come
Backend   somewhere it can be answered: `stream(call, terms)` gives Chunks, the last of which says how it ended
"""

from __future__ import annotations

import threading
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol

from hf_nb.errors import Stopped, Timeout
from hf_nb.plumbing.clock import REAL, Clock
from hf_nb.values import Attempt, ToolCall

NO_PARAMETERS: Mapping[str, Any] = MappingProxyType({})
NEVER = float("inf")


@dataclass(frozen=True)
class Call:
    """A question to a model, complete.

    `input` is a text, or for a task with several fields (`tasks.FIELDS`) a mapping of them; of `feature-extraction`
    it may be a list of texts.
    """

    task: str
    model: str
    revision: str | None
    input: Any
    params: Mapping[str, Any] = field(default_factory=lambda: NO_PARAMETERS)


@dataclass(frozen=True)
class Usage:
    """Tokens read and written, as whoever counted them said."""

    read: int | None = None
    written: int | None = None


@dataclass(frozen=True)
class Moved:
    """Bytes of the bodies that went to whoever answered and came back, as they travelled."""

    sent: int = 0
    received: int = 0


@dataclass(frozen=True)
class Chunk:
    """A part of an answer, and the seconds it took to make (loading a model is not answering).

    Texts come in parts: `text`. Every other kind of output comes whole: `output`, in the form of the Hub's task
    routes, by `tasks.Out`:

        LABELS   [{"label", "score"}, …]                    EXTRACT  {"answer", "score", "start", "end"}
        SPANS    [{"entity_group", "score", "word", "start", "end"}, …]
        CELLS    {"answer", "coordinates", "cells", "aggregator"}
        FILLS    [{"sequence", "score", "token", "token_str"}, …]
        VECTORS  [floats, …] one per text                   SCORES   [float, …] one per sentence

    The last chunk, and no other, has `finish`: "stop", "length" or "tool_calls". An answer without it is not whole.
    With it comes `moved`, where the answer was not made on the spot.
    """

    text: str = ""
    output: Any = None
    calls: tuple[ToolCall, ...] = ()
    seconds: float = 0.0
    finish: str | None = None
    usage: Usage | None = None
    note: str = ""
    provider: str = ""  # who answered behind a router, where it says so
    moved: Moved | None = None
    device: str | None = None  # what made it, where that is another one each time

    def by(self, device: str, note: str) -> Chunk:
        """The same, made there; `replace` would take three times as long, for every answer."""
        return Chunk(
            self.text,
            self.output,
            self.calls,
            self.seconds,
            self.finish,
            self.usage,
            note,
            self.provider,
            self.moved,
            device,
        )


class Watch(Protocol):
    """Who follows an answer while it is made, also where its parts are held back until it is whole."""

    def asked(self, target: Target) -> None:
        """This place is asked now; what another has said does not count."""
        ...

    def part(self, chunk: Chunk) -> None:
        """What it said."""
        ...

    def rows(self, share: float) -> None:
        """How much of many texts is done, 0 to 1."""
        ...


@dataclass
class Terms:
    """On what terms a call is answered. Times are by `clock.now()`."""

    clock: Clock = REAL
    ends: float = NEVER
    first: float = NEVER  # seconds until the first part
    idle: float = NEVER  # seconds between two parts
    seen: bool = False  # the parts are shown as they come, so what has been shown cannot be said again
    stop: threading.Event = field(default_factory=threading.Event)
    trail: list[Attempt] = field(default_factory=list)
    watch: Watch | None = None
    mask: bool = False  # what belongs to somebody leaves this machine masked

    def waiting(self, first: float) -> Terms:
        """The same with another wait for the first part; `replace` would take as long as all else around an answer."""
        return Terms(
            self.clock, self.ends, first, self.idle, self.seen, self.stop, self.trail, self.watch, self.mask
        )

    @property
    def left(self) -> float:
        """Seconds until it all ends."""
        return self.ends - self.clock.now()

    def check(self) -> None:
        """Raise when it was stopped, or its time is over."""
        if self.stop.is_set():
            raise Stopped
        if self.left <= 0:
            raise Timeout("The time for this call is over.", "More of it: timeout=SECONDS", stage="total")


# An answer in parts: a generator, since whoever reads it may close it.
Parts = Generator[Chunk, None, None]


class Backend(Protocol):
    """Somewhere a call can be answered. Policies (`policies/`) are backends around backends.

    `stream` raises errors of ours (`errors.py`) and nothing else; closing the generator, or `terms.stop` set in
    another thread, ends the work within 200 ms. What cannot come in parts comes as one chunk.
    """

    name: str
    remote: bool

    @property
    def device(self) -> str | None:
        """What it computes on, where that is known."""
        ...

    def can(self, call: Call) -> bool:
        """Whether this backend can answer such a call at all; asks nobody."""
        ...

    def stream(self, call: Call, terms: Terms) -> Parts:
        """The answer, in parts."""
        ...


@dataclass(frozen=True)
class Target:
    """One place to ask one model. `equal`: the same weights as were asked for; else a substitute.

    `method` is a backend's name: "local", "hashing", "hf" (the router chooses), "hf/NAME" (one provider), or the name
    of a server in the settings. `read`, `written`: dollars per million tokens, where a price is known; `window`: tokens
    it reads at once, where the router says so.
    """

    method: str
    model: str
    revision: str | None = None
    equal: bool = True
    reason: str = ""
    read: float | None = None
    written: float | None = None
    window: int | None = None
