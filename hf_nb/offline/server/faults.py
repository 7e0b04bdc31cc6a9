"""Failures on demand, as ASGI around the whole Hub.

    latency        wait `seconds`, then answer as usual
    status         answer `status` instead, with the headers the real Hub sends with it
    cut            close the connection after `at` of the body
    stall          stop sending after `at` of the body, for `seconds`
    corrupt        flip bytes of the body from `at` on; its length stays
    wrong-length   send a body shorter than X-Linked-Size and the metadata announce, with a Content-Length that agrees

`at` is a share of the body below 1, a number of bytes otherwise. A rule on a body waits for an answer that has one; the
others take any request that matches. `match` is a glob on "METHOD path", or on the path alone when it starts with "/"
or "*".
"""

import asyncio
import contextlib
import fnmatch
import json
import random
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hf_nb.errors import BadInput

Kind = Literal["latency", "status", "cut", "stall", "corrupt", "wrong-length"]
STATUSES = (401, 403, 404, 429, 500, 502, 503, 504)
FOR_EVER = 3600.0
_BODY = ("cut", "stall", "corrupt", "wrong-length")
_FLIPPED = 64

# What the real Hub (or what stands before it) says: headers, body.
_WORDS: dict[int, tuple[dict[str, str], str]] = {
    401: (
        {
            "x-error-code": "InvalidCredentials",
            "x-error-message": "Invalid credentials in Authorization header",
        },
        "Invalid credentials in Authorization header",
    ),
    403: ({"x-error-code": "Forbidden", "x-error-message": "Forbidden"}, "Forbidden"),
    404: (
        {"x-error-code": "RepoNotFound", "x-error-message": "Repository not found"},
        "Repository not found",
    ),
    429: (
        {
            "ratelimit": '"{bucket}";r=0;t={seconds}',
            "ratelimit-policy": '"fixed window";"{bucket}";q=500;w=300',
        },
        "We had to rate limit you",
    ),
    500: (
        {"x-error-message": "Internal Error - We're working hard to fix this as soon as possible!"},
        "Internal Error - We're working hard to fix this as soon as possible!",
    ),
    502: (
        {"server": "awselb/2.0"},
        "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>",
    ),
    503: ({"x-error-message": "Service Unavailable"}, "Service Unavailable"),
    504: (
        {"server": "awselb/2.0"},
        "<html><head><title>504 Gateway Time-out</title></head><body><h1>504 Gateway Time-out</h1></body></html>",
    ),
}


@dataclass
class Rule:
    """One kind of failure."""

    id: int
    kind: Kind
    match: str = "*"
    count: int | None = None
    rate: float = 1.0
    status: int | None = None
    seconds: float | None = None
    at: float | None = None
    used: int = 0


class Rules:
    """The failures in force."""

    def __init__(self, seed: int = 0) -> None:
        self._rules: list[Rule] = []
        self._number = 0
        self._random = random.Random(seed)  # noqa: S311 -- the same failures on every run
        self._lock = threading.Lock()

    def add(self, given: dict[str, Any]) -> Rule:
        """A new failure; nonsense is refused."""
        with self._lock:
            self._number += 1
            rule = _checked(self._number, given)
            self._rules.append(rule)
        return rule

    def remove(self, number: int | None = None) -> None:
        """End one failure, or all of them."""
        with self._lock:
            self._rules = [] if number is None else [rule for rule in self._rules if rule.id != number]

    def lines(self) -> list[dict[str, Any]]:
        """The rules as they stand."""
        with self._lock:
            return [asdict(rule) for rule in self._rules]

    def pick(self, method: str, path: str, *, body: bool) -> list[Rule]:
        """The rules that strike this request now; each counts as used."""
        with self._lock:
            struck = [
                rule
                for rule in self._rules
                if (rule.kind in _BODY) == body and self._strikes(rule, method, path)
            ]
            for rule in struck:
                rule.used += 1
        return struck

    def _strikes(self, rule: Rule, method: str, path: str) -> bool:
        subject = path if rule.match.startswith(("/", "*")) else f"{method} {path}"
        spent = rule.count is not None and rule.used >= rule.count
        return not spent and fnmatch.fnmatchcase(subject, rule.match) and self._random.random() < rule.rate


