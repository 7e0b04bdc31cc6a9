"""Servers that fail at random, in virtual time, behind our own HTTP client: the wire code is the real one.

played = Played(seed, {"one": mix, "two": mix, "three": DEAD})
played.ask(timeout=20)            a call; `played.served` says what each server did with it
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from hf_nb.errors import HfNbError
from hf_nb.infer import remote
from hf_nb.infer.call import Call, Target, Terms
from hf_nb.infer.policies import compose
from hf_nb.infer.shapes import Tally
from hf_nb.plumbing import http
from hf_nb.plumbing.session import Session
from hf_nb.plumbing.transports import sockets
from hf_nb.testing.clock import Virtual, chance

NAMES = ("one", "two", "three")
FIRST, IDLE = 10.0, 5.0
# What each way of failing is called, and whether words came before it.
FAULTS: Mapping[str, tuple[str, bool]] = {
    "401": ("Unauthorized", False),
    "404": ("NotFound", False),
    "429": ("RateLimited", False),
    "503": ("Busy", False),
    "hang": ("Timeout", False),
    "refused": ("Unreachable", False),
    "cut": ("Broken", True),
    "no-end-mark": ("Broken", True),
    "malformed": ("Broken", True),
    "in-band": ("Busy", True),
    "stall": ("Timeout", True),
}
PASSING = tuple(one for one in FAULTS if one not in ("401", "404"))
DEAD = {"refused": 0.5, "hang": 0.5}


def mix(share: float, faults: tuple[str, ...] = tuple(FAULTS)) -> dict[str, float]:
    """So much of the answers fail, in every way alike."""
    return {one: share / len(faults) for one in faults}


@dataclass
class Served:
    """What one request met. `after`: the wait that was asked for."""

    name: str
    when: float
    fault: str | None
    text: str
    after: float | None = None


@dataclass
class Asked:
    """One call, and what came of it."""

    terms: Terms
    began: float
    ended: float
    text: str
    finish: str | None
    wrong: HfNbError | None
    served: list[Served] = field(default_factory=list)


class Played:
    """Three equal servers and a client."""

    def __init__(self, seed: int, mixes: Mapping[str, Mapping[str, float]]) -> None:
        self.chance: random.Random = chance(seed)
        self.mixes = mixes
        self.clock = Virtual()
        self.session = Session()
        self.session.clock = self.clock
        self.session.settings.trace = False
        self.session.spans.folder = None
        ports = {name: number for number, name in enumerate(mixes, 1)}
        self.session.settings.servers = {name: f"http://127.0.0.1:{port}/v1" for name, port in ports.items()}
        self.names = {port: name for name, port in ports.items()}
        self.served: list[Served] = []
        self.names_ages = True  # a server that limits may say: in eleven days
        self.watch: Callable[[Served, Terms], object] = lambda *_: None
        self.terms = Terms()
        httpx = http.library()
        made = http.client(self.session)
        made._transport = http.wrapped(Servers(self, httpx), self.session, httpx)
        made._mounts.clear()
        remote.use(self.session, made)
        self.targets = [Target(name, "the/model") for name in mixes]

    def ask(self, timeout: float, *, seen: bool = False) -> Asked:
        """One call to all three."""
        call = Call("chat", "the/model", None, {"messages": [{"role": "user", "content": "Hello"}]})
        began = self.clock.now()
        terms = Terms(self.clock, began + timeout, first=FIRST, idle=IDLE, seen=seen)
        self.terms = terms
        tally, wrong, before = Tally(), None, len(self.served)
        fallback = compose(self.targets, self.session)
        fallback.draw = self.chance.uniform
        try:
            for chunk in fallback.stream(call, terms):
                tally.add(chunk)
        except HfNbError as raised:
            wrong = raised
        ended = self.clock.now()
        return Asked(terms, began, ended, tally.text, tally.finish, wrong, self.served[before:])

    def serve(self, name: str) -> Served:
        """What this server does with the next request."""
        number, drawn = len(self.served), self.chance.random()
        fault = None
        for kind, share in self.mixes[name].items():
            drawn -= share
            if drawn < 0:
                fault = kind
                break
        served = Served(name, self.clock.now(), fault, f"<{number}> the whole answer of {name} </{number}>")
        self.watch(served, self.terms)
        self.served.append(served)
        return served


class Servers:
    """Stands where the HTTP library's own transport would."""

    def __init__(self, played: Played, httpx: Any) -> None:
        self.played, self.httpx = played, httpx

    def handle_request(self, request: Any) -> Any:
        played = self.played
        served = played.serve(played.names[request.url.port])
        headers: dict[str, str] = {}
        match served.fault:
            case "refused":
                raise self.httpx.ConnectError("refused", request=request)
            case "hang":
                self.wait(1e9, request)
            case "401" | "404":
                return self.refuse(int(served.fault), headers)
            case "429":
                headers, served.after = self.told()
                return self.refuse(429, headers)
            case "503":
                if played.chance.random() < 0.3:
                    headers, served.after = self.told()
                return self.refuse(503, headers)
        self.wait(played.chance.uniform(0.05, 2.0), request)
        stream = _body(self._parts(request, served), self.httpx)
        return self.httpx.Response(200, headers={"content-type": "text/event-stream"}, stream=stream)

    def close(self) -> None:
        """Nothing is held."""

    def _parts(self, request: Any, served: Served) -> Iterator[bytes]:
        """The body of an answer that began well."""
        words = served.text.split(" ")
        cut = self.played.chance.randrange(1, len(words)) if served.fault else len(words)
        for number, word in enumerate(words[:cut]):
            self.wait(self.played.chance.uniform(0.0, 0.5), request)
            yield _event({"content": f"{' ' if number else ''}{word}"})
        match served.fault:
            case "cut":
                yield _event({"content": "half of a line"})[:20]
                raise self.httpx.RemoteProtocolError("cut", request=request)
            case "malformed":
                yield b'data: {"choices": [{"delta": \n\n'
            case "in-band":
                error: object = {"message": "overloaded", "code": 503}
                yield _data({"error": self.played.chance.choice([error, "overloaded"])})
            case "stall":
                self.wait(1e9, request)
            case None:
                yield _data({"choices": [{"delta": {}, "finish_reason": "stop"}]})
                yield b"data: [DONE]\n\n"

    def refuse(self, status: int, headers: dict[str, str]) -> Any:
        said = json.dumps({"error": {"message": "no", "code": status}}).encode()
        return self.httpx.Response(
            status, headers={"content-type": "application/json", **headers}, content=said
        )

    def told(self) -> tuple[dict[str, str], float | None]:
        """A wait, in one of the forms in which servers say it; sometimes none."""
        seconds = self.played.chance.choice([0, 1, 2, 7, 30])
        now = datetime(2026, 3, 1, 12, tzinfo=UTC)
        forms: list[tuple[dict[str, str], float | None]] = [
            ({"retry-after": str(seconds)}, seconds),
            (
                {
                    "retry-after": format_datetime(now + timedelta(seconds=seconds), usegmt=True),
                    "date": format_datetime(now, usegmt=True),
                },
                seconds,
            ),
            ({"retry-after-ms": str(seconds * 1000)}, seconds),
            ({"x-ms-retry-after-ms": str(seconds * 1000)}, seconds),
            ({"ratelimit": f'"api";r=0;t={seconds}'}, seconds),
            ({}, None),
        ]
        if self.played.names_ages:
            forms.append(({"retry-after": "999999"}, 600.0))
        return self.played.chance.choice(forms)

    def wait(self, seconds: float, request: Any) -> None:
        """So long, or as long as whoever asked would wait; `parts`, who watches the deadline, has no thread here."""
        line = sockets._line.get()
        limit = min(request.extensions["timeout"]["read"], max(0.0, self.played.terms.left))
        if line is not None and line.wait is not None:
            limit = min(limit, line.wait)
        self.played.clock.pass_(min(seconds, limit))
        if seconds > limit:
            raise self.httpx.ReadTimeout("no bytes", request=request)


def _body(parts: Iterator[bytes], httpx: Any) -> Any:
    """A body the library takes for one."""

    class Body(httpx.SyncByteStream):  # type: ignore[misc]
        def __iter__(self) -> Iterator[bytes]:
            return parts

    return Body()


def _event(delta: dict[str, str]) -> bytes:
    return _data({"choices": [{"delta": delta, "finish_reason": None}]})


def _data(said: object) -> bytes:
    return b"data: " + json.dumps(said).encode() + b"\n\n"
