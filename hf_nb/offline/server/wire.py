"""Bodies spoiled on their way: a request's as the Hub reads it, an answer's as it is sent, whole or in events."""

import asyncio
import contextlib
from collections.abc import Callable

from starlette.types import Message, Receive, Send

from hf_nb.offline.server.rules import AFTER, BODY, STREAM, Rule

Pick = Callable[[frozenset[str]], list[Rule]]
Holds = Callable[[Rule], bool]
FOR_EVER = 3600.0
SECONDS = 1.0
_STEP = 0.05
_FLIPPED = 64
_SLICES = 20
_GONE: Message = {"type": "http.disconnect"}
_EVENTS = 2  # of a stream, before a fault strikes
_STREAMED = (BODY | STREAM) - {"wrong-length"}
# what only the last events of a stream hold; inside a text its quotes would stand behind backslashes
_ENDS = (b'"finish_reason":"', b"data: [DONE]")
_OVERLOADED = (
    b'data: {"error":{"message":"The model is overloaded",'
    b'"type":"overloaded_error","param":null,"code":503}}\n\n'
)


class Cut(Exception):
    """The connection ends here."""


class Instead(Exception):
    """The work is done, and something else is answered."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(rule.kind)
        self.rule = rule


class Incoming:
    """An ASGI `receive`: the request's body. `length` is 0 where it is not announced."""

    def __init__(self, receive: Receive, rules: list[Rule], length: int, holds: Holds) -> None:
        self.receive, self.rules, self.length, self.holds = receive, rules, length, holds
        self.cut = any(rule.kind == "cut-upload" for rule in rules)
        self._came = 0
        self._ended = False

    async def __call__(self) -> Message:
        if self._ended and self.cut:
            return _GONE
        message = await self.receive()
        if message["type"] != "http.request" or self._ended:
            return message
        body: bytes = message.get("body", b"")
        more = bool(message.get("more_body"))
        kept = body
        for rule in self.rules:
            await self._slow(rule, len(body))
            here = self._place(rule) - self._came
            if rule.kind in ("cut-upload", "short-upload") and here < len(body):
                kept, self._ended = kept[: max(0, here)], True
        self._came += len(body)
        if self._ended and self.cut:
            # what came before is the Hub's to forget
            return {"type": "http.request", "body": kept, "more_body": True} if kept else _GONE
        return {"type": "http.request", "body": kept, "more_body": more and not self._ended}

    async def _slow(self, rule: Rule, size: int) -> None:
        if rule.kind == "slow-upload":
            seconds = SECONDS if rule.seconds is None else rule.seconds
            await pause(rule, seconds * size / max(self.length, size, 1), self.holds)
        elif rule.kind == "stall-upload" and 0 <= self._place(rule) - self._came < size:
            await pause(rule, FOR_EVER if rule.seconds is None else rule.seconds, self.holds)

    def _place(self, rule: Rule) -> int:
        return rule.place(self.length) if self.length else int(rule.at or 0)