class Faults:
    """ASGI: the rules at work."""

    def __init__(self, app: ASGIApp, rules: Rules) -> None:
        self.app, self.rules = app, rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/_offline/"):
            await self.app(scope, receive, send)
            return
        method, path = scope["method"], scope["raw_path"].decode("latin-1")
        for rule in self.rules.pick(method, path, body=False):
            if rule.kind == "status":
                await _refuse(rule, method, path, send)
                return
            await asyncio.sleep(rule.seconds or 1.0)
        broken = _Broken(receive, send, lambda: self.rules.pick(method, path, body=True))
        try:
            await self.app(scope, receive, broken)
        except _Cut:
            return  # the server closes a connection whose answer is incomplete


class _Cut(Exception):
    """The rest of the body is not to be sent."""


class _Broken:
    """An ASGI `send` that spoils the body on its way."""

    def __init__(self, receive: Receive, send: Send, pick: Callable[[], list[Rule]]) -> None:
        self.receive, self.send, self.pick = receive, send, pick
        self.rules: list[Rule] = []
        self.length = self.sent = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self.send(self._start(message))
        elif not self.rules:
            await self.send(message)
        else:
            await self._body(message)

    def _start(self, message: Message) -> Message:
        headers = {name.lower(): value for name, value in message["headers"]}
        self.length = int(headers.get(b"content-length", b"0"))
        if message["status"] in (200, 206) and self.length:
            self.rules = self.pick()
        for rule in self.rules:
            if rule.kind == "wrong-length":
                self.length = self._place(rule)
                changed = [pair for pair in message["headers"] if pair[0].lower() != b"content-length"]
                message = {**message, "headers": [*changed, (b"content-length", str(self.length).encode())]}
        return message

    async def _body(self, message: Message) -> None:
        body: bytes = message.get("body", b"")[: max(0, self.length - self.sent)]
        for rule in self.rules:
            here = self._place(rule) - self.sent
            if rule.kind == "corrupt" and here < len(body) and here > -_FLIPPED:
                start, end = max(0, here), min(len(body), here + _FLIPPED)
                body = body[:start] + bytes(byte ^ 0xFF for byte in body[start:end]) + body[end:]
            elif rule.kind in ("cut", "stall") and 0 <= here < len(body):
                await self._pass(body[:here], more=True)
                if rule.kind == "cut":
                    raise _Cut
                await self._wait(rule.seconds if rule.seconds is not None else FOR_EVER)
                body = body[here:]
        await self._pass(body, more=bool(message.get("more_body")))

    async def _wait(self, seconds: float) -> None:
        """Send nothing for a while, but notice a caller who has had enough."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while (await self.receive())["type"] != "http.disconnect":
                    pass
            raise _Cut

    async def _pass(self, body: bytes, *, more: bool) -> None:
        self.sent += len(body)
        await self.send({"type": "http.response.body", "body": body, "more_body": more})

    def _place(self, rule: Rule) -> int:
        at = 0.5 if rule.at is None else rule.at
        return min(int(at * self.length) if at < 1 else int(at), max(0, self.length - 1))


async def _refuse(rule: Rule, method: str, path: str, send: Send) -> None:
    from hf_nb.offline.server.limits import bucket_of

    status = rule.status or 503
    headers, words = _WORDS[status]
    html = words.startswith("<")
    body = (words if html else json.dumps({"error": words})).encode()
    filled = {
        name: value.format(bucket=bucket_of(path), seconds=max(1, round(rule.seconds or 1)))
        for name, value in headers.items()
    }
    filled |= {
        "content-type": "text/html" if html else "application/json; charset=utf-8",
        "content-length": str(len(body)),
    }
    filled |= {"x-request-id": f"Root=1-fault-{rule.id}-{rule.used}"}
    pairs = [(name.encode(), value.encode()) for name, value in filled.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else body})


def _checked(number: int, given: dict[str, Any]) -> Rule:
    known = {
        name: given[name]
        for name in ("kind", "match", "count", "rate", "status", "seconds", "at")
        if given.get(name) is not None
    }
    if given.keys() - known.keys() - {name for name in given if given[name] is None} or known.get(
        "kind"
    ) not in get_args(Kind):
        raise BadInput(f"No such fault: {given!r}", f"Kinds: {', '.join(get_args(Kind))}")
    rule = Rule(number, **known)
    numbers = (rule.rate, rule.seconds, rule.at, rule.count)
    if not isinstance(rule.match, str) or not all(
        value is None or (isinstance(value, int | float) and value >= 0) for value in numbers
    ):
        raise BadInput(f"A fault's numbers must not be negative: {given!r}")
    if rule.kind == "status" and rule.status not in STATUSES:
        raise BadInput(f"No such status: {rule.status!r}", f"Statuses: {', '.join(map(str, STATUSES))}")
    return rule
