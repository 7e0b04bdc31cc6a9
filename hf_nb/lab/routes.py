"""Routes of the Jupyter server: what a panel asks where no kernel is needed, and files of the Hub.

    POST hf-nb/panel                                       one hfnb/1 request; its replies, a line of JSON each
    GET  hf-nb/files/{models|datasets|spaces}/{owner}/{name}/{revision}/{path}      (owner%2Fname will do too)

Both want a user who is logged in to the server, and refuse other sites' pages as Jupyter's own routes do. In a line,
binary buffers stand as base64 in `buffers`; an empty line says that work goes on. Who hangs up cancels. What is no
request at all, or no file, is answered with a status of HTTP and {error: …}.
"""

from __future__ import annotations

import asyncio
import base64
import contextvars
import importlib
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado import iostream, web

if TYPE_CHECKING:
    from hf_nb.panels.desk import Desk
    from hf_nb.panels.wire import Buffer

# Questions, and files, at the same time; the whole server's, since its threads are.
QUESTIONS = 24
FILES = 8
# Seconds of silence after which a line says that work goes on: less than a proxy's patience.
BEAT = 10.0
# Replies that wait for a slow page; then the work waits too.
WAITING = 16
# A request's JSON may be as long as its buffers' base64 makes it.
BODY = 2 * 512 * 1024
STATUS = {
    "NotFound": 404,
    "Unauthorized": 403,
    "Refused": 403,
    "BadInput": 400,
    "TooLarge": 413,
    "Busy": 503,
    "RateLimited": 429,
    "Unreachable": 502,
    "Timeout": 504,
}
# Loaded with the first question: a server that is asked nothing pays nothing.
USED = ("hf_nb.errors", "hf_nb.panels.wire", "hf_nb.panels.desk", "hf_nb.lab.files")
_asked: set[Desk] = set()
_fetching = ThreadPoolExecutor(FILES, thread_name_prefix="hf_nb files")
_turn = asyncio.Semaphore(FILES)


def load(server: Any) -> None:
    """Add them, below whatever address this server has."""
    base = url_path_join(server.web_app.settings["base_url"], "hf-nb")
    id = r"([^/]+/[^/]+|[^/]+%2[Ff][^/]+)"
    server.web_app.add_handlers(
        ".*$",
        [
            (url_path_join(base, "panel"), Panel),
            (url_path_join(base, rf"files/([a-z]+)/{id}/([^/]+)/(.+)"), Files),
        ],
    )


async def ready() -> None:
    """All that the routes use is loaded; in a thread, since who imports may wait for others, and a loop may not."""
    await asyncio.to_thread(_load)


def _load() -> None:
    for name in USED:
        importlib.import_module(name)


class Handler(APIHandler):
    """What both share."""

    auth_resource = "hf_nb"
    gone = False

    def on_connection_close(self) -> None:
        self.gone = True
        super().on_connection_close()

    def refuse(self, error: BaseException, **beside: object) -> None:
        """End with one of our errors, as JSON."""
        from hf_nb.panels.wire import wrong

        said = wrong(error)
        self.set_status(STATUS.get(said["type"], 500))
        self.finish(json.dumps({**beside, "error": said}) + "\n")


