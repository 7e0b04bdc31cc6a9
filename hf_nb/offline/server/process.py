"""The process that serves: two ports on 127.0.0.1, one loop, one owner of the store."""

import asyncio
import contextlib
import logging
import secrets
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import filelock
import uvicorn
from starlette.types import ASGIApp

from hf_nb.errors import BadInput, Refused
from hf_nb.offline import upkeep
from hf_nb.offline.engine import Engine
from hf_nb.offline.server.admin import Admin, Controls
from hf_nb.offline.server.app import Hub, OtherOrigin
from hf_nb.offline.server.ask import Site
from hf_nb.offline.server.faults import Faults
from hf_nb.offline.server.limits import Limits, policy
from hf_nb.offline.server.log import Log, Requests
from hf_nb.offline.server.rules import Rules
from hf_nb.offline.server.viewer.making import Conversions
from hf_nb.offline.store import Store
from hf_nb.offline.xet.cas import Cas

HOST = "127.0.0.1"
LOCK = "serve.lock"


@dataclass(frozen=True)
class Ready:
    """What a starter needs to know."""

    url: str
    cdn_url: str
    admin: str


def serve(
    root: Path,
    *,
    users: Sequence[str] = (),
    limits: str = "roomy",
    port: int = 0,
    cdn_port: int = 0,
    ready: Callable[[Ready], None],
    until: threading.Event | None = None,
    answer: str | None = None,
    rows: str | None = None,
) -> None:
    """Serve a store until a signal comes, or `until` is set.

    `answer`: the module that answers questions to models; `rows`: the one that reads datasets for their viewer.
    """
    rate = policy(limits)
    with alone(root), contextlib.closing(Store.open(root)) as store:
        upkeep.clear_arrivals(store.blobs.incoming)
        for words in users:
            add_user(store, words)
        with _listening(port) as hub_socket, _listening(cdn_port) as other_socket:
            url, cdn_url = (f"http://{HOST}:{one.getsockname()[1]}" for one in (hub_socket, other_socket))
            made = Ready(url, cdn_url, _admin_token())
            engine = Engine(answer, url) if answer else None
            cas = Cas(root / "xet", store.blobs)
            viewer = Conversions(Engine(rows, url), store) if rows else None
            site = Site(store, url, cdn_url, secrets.token_bytes(32), cas, engine=engine, viewer=viewer)
            hub, other = applications(site, Limits(rate, site.clock.monotonic), made.admin)
            asyncio.run(
                _run(
                    [(hub, hub_socket), (other, other_socket)],
                    lambda: ready(made),
                    until or threading.Event(),
                    [one for one in (engine, viewer and viewer.engine) if one],
                )
            )


def applications(site: Site, limits: Limits, admin: str) -> tuple[ASGIApp, ASGIApp]:
    """The two origins, with everything around them."""
    rules, requests = Rules(), Requests()
    hub = Log(Faults(Hub(site, limits), rules, site, "hub"), requests, "hub")
    other = Log(Faults(OtherOrigin(site), rules, site, "cdn"), requests, "cdn")
    return Admin(hub, admin, Controls(site, rules, requests)), other


def _admin_token() -> str:
    # in the shape of the Hub's own tokens: whatever hides those hides this one
    return f"hf_{secrets.token_hex(20)}"


def add_user(store: Store, words: str) -> None:
    """`name:token[:role]`; the role is that of the token, read or write."""
    name, token, role = [*words.split(":"), "", ""][:3]
    if not name or not token or words.count(":") > 2 or role not in ("", "read", "write"):
        raise BadInput(
            "A user is given as name:token or name:token:role.",
            "For example --user learner:hf_learner_offline:read",
        )
    store.user(name, token, role=role or "write")


@contextlib.contextmanager
def alone(root: Path, next_step: str = "Stop it, or serve another folder with --root.") -> Iterator[None]:
    """A store belongs to one serving process: another one would not see its writes in time."""
    root.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(root / LOCK)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        raise Refused(f"Another process serves {root} already.", next_step) from None
    try:
        yield
    finally:
        lock.release()


def _listening(port: int) -> socket.socket:
    # the protocol by name: asyncio turns Nagle's delay (40 ms an answer) off only where it reads "TCP" on the socket
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((HOST, port))
    except OSError as taken:
        made.close()
        raise Refused(
            f"Port {port} cannot be used: {taken.strerror}.", "Choose another one with --port."
        ) from None
    made.listen(2048)
    return made


class _Server(uvicorn.Server):
    """uvicorn's server, with the signals left to whoever runs two of them."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _run(
    pairs: Sequence[tuple[ASGIApp, socket.socket]],
    ready: Callable[[], None],
    until: threading.Event,
    engines: Sequence[Engine] = (),
) -> None:
    logging.getLogger("hf_nb.offline").addHandler(logging.StreamHandler())
    servers = [_Server(_config(app)) for app, _ in pairs]

    def stop(number: int = 0, frame: FrameType | None = None) -> None:
        for server in servers:
            server.should_exit = True

    before = (
        {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        if _main_thread()
        else {}
    )
    tasks = [
        asyncio.ensure_future(server.serve(sockets=[pair[1]]))
        for server, pair in zip(servers, pairs, strict=True)
    ]
    try:
        while not all(server.started for server in servers) and not any(task.done() for task in tasks):  # noqa: ASYNC110 -- uvicorn says it in an attribute only
            await asyncio.sleep(0.005)
        ready()
        watching = asyncio.ensure_future(_watch(until, stop))
        await asyncio.gather(*tasks)
        watching.cancel()
    finally:
        for engine in engines:
            await engine.close()
        for number, handler in before.items():
            signal.signal(number, handler)


async def _watch(until: threading.Event, stop: Callable[[], None]) -> None:
    while not until.is_set():  # noqa: ASYNC110 -- set by a thread
        await asyncio.sleep(0.1)
    stop()


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        lifespan="off",
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=1,
        timeout_keep_alive=30,
        h11_max_incomplete_event_size=128 * 1024,
    )


def _main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()
