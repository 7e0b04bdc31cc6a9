"""Asking over HTTP, on a call's terms: what every remote backend does, once.

    yield from asked(session, terms, work)          work(wire) gives Chunks, in a thread that a stop ends
    with wire.ask(Question(url, body, who)) as answer:
        yield from answer.parts()                   a stream, or an answer that came whole
        answer.json()

One client a session keeps its connections open from call to call. Nothing here is tried twice, no redirect is
followed, and every failure comes out as one of our errors.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
import weakref
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from hf_nb.errors import Broken, HfNbError, Timeout, Unreachable
from hf_nb.infer.call import Chunk, Moved, Parts, Terms, Usage
from hf_nb.infer.parts import Put, late, parts
from hf_nb.plumbing import http
from hf_nb.plumbing.transports.limit import UNTIL
from hf_nb.plumbing.transports.official import OWN
from hf_nb.plumbing.transports.retry import ONCE
from hf_nb.plumbing.transports.sockets import Line
from hf_nb.plumbing.wire import asking, sse
from hf_nb.plumbing.wire.asking import Part, Who
from hf_nb.plumbing.wire.refusal import refused
from hf_nb.values import ToolCall

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

LONGEST_WAIT = 86_400.0  # a socket knows no wait without end
MOST = 512 * 1024 * 1024  # bytes of an answer that comes whole
MOST_REFUSED = 64 * 1024  # bytes read of a refusal
# After the answer is complete: seconds for the count of tokens and the end mark, and for the end of the body.
FOR_COUNT, FOR_END = 1.0, 0.1
# A socket waits a little longer than `parts` does, whose word it is that nothing came.
GRACE = 0.25

_making = threading.Lock()
_clients: weakref.WeakKeyDictionary[Session, Any] = weakref.WeakKeyDictionary()


def client(session: Session) -> Any:
    """The session's HTTP client for questions to models."""
    with _making:
        made = _clients.get(session)
        if made is None:
            made = _clients[session] = http.client(session)
            weakref.finalize(session, made.close)
    return made


def use(session: Session, made: Any) -> None:
    """Ask with this client instead."""
    _clients[session] = made


@dataclass(frozen=True)
class Question:
    """One request. `body` None: a GET. `own`: a server of the user's, not the Hub's."""

    url: str
    who: Who
    body: Mapping[str, Any] | None = None
    key: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    own: bool = False


def asked(session: Session, terms: Terms, work: Callable[[Wire], Iterator[Chunk]]) -> Parts:
    """What `work` gives, as it comes, timed; ended by a stop within the time a socket takes to shut."""
    line = Line()

    def run(put: Put) -> None:
        began, wire = terms.clock.now(), Wire(session, terms, line)
        with line, contextlib.closing(_generator(work(wire))) as chunks:
            for chunk in chunks:
                now = terms.clock.now()
                moved = None if chunk.finish is None else wire.moved
                put(replace(chunk, seconds=now - began, moved=moved))
                began = now

    terms.check()
    yield from parts(run, terms, stop=line.shut)


def _generator(chunks: Iterator[Chunk]) -> Generator[Chunk, None, None]:
    yield from chunks


def fetched(session: Session, terms: Terms, question: Question) -> Any:
    """The JSON of one answer, for lists of models."""
    got: list[Any] = []

    def work(wire: Wire) -> Iterator[Chunk]:
        with wire.ask(question) as answer:
            got.append(answer.json())
        yield Chunk(finish="stop")

    for _ in asked(session, terms, work):
        pass
    return got[0]


