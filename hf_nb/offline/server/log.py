"""What was asked: the last requests, without bodies and without tokens."""

import itertools
import threading
from collections import deque
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hf_nb.offline.server.faults import SCOPE
from hf_nb.plumbing.redact import text

MOST = 10_000


class Requests:
    """A ring of the last requests."""

    def __init__(self, most: int = MOST) -> None:
        self._kept: deque[dict[str, Any]] = deque(maxlen=most)
        self._numbers = itertools.count()
        self._lock = threading.Lock()

    def add(self, **line: Any) -> dict[str, Any]:
        """Keep one."""
        with self._lock:
            line = {"number": next(self._numbers), **line}
            self._kept.append(line)
        return line

    def lines(self) -> list[dict[str, Any]]:
        """Oldest first."""
        with self._lock:
            return list(self._kept)

    def clear(self) -> None:
        """Forget them."""
        with self._lock:
            self._kept.clear()


class Log:
    """ASGI: note every request and how it was answered; status 0 is a connection that broke before an answer."""

    def __init__(self, app: ASGIApp, requests: Requests, origin: str) -> None:
        self.app, self.requests, self.origin = app, requests, origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/_offline/"):
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        line = self.requests.add(
            origin=self.origin,
            method=scope["method"],
            path=text(scope["raw_path"].decode("latin-1"))[:2000],
            query=text(scope["query_string"].decode("latin-1"))[:2000],
            status=0,
            sent=0,
            user_agent=text(headers.get("user-agent", ""))[:500],
            authorization="authorization" in headers,
            headers=sorted(headers),
            range=headers.get("range"),
            faults=scope.setdefault(SCOPE, []),
        )

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                line["status"] = message["status"]
            line["sent"] += len(message.get("body", b""))
            await send(message)

        await self.app(scope, receive, noting)
