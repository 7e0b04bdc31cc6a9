"""The Hub as ASGI applications: the first port, and the other origin."""

import asyncio
import contextlib
import logging
import re
import uuid
from collections.abc import AsyncGenerator
from urllib.parse import unquote

import anyio
import anyio.to_thread
from starlette.types import Receive, Scope, Send

from hf_nb.errors import HfNbError
from hf_nb.offline import people, room
from hf_nb.offline.people import ANYBODY
from hf_nb.offline.repos import PLURALS
from hf_nb.offline.server import bodies, incoming, pages, refusals
from hf_nb.offline.server.answers import Answer, Part
from hf_nb.offline.server.ask import Ask, Site
from hf_nb.offline.server.incoming import Gone
from hf_nb.offline.server.limits import Limits, Taken, bucket_of
from hf_nb.offline.server.promises import Promised, Promises
from hf_nb.offline.server.refusals import Redirect, Refusal
from hf_nb.offline.server.router import flow
from hf_nb.offline.server.routes import files, uploads, xet
from hf_nb.offline.server.table import ROUTES, Found, match
from hf_nb.offline.server.viewer.making import Unconverted

MOST_ADDRESS = 8 << 10
SLOWEST = 60.0  # seconds a caller may take to read what lies ready
_EXPOSED = "X-Repo-Commit,X-Request-Id,X-Error-Code,X-Error-Message,X-Total-Count,ETag,Link,Accept-Ranges,Content-Range"
_SUB = frozenset(
    (
        "tree revision resolve raw refs commits compare paths-info treesize auth-check likers discussions runtime scan"
        " commit preupload branch tag super-squash settings duplicate lfs-files like"
    ).split()
)
# what the real Hub has besides repositories, and this one has not
_NOT_HERE = (
    "/api/settings/webhooks",
    "/api/jobs/",
    "/api/scheduled-jobs/",
    "/api/buckets/",
    "/api/inference-endpoints/",
    "/api/resource-groups/",
)
# what a Space runs on: nothing runs here, so nothing is paused or given a secret
_MACHINE = re.compile(
    r"/api/spaces/[^/]+/[^/]+/(?:hardware|sleeptime|pause|dev-mode|volumes|secrets|variables|storage)(?:/.*)?"
)
_LEGACY = re.compile(
    r"(?:/api/(?P<types>models|datasets|spaces)/|/(?P<folder>datasets/|spaces/)?)(?P<id>(?!api/)[^/]+)(?P<rest>/.*)?"
)
_LONG = re.compile(r"/api/(?:models|datasets|spaces)/[^/]+/[^/]+/commit/|/uploads/?")
_TRACE = re.compile(r"[\x21-\x7e]{1,200}")
_log = logging.getLogger("hf_nb.offline")