class Outgoing:
    """An ASGI `send`: the answer."""

    def __init__(self, receive: Receive, send: Send, pick: Pick, holds: Holds, *, bodiless: bool) -> None:
        self.receive, self.send, self.pick, self.holds, self.bodiless = receive, send, pick, holds, bodiless
        self.rules: list[Rule] = []
        self.length = self.sent = 0
        self.streamed = False
        self._ended = False
        self._struck: set[int] = set()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self.send(self._start(message))
        elif not self.rules:
            await self.send(message)
        elif self.streamed:
            await self._event(message)
        else:
            await self._body(message)

    def _start(self, message: Message) -> Message:
        for rule in self.pick(AFTER):
            raise Cut if rule.status is None else Instead(rule)
        headers = {name.lower(): value for name, value in message["headers"]}
        self.length = int(headers.get(b"content-length", b"0"))
        # events that are there already, such as a Space's log, are a body as any other
        events = headers.get(b"content-type", b"").startswith(b"text/event-stream")
        self.streamed = events and not self.length
        if self.streamed:
            self.rules = self.pick(_STREAMED)
            return message
        # a redirect's few words are read by nobody
        if self.length and not self.bodiless and not 300 <= message["status"] < 400:
            self.rules = self.pick(BODY)
        for rule in self.rules:
            if rule.kind == "wrong-length":
                self.length = rule.place(self.length)
                changed = [pair for pair in message["headers"] if pair[0].lower() != b"content-length"]
                message = {**message, "headers": [*changed, (b"content-length", str(self.length).encode())]}
        return message

    async def _body(self, message: Message) -> None:
        body: bytes = message.get("body", b"")[: max(0, self.length - self.sent)]
        for rule in self.rules:
            here = rule.place(self.length) - self.sent
            if rule.kind == "corrupt" and here < len(body) and here > -_FLIPPED:
                start, end = max(0, here), min(len(body), here + _FLIPPED)
                body = body[:start] + bytes(byte ^ 0xFF for byte in body[start:end]) + body[end:]
            elif rule.kind in ("cut", "stall") and 0 <= here < len(body):
                await self._pass(body[:here], more=True)
                if rule.kind == "cut":
                    raise Cut
                await self._silence(rule, FOR_EVER if rule.seconds is None else rule.seconds)
                body = body[here:]
            elif rule.kind == "slow":
                body = await self._drip(rule, body)
        await self._pass(body, more=bool(message.get("more_body")))

    async def _event(self, message: Message) -> None:
        """One event, which is how a stream is sent; `sent` counts them."""
        body: bytes = message.get("body", b"")
        last = not message.get("more_body") or any(mark in body for mark in _ENDS)
        for rule in () if self._ended else self.rules:
            here = self.sent >= (_EVENTS if rule.at is None else int(rule.at)) or last
            if rule.kind == "slow" and body:
                await self._silence(rule, SECONDS if rule.seconds is None else rule.seconds)
            elif rule.kind == "no-end" and any(mark in body for mark in _ENDS):
                body = b""
            elif here and rule.id not in self._struck:
                self._struck.add(rule.id)
                if rule.kind == "cut":
                    raise Cut
                if rule.kind == "stall":
                    await self._silence(rule, FOR_EVER if rule.seconds is None else rule.seconds)
                elif rule.kind == "corrupt":
                    body = body[: len(body) // 2].rstrip() + b"\n\n" if body else b""
                elif rule.kind == "error-event":
                    await self._pass(_OVERLOADED, more=True)
                    self._ended = True
        self.sent += 1
        body = b"" if self._ended else body
        if body or not message.get("more_body"):
            await self.send({**message, "body": body})

    async def _drip(self, rule: Rule, body: bytes) -> bytes:
        """All but the last slice, slowly; that one is left to send."""
        seconds, size = SECONDS if rule.seconds is None else rule.seconds, max(1, self.length // _SLICES)
        for start in range(0, len(body), size):
            piece = body[start : start + size]
            await self._silence(rule, seconds * len(piece) / self.length)
            if start + size >= len(body):
                return piece
            await self._pass(piece, more=True)
        return b""

    async def _silence(self, rule: Rule, seconds: float) -> None:
        """Send nothing for a while, but notice a caller who has had enough, and a rule that has ended."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while (left := end - loop.time()) > 0 and self.holds(rule):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(left, _STEP)):
                    while (await self.receive())["type"] != "http.disconnect":
                        pass
                raise Cut

    async def _pass(self, body: bytes, *, more: bool) -> None:
        self.sent += len(body)
        await self.send({"type": "http.response.body", "body": body, "more_body": more})


async def pause(rule: Rule, seconds: float, holds: Holds) -> None:
    """Wait, as long as the rule is in force."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while (left := end - loop.time()) > 0 and holds(rule):  # noqa: ASYNC110 -- a rule is a plain fact, as in a list
        await asyncio.sleep(min(left, _STEP))


async def hang_up(send: Send) -> None:
    """Close the connection with nothing sent."""
    # a status that cannot be written: the server gives up on the connection
    with contextlib.suppress(Exception):
        await send({"type": "http.response.start", "status": 0, "headers": []})