class Panel(Handler):
    """One question, and everything that is said to it."""

    line: Line | None = None

    @web.authenticated
    @authorized
    async def post(self) -> None:
        await ready()
        from hf_nb.errors import BadInput, Busy, TooLarge
        from hf_nb.panels import wire

        if len(self.request.body) > BODY:
            return self.refuse(TooLarge("The question is too long."), v=wire.PROTOCOL, id="")
        try:
            message = json.loads(self.request.body)
            buffers = [base64.b64decode(one, validate=True) for one in message.pop("buffers", ())]
        except (ValueError, TypeError, AttributeError, RecursionError):
            return self.refuse(BadInput("The question is no JSON."), v=wire.PROTOCOL, id="")
        request = wire.Request.read(message)
        if request is None:
            return self.refuse(BadInput("That is no hfnb/1 request."), v=wire.PROTOCOL, id="")
        if request.op == "cancel":  # a question is cancelled by hanging up
            self.set_status(204)
            return None
        _asked.difference_update([one for one in _asked if one.idle])
        if len(_asked) >= QUESTIONS:
            busy = Busy("The server works on too many questions.", "Wait for some of them.", after=1)
            said = json.dumps({"v": wire.PROTOCOL, "id": request.id, "error": wire.wrong(busy)})
            self.finish(said + "\n", set_content_type="application/x-ndjson")
            return None
        self.set_header("Content-Type", "application/x-ndjson")
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Accel-Buffering", "no")  # a proxy before the server passes each line on at once
        await self._answered(message, buffers)
        return None

    async def _answered(self, message: Any, buffers: Sequence[Buffer]) -> None:
        from hf_nb.panels.desk import Desk

        self.line = line = Line()
        desk = Desk(line.send, kernel=False)
        try:
            await asyncio.to_thread(desk.receive, message, buffers)
            _asked.add(desk)  # until its work has really ended, whoever still listens
            last = False
            while not last and not self.gone:
                said, last = await line.next()
                self.write(said + b"\n")
                await self.flush()
        except iostream.StreamClosedError:
            pass
        finally:
            line.shut()
            desk.close()

    def on_connection_close(self) -> None:
        super().on_connection_close()
        if self.line is not None:
            self.line.shut()


class Line:
    """Replies on their way from the threads that work to the one that writes."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._replies: asyncio.Queue[tuple[bytes, bool]] = asyncio.Queue(WAITING)
        self._shut = False

    def send(self, message: dict[str, Any], buffers: Sequence[Buffer]) -> None:
        """Called where the work is done; waits while the page is slow to read."""
        if self._shut:
            raise ConnectionError
        if buffers:
            message = {**message, "buffers": [base64.b64encode(one).decode() for one in buffers]}
        said = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
        reply = said, "ok" in message or "error" in message
        asyncio.run_coroutine_threadsafe(self._replies.put(reply), self._loop).result()

    async def next(self) -> tuple[bytes, bool]:
        """The next line, and whether it is the last; an empty one where nothing has come for a while."""
        try:
            return await asyncio.wait_for(self._replies.get(), BEAT)
        except TimeoutError:
            return b"", False

    def shut(self) -> None:
        """Nobody listens any more: who waits to send is let go, and who waits for a line has one."""
        self._shut = True
        while not self._replies.empty():
            self._replies.get_nowait()
        self._replies.put_nowait((b"", True))


class Files(Handler):
    """A file of the Hub."""

    @property
    def content_security_policy(self) -> str:
        return "sandbox; default-src 'none'"

    @web.authenticated
    @authorized
    async def get(self, kind: str, id: str, revision: str, path: str) -> None:
        await ready()
        from hf_nb.errors import HfNbError
        from hf_nb.lab.files import Wanted, opened

        self.check_xsrf_cookie()  # on GET: another site's page may not show what only this user may see
        async with _turn:
            context = contextvars.copy_context()

            async def step(work: Callable[..., Any], *args: Any) -> Any:
                return await asyncio.get_running_loop().run_in_executor(_fetching, context.run, work, *args)

            try:
                wanted = Wanted(kind, id, revision, path)
                file = opened(wanted, self.request.headers)
                coming = await step(file.__enter__)
            except HfNbError as wrong:
                return self.refuse(wrong)
            try:
                self._begin(wanted, coming.status, coming.headers)
                await self.flush()
                while not self.gone and (piece := await step(next, coming.pieces, None)):
                    self.write(piece)
                    await self.flush()
            except Exception as broken:  # noqa: BLE001 -- too late for another answer than hanging up
                self.log.warning("hf_nb: a file ended early: %s", type(broken).__name__)
                self.detach().close()
            finally:
                await step(file.__exit__, None, None, None)
        return None

    def _begin(self, wanted: Any, status: int, headers: Any) -> None:
        self.set_status(status)
        for name, value in headers.items():
            self.set_header(name, value)
        self.set_header("Content-Type", wanted.type)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Accept-Ranges", "bytes")
        life = "private, max-age=86400, immutable" if wanted.lasting else "private, no-cache"
        self.set_header("Cache-Control", life)
        if wanted.saved:
            self.set_header(
                "Content-Disposition", f"attachment; filename*=UTF-8''{quote(wanted.name, safe='')}"
            )