class Hub:
    """ASGI: the first port."""

    def __init__(self, site: Site, limits: Limits) -> None:
        self.site, self.limits = site, limits
        # Few threads: SQLite answers in a millisecond, and every thread keeps a connection with a cache of its own.
        self._workers = anyio.CapacityLimiter(8)
        self._promises = Promises(site.store)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        address = scope["client"][0] if scope.get("client") else ""
        path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
        commits = self.site.store.blobs if _LONG.match(path) else None
        ask = Ask(self.site, scope["method"], path, query, headers)
        try:
            body = await incoming.body(receive, headers, long=commits)
        except Gone:
            return
        except OSError as wrong:
            answer = _failed(wrong, ask.method, path)
            answer.headers |= _common(ask, None)
            await respond(answer, ask.method, send)
            return
        ask.body, ask.file = body.content, body.file
        with body.file or contextlib.nullcontext():
            answer = await self._answer(ask, address, too_long=body.too_long)
        if answer.later is None:
            await respond(answer, scope["method"], send)
        else:
            await flow.unless_gone(receive, lambda: _rest(answer, scope["method"], ask.path, send))

    async def _answer(self, ask: Ask, address: str, *, too_long: bool) -> Answer:
        """In a thread; where a repository is only promised, or not Parquet yet, once more when it is."""
        while True:
            try:
                return await anyio.to_thread.run_sync(
                    self.answer, ask, address, too_long, limiter=self._workers
                )
            except Promised as promised:
                if refusal := await self._promises.keep(promised.slug):
                    answer = pages.refused(ask, refusal)
                    answer.headers |= _common(ask, None)
                    return answer
            except Unconverted as lacking:
                assert self.site.viewer
                if refusal := await self.site.viewer.make(lacking.wanted):
                    answer = pages.refused(ask, refusal)
                    answer.headers |= _common(ask, None)
                    return answer

    def answer(self, ask: Ask, address: str, too_long: bool) -> Answer:  # noqa: FBT001 -- positional through the thread call
        """The whole life of one request, in one thread."""
        taken: Taken | None = None
        try:
            known = self._who(ask)
            taken = self.limits.take(ask.who, address, bucket_of(ask.path))
            answer = self._routed(ask, taken, known=known, too_long=too_long)
        except (Promised, Unconverted):
            raise
        except Refusal as refusal:
            answer = pages.refused(ask, refusal)
        except HfNbError as wrong:
            answer = pages.refused(ask, refusals.of(wrong))
        except Exception as wrong:  # noqa: BLE001 -- the last line: one bad request must not end the Hub
            answer = _failed(wrong, ask.method, ask.path)
        answer.headers |= _common(ask, taken)
        return _unchanged(ask, answer)

    def _who(self, ask: Ask) -> bool:
        """Name the caller; False when the token is nobody's."""
        scheme, _, token = ask.headers.get("authorization", "").partition(" ")
        if not scheme:
            return True
        found = people.caller(ask.sql, token.strip(), ask.now()) if scheme.lower() == "bearer" else None
        ask.who = found or ANYBODY
        return found is not None

    def _routed(self, ask: Ask, taken: Taken, *, known: bool, too_long: bool) -> Answer:
        if not taken.allowed:
            spent = f"We had to rate limit you: {taken.quota} requests per {taken.window} s."
            raise Refusal(429, spent, "RateLimited")
        if too_long:
            raise Refusal(413, "The body is too long", "PayloadTooLarge")
        if len(ask.path) + len(ask.query_string) > MOST_ADDRESS:
            raise Refusal(414, "URI Too Long", "UriTooLong")
        found = match("GET" if ask.method == "HEAD" else ask.method, ask.path)
        self._legacy(ask)
        if found is None:
            raise self._no_route(ask)
        ask.names, ask.repo_span = found.names, found.repo_span
        if "\0" in "".join(found.names.values()):
            raise refusals.not_found()
        if not known:
            self._bad_token(ask, found)
        return found.handler(ask)

    def _bad_token(self, ask: Ask, found: Found) -> None:
        """On a gated repository's files nobody's token is refused as none is; elsewhere it is named as what it is."""
        if found.handler is files.resolve and "name" in found.names:
            ask.readable()
        raise refusals.bad_token()

    def _legacy(self, ask: Ask) -> None:
        """An id from the days before namespaces, such as `gpt2`: its redirect."""
        found = _LEGACY.fullmatch(ask.path)
        if found is None or (found["rest"] and found["rest"].split("/")[1] not in _SUB):
            return
        kind = PLURALS.get((found["types"] or found["folder"] or "").rstrip("/"), "model")
        row = self.site.store.database.one(
            "SELECT r.id, r.private, r.namespace FROM aliases a JOIN repos r ON r.rid = a.rid"
            " WHERE a.type = ? AND a.folded = ?",
            kind,
            unquote(found["id"]).lower(),
        )
        if row is not None and (not row["private"] or ask.who.rank(row["namespace"])):
            ask.repo_span = found.span("id")
            raise Redirect(ask.renamed(row["id"]))

    def _no_route(self, ask: Ask) -> Refusal:
        allowed = [method for method in ROUTES if match(method, ask.path)]
        if ask.path.startswith(_NOT_HERE) and ask.method != "HEAD":
            return refusals.not_here()
        if ask.method not in ("GET", "HEAD") and _MACHINE.fullmatch(ask.path):
            return refusals.not_here()
        legacy = _LEGACY.fullmatch(ask.path)
        if legacy and legacy["rest"] and legacy["rest"].split("/")[1] in _SUB:
            return refusals.repo_not_found(ask.who)
        if allowed:
            return Refusal(405, "Method Not Allowed", headers={"allow": ", ".join(allowed)})
        return refusals.not_found()


