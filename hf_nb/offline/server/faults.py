"""Failures on demand, as ASGI around the whole Hub.

Before the Hub sees the request
    latency        wait `seconds`, and up to `jitter` more, then go on as usual
    refuse         close the connection without a word
    status         answer `status` with the headers the real Hub sends with it; `code` chooses its X-Error-Code
    portal         answer 200 with a page in HTML that nobody asked for, as a hotel's network does
    empty          answer 200 with nothing in it
    loop           redirect to the same address, for ever
The request's body
    cut-upload     take `at` of the body, then close the connection
    stall-upload   take `at` of the body, then nothing for `seconds`
    slow-upload    take the body over `seconds`
    short-upload   lose what comes after `at` of the body, and go on as if that was all
The work is done
    lost           no answer: the connection is closed, or `status` comes instead
The answer's body
    cut            close the connection after `at` of the body
    stall          stop sending after `at` of the body, for `seconds`
    slow           send the body over `seconds`
    corrupt        flip bytes of the body from `at` on; its length stays
    wrong-length   send a body shorter than X-Linked-Size and the metadata announce, with a Content-Length that agrees
An answer that is a stream of events (a model's words as they come)
    no-end         leave out its end marks, and end it as if it were whole
    error-event    say in the stream, instead of its rest, that the model is overloaded
    of the kinds above it knows cut, stall, slow (`seconds` before each event) and corrupt (one event is no JSON)

`at` is a share of the body below 1, a number of bytes otherwise; half where nothing is said. Of a stream it is the
number of events that come before, two where nothing is said, and never more than there are. A rule on a body waits for
a request or an answer that has one (a redirect's does not count). A stall lasts until its rule ends; `seconds` is one
elsewhere.

Where: `match` is a glob on "METHOD path", or on the path alone when it starts with "/" or "*"; or a route as it stands
in table.py, such as "POST /api/{types}/{ns}/{name}/commit/{rev}". `origin` is hub or cdn, `repo` an id or one with its
type before it ("datasets/demo/rows"), `user` a name, or "" for those without a token.
How often: of the requests that match, the first `after` pass, then every `every`th is struck with a probability of
`rate` (the same ones on every run with the same `seed`), `count` times at most.
"""

import random
from collections.abc import Mapping

import anyio.to_thread
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hf_nb.offline import people
from hf_nb.offline.server import outages, wire
from hf_nb.offline.server.answers import Answer
from hf_nb.offline.server.app import respond
from hf_nb.offline.server.ask import Site
from hf_nb.offline.server.rules import BEFORE, UPLOAD, Request, Rule, Rules, request
from hf_nb.offline.server.wire import Cut, Incoming, Instead, Outgoing

SCOPE = "hf_nb.faults"


class Faults:
    """ASGI: the rules at work on one origin."""

    def __init__(self, app: ASGIApp, rules: Rules, site: Site, origin: str) -> None:
        self.app, self.rules, self.site, self.origin = app, rules, site, origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/_offline/") or not self.rules.any:
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        asked = await self._seen(scope, headers)
        struck: list[str] = scope.setdefault(SCOPE, [])

        def pick(kinds: frozenset[str]) -> list[Rule]:
            found = self.rules.pick(asked, kinds)
            struck.extend(rule.kind for rule in found)
            return found

        for rule in pick(BEFORE):
            if rule.kind == "refuse":
                await wire.hang_up(send)
                return
            if rule.kind != "latency":
                await self._answer(rule, scope, send)
                return
            await wire.pause(rule, _delay(rule), self.rules.holds)
        length = headers.get("content-length", "0")
        size = int(length[:18]) if length.isdecimal() else 0
        reading = pick(UPLOAD) if size or "transfer-encoding" in headers else []
        await self._spoilt(
            scope,
            Incoming(receive, reading, size, self.rules.holds),
            Outgoing(receive, send, pick, self.rules.holds, bodiless=asked.method == "HEAD"),
        )

    async def _spoilt(self, scope: Scope, incoming: Incoming, outgoing: Outgoing) -> None:
        send = _Started(outgoing.send)
        outgoing.send = send
        # a Hub that answers before it has read everything is cut off as well
        answering = _cut if incoming.cut else outgoing
        try:
            await self.app(scope, incoming, answering)
        except Cut:
            pass
        except Instead as instead:
            await self._answer(instead.rule, scope, send)
            return
        # an answer that has begun and does not end: the server closes by itself
        if not send.started:
            await wire.hang_up(send)

    async def _seen(self, scope: Scope, headers: Mapping[str, str]) -> Request:
        user = ""
        if self.rules.by_user and self.origin == "hub":
            token = headers.get("authorization", "").partition(" ")[2].strip()
            user = await anyio.to_thread.run_sync(self._user, token) if token else ""
        path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
        return request(self.origin, scope["method"], path, user, query)

    def _user(self, token: str) -> str:
        found = people.caller(self.site.store.database.connection, token, self.site.clock.now())
        return (found.name if found else None) or ""

    async def _answer(self, rule: Rule, scope: Scope, send: Send) -> None:
        path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
        answer = _instead(rule, path, query)
        answer.headers["x-request-id"] = f"Root=1-fault-{rule.id}-{rule.used}"
        await respond(answer, scope["method"], send)


class _Started:
    """An ASGI `send` that knows whether an answer has begun."""

    def __init__(self, send: Send) -> None:
        self.send, self.started = send, False

    async def __call__(self, message: Message) -> None:
        self.started = True
        await self.send(message)


def _instead(rule: Rule, path: str, query: str) -> Answer:
    match rule.kind:
        case "portal":
            return outages.portal()
        case "empty":
            return outages.empty()
        case "loop":
            return outages.loop(path, query)
        case _:
            return outages.outage(rule.status or 503, rule.code, path=path, seconds=rule.seconds)


async def _cut(message: object) -> None:
    raise Cut


def _delay(rule: Rule) -> float:
    spread = random.Random(f"{rule.seed}:{rule.used}").random()  # noqa: S311 -- the same waits on every run
    return (wire.SECONDS if rule.seconds is None else rule.seconds) + rule.jitter * spread