class Wire:
    """The way to the servers, for one call."""

    def __init__(self, session: Session, terms: Terms, line: Line) -> None:
        self.session, self.terms, self.line = session, terms, line
        self.began = False  # whether a part has come
        self.grace = 0.0 if terms.clock.virtual else GRACE
        self._sent = 0
        self._responses: list[Any] = []

    @property
    def moved(self) -> Moved:
        """What all requests of this call came to, so far."""
        return Moved(self._sent, sum(one.num_bytes_downloaded for one in self._responses))

    @contextlib.contextmanager
    def ask(self, question: Question) -> Iterator[Answer]:
        """Send it; what the other side refuses is raised."""
        httpx, response = http.library(), None
        body = None if question.body is None else asking.encoded(question.body)
        self.line.wait = None
        try:
            self.terms.check()
            made = client(self.session)
            request = made.build_request(
                "GET" if body is None else "POST",
                question.url,
                content=body,
                headers=_headers(question),
                timeout=self._waits(httpx),
                extensions={ONCE: True, UNTIL: time.monotonic(), OWN: question.own},
            )
            self._sent += len(body or b"")
            response = made.send(request, stream=True, follow_redirects=False)
            self._responses.append(response)
            if not response.is_success:
                raise refused(
                    response.status_code,
                    response.headers,
                    _beginning(response, MOST_REFUSED, httpx),
                    who=question.who.name,
                    model=question.who.model,
                    step=question.who.step,
                    secrets=question.who.secrets,
                )
            yield Answer(self, response, question.who)
        except HfNbError:
            raise
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as wrong:
            raise self._ours(wrong, question.who, httpx) from wrong
        finally:
            if response is not None:
                response.close()

    def written(self, question: Question) -> Iterator[Chunk]:
        """Ask for a text or a reply: its parts, as they come."""
        with self.ask(question) as answer:
            yield from answer.parts()

    def idle(self) -> None:
        """A part has come: from now on the wait is for the next."""
        self.began = True
        self.line.wait = self._limited(self.terms.idle)

    def _limited(self, seconds: float) -> float:
        return max(0.01, min(seconds, self.terms.left, LONGEST_WAIT) + self.grace)

    def _waits(self, httpx: Any) -> Any:
        terms = self.terms
        connect = min(self.session.settings.connect_timeout, self._limited(terms.first))
        read = self._limited(max(terms.first, terms.idle))
        self.line.wait = self._limited(terms.first)
        return httpx.Timeout(connect=connect, read=read, write=read, pool=connect)

    def _ours(self, wrong: Exception, who: Who, httpx: Any) -> HfNbError:  # noqa: RET503 -- `late` raises
        """The same event in our words."""
        self.terms.check()
        match wrong:
            case httpx.ConnectTimeout() | httpx.PoolTimeout():
                return Timeout(f"{who.name} did not take the connection in time.", stage="connect")
            case httpx.TimeoutException():
                late("idle" if self.began else "first", self.terms)
            case httpx.ConnectError() if "CERTIFICATE_VERIFY_FAILED" in str(wrong):
                return Unreachable(
                    f"{who.name} shows a certificate that this machine does not trust.",
                    "Name your company's certificates before the kernel starts: SSL_CERT_FILE=/path/to/company.pem",
                )
            case httpx.ConnectError():
                return Unreachable(f"{who.name} cannot be reached.", "Is it running?")
            case httpx.ProxyError():
                return Unreachable(f"The proxy does not let us through to {who.name}.", "%hf doctor")
            case httpx.DecodingError():
                return Broken(f"{who.name} sent bytes that cannot be unpacked.")
            case httpx.TransportError() | httpx.StreamError():
                if self.began:
                    return Broken(f"{who.name} broke the answer off.")
                return Unreachable(f"{who.name} closed the connection before it answered.", "Try again.")
            case ConnectionError() if type(wrong).__name__ == "OfflineModeIsEnabled":
                return Unreachable(
                    f"HF_HUB_OFFLINE is set, so {who.name} is not asked.",
                    "Unset HF_HUB_OFFLINE; in a notebook, restart the kernel then.",
                )
            case _:
                return Unreachable(f"{who.name} cannot be asked ({type(wrong).__name__}).")