class OtherOrigin:
    """ASGI: the second port, which large files come from. Tokens mean nothing here."""

    def __init__(self, site: Site) -> None:
        self.site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
        try:
            if path.startswith(uploads.PREFIX):
                answer = await uploads.receive(self.site, scope["method"], path, query, headers, receive)
            elif path.startswith(xet.PREFIX):
                answer = await xet.receive(self.site, scope["method"], path, headers, receive)
            else:
                answer = await anyio.to_thread.run_sync(
                    files.from_other_origin, self.site, scope["method"], path, query, headers
                )
        except Gone:
            return
        except Refusal as refusal:
            answer = refusal.answer()
        except HfNbError as wrong:
            answer = refusals.of(wrong).answer()
        except Exception as wrong:  # noqa: BLE001 -- the same
            answer = _failed(wrong, scope["method"], path)
        await respond(answer, scope["method"], send)


async def _rest(begun: Answer, method: str, path: str, send: Send) -> None:
    """What takes its time, and is sent when it is there."""
    assert begun.later
    try:
        answer = await begun.later()
    except Refusal as refusal:
        answer = refusal.answer()
    except Exception as wrong:  # noqa: BLE001 -- the same
        answer = _failed(wrong, method, path)
    answer.headers |= begun.headers
    with contextlib.suppress(TimeoutError):  # an answer nobody takes is left unfinished
        await respond(answer, method, send)


def _failed(wrong: Exception, method: str, path: str) -> Answer:
    """The answer to a request that ended in an error of our own."""
    if room.is_spent(wrong):
        return refusals.no_room().answer()
    _log.error("%s %s", method, path, exc_info=wrong)
    return Refusal(500, "Internal Error - We're working hard to fix this as soon as possible!").answer()


async def respond(answer: Answer, method: str, send: Send) -> None:
    """Send an answer; HEAD gets everything but the body."""
    headers = [
        (name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in answer.headers.items()
    ]
    bodiless = answer.status in (204, 304)
    if not bodiless and answer.length is not None:
        headers.append((b"content-length", str(answer.length).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    if method != "HEAD" and not bodiless:
        if isinstance(answer.body, Part):
            async for piece in bodies.chunks(answer.body):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        elif isinstance(answer.body, AsyncGenerator):
            async with contextlib.aclosing(answer.body) as events:
                async for event in events:
                    async with asyncio.timeout(SLOWEST):
                        await send({"type": "http.response.body", "body": event, "more_body": True})
        else:
            await send({"type": "http.response.body", "body": answer.body, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def _common(ask: Ask, taken: Taken | None) -> dict[str, str]:
    """What the Hub puts on every answer."""
    named, trace = ask.headers.get("x-request-id", ""), ask.headers.get("x-amzn-trace-id", "")
    number = uuid.uuid4().hex
    own = f"Root=1-{number[:8]}-{number[8:]}"
    if _TRACE.fullmatch(named):  # a caller's own id comes back as it was sent; a trace id is appended to ours
        own = named
    elif _TRACE.fullmatch(trace):
        own = f"{own};{trace}"
    return {
        "x-powered-by": "huggingface-moon",
        "x-request-id": own,
        "cross-origin-opener-policy": "same-origin",
        "referrer-policy": "strict-origin-when-cross-origin",
        "vary": "Origin",
        "access-control-allow-origin": ask.site.url,
        "access-control-expose-headers": _EXPOSED,
        **(taken.headers() if taken else {}),
    }


def _unchanged(ask: Ask, answer: Answer) -> Answer:
    """304 for a caller who has this very answer already."""
    etag = answer.headers.get("etag", "")
    if (
        answer.status == 200
        and etag.startswith("W/")
        and etag in ask.headers.get("if-none-match", "")
        and ask.method in ("GET", "HEAD")
    ):
        return Answer(304, {name: value for name, value in answer.headers.items() if name != "content-type"})
    return answer
