"""The one HTTP client, for the Hub and for inference alike. No other module imports the HTTP library.

    Trace( Gate( Timeouts( Faults( the library's own transport ) ) ) )

The client is handed to huggingface_hub as its factory, so the official calls, `InferenceClient` and ours
share timeouts, traces and the gate. Not seen here: Xet's transfers in Rust, DuckDB, subprocesses; `local_only`
cannot stop those by itself.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

from hf_nb.plumbing.session import Session, current
from hf_nb.plumbing.transports.faults import Fault, Faults, Kind
from hf_nb.plumbing.transports.gate import Gate
from hf_nb.plumbing.transports.timeouts import Timeouts
from hf_nb.plumbing.transports.trace import Trace
from hf_nb.plumbing.transports.wrapper import Transport

_installed_for: list[Session] = []


def library() -> Any:
    """The HTTP library the official client stands on, whichever it is in this release."""
    from huggingface_hub.utils import httpx

    return httpx


def client(session: Session) -> Any:
    """A client with the environment's proxies and our wrappers."""
    from huggingface_hub.utils._http import hf_request_event_hook

    httpx = library()
    made = httpx.Client(
        event_hooks={"request": [hf_request_event_hook]},
        follow_redirects=True,
        timeout=None,  # the Timeouts wrapper fills it in, from the settings as they are when a request is made
    )
    # Passing transport= would drop the environment's proxies and certificates, so what the client made is wrapped.
    made._transport = wrapped(made._transport, session, httpx)  # noqa: SLF001 -- no public way keeps the proxies
    mounts = made._mounts  # noqa: SLF001 -- the same
    mounts.update({pattern: inner and wrapped(inner, session, httpx) for pattern, inner in mounts.items()})
    return made


def wrapped(inner: Transport, session: Session, library: Any) -> Transport:
    """The composition, outermost first."""
    settings = session.settings
    return Trace(Gate(Timeouts(Faults(inner, session.faults, library), settings), settings), session.spans)


def install(session: Session | None = None) -> Session:
    """Make huggingface_hub use our client. Cheap when it already does."""
    session = session or current()
    if _installed_for != [session]:
        from huggingface_hub import set_client_factory

        set_client_factory(lambda: client(session))
        _installed_for[:] = [session]
    return session


@contextlib.contextmanager
def fault(kind: Kind, session: Session | None = None, **how: Any) -> Iterator[Fault]:
    """One kind of failure while the block runs."""
    session = session or current()
    one = Fault(kind, **how)
    session.faults.append(one)
    try:
        yield one
    finally:
        session.faults.remove(one)