class Answer:
    """An answer that has begun well."""

    def __init__(self, wire: Wire, response: Any, who: Who) -> None:
        self.wire, self.response, self.who = wire, response, who
        self.kind: str = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        self.provider: str = response.headers.get("x-inference-provider", "")
        self._complete = False
        self._until = (
            LONGEST_WAIT  # by time.monotonic, when nothing more is read; counts once the answer is complete
        )

    @property
    def is_json(self) -> bool:
        """It came whole."""
        return self.kind == "application/json" or self.kind.endswith("+json")

    def json(self) -> Any:
        """All of it, as JSON."""
        raw = b"".join(self._pieces())
        if not raw.strip():
            raise Broken(f"{self.who.name} answered with nothing.")
        try:
            said = json.loads(raw)
        except (ValueError, RecursionError):
            what = "a web page" if raw.lstrip()[:1] == b"<" else "something that is no JSON"
            raise Broken(f"{self.who.name} answered with {what}.") from None
        if isinstance(said, Mapping) and said.get("error"):
            raise self.who.error(raw.decode(errors="replace"))
        return said

    def parts(self) -> Iterator[Chunk]:
        """A text or a reply, as it comes; Broken where its end mark does not."""
        if self.is_json:
            yield from self._chunks(asking.whole(self.json(), self.who))
            return
        if self.kind in ("text/html", "application/xhtml+xml"):
            raise Broken(f"{self.who.name} answered with a web page.")
        yield from self._chunks(asking.streamed(sse.events(self._pieces()), self.who, self._ended))

    def _chunks(self, read: Iterator[Part]) -> Iterator[Chunk]:
        finish = None
        for part in read:
            finish = part.finish
            if finish is not None:
                self._ended()
                self._drain()
            yield _chunk(part, self.provider)
            if not self._complete:
                self.wire.idle()
        if finish is None:
            raise Broken(f"{self.who.name} ended the answer without its end mark.")

    def _ended(self) -> None:
        """The answer is complete; what may follow is not waited for long."""
        if not self._complete:
            self._complete = True
            self.wire.line.wait = FOR_COUNT
            self._until = time.monotonic() + FOR_COUNT

    def _drain(self) -> None:
        """Read to the end of the body, so that the connection can be used again."""
        self.wire.line.wait = FOR_END
        self._until = time.monotonic() + FOR_END
        for _ in self._rest:
            pass

    def _pieces(self) -> Iterator[bytes]:
        self._rest: Iterator[bytes] = self._bytes()
        return self._rest

    def _bytes(self) -> Iterator[bytes]:
        httpx, size = http.library(), 0
        try:
            for piece in self.response.iter_bytes():
                yield piece
                if not self._complete:
                    self.wire.terms.check()
                elif time.monotonic() > self._until:
                    return
                size += len(piece)
                if size > MOST:
                    raise Broken(f"{self.who.name} does not stop answering.")
        except httpx.HTTPError:
            if not self._complete:
                raise


def _chunk(part: Part, provider: str) -> Chunk:
    if part.finish is None:
        return Chunk(part.text, provider=provider)
    usage = None if part.read is None and part.written is None else Usage(part.read, part.written)
    calls = tuple(ToolCall(one.name, one.arguments, one.id) for one in part.calls)
    return Chunk(part.text, None, calls, 0.0, part.finish, usage, "", provider or part.provider)


def _headers(question: Question) -> dict[str, str]:
    headers = {"accept": f"{sse.TYPE}, application/json", "user-agent": _agent(), **question.headers}
    if question.body is not None:
        headers["content-type"] = "application/json"
    if question.key:
        headers["authorization"] = f"Bearer {question.key}"
    return headers


def _agent() -> str:
    from hf_nb import __version__

    return f"hf_nb/{__version__}"


def _beginning(response: Any, most: int, httpx: Any) -> bytes:
    got = b""
    with contextlib.suppress(httpx.HTTPError, httpx.StreamError):
        for piece in response.iter_bytes():
            got += piece
            if len(got) >= most:
                break
    return got[:most]
