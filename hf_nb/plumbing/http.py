"""The one HTTP client, for the Hub and for inference alike. No other module imports the HTTP library.

    Switches( Watch( Trace( Cache( Gate( Official( Retry( Limit( Timeouts( Faults( Sockets( the library's own ))))))))))

The client is handed to huggingface_hub as its factory, so the official calls, `InferenceClient` and ours share
timeouts, traces, limits and the gate; copies of answers are for our own verbs (`with http.verb(session)`). Not seen
here: Xet's transfers in Rust, DuckDB, subprocesses; what closes those under `local_only` stands in `doors`.
"""

import contextlib
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hf_nb.errors import BadInput
from hf_nb.plumbing import reading, redact
from hf_nb.plumbing.reading import Reading
from hf_nb.plumbing.session import Session, current
from hf_nb.plumbing.transports import retry
from hf_nb.plumbing.transports.asynchronous import gated
from hf_nb.plumbing.transports.cache import Cache
from hf_nb.plumbing.transports.faults import Fault, Faults, Kind
from hf_nb.plumbing.transports.gate import Gate
from hf_nb.plumbing.transports.ledger import Watch
from hf_nb.plumbing.transports.limit import Limit
from hf_nb.plumbing.transports.official import Official
from hf_nb.plumbing.transports.sockets import Sockets
from hf_nb.plumbing.transports.switches import Switches
from hf_nb.plumbing.transports.timeouts import Timeouts
from hf_nb.plumbing.transports.trace import Trace
from hf_nb.plumbing.transports.wrapper import Transport

fresh = reading.fresh
within = reading.scope
GaveUp = retry.GaveUp
# Where a company's certificates are named. The library reads the first two; the others are what `requests` and curl
# taught everybody to set.
CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")

# Those who write down the addresses of requests.
LOGGERS = ("huggingface_hub.utils._http", "httpx2")

_clean = redact.Logs()
_installed_for: list[Session] = []


def library() -> Any:
    """The HTTP library the official client stands on, whichever it is in this release."""
    from huggingface_hub.utils import httpx

    return httpx


def client(session: Session) -> Any:
    """A client with the environment's proxies and certificates, and our wrappers."""
    httpx = library()
    made = httpx.Client(
        follow_redirects=True,
        timeout=None,  # the Timeouts wrapper fills it in, from the settings as they are when a request is made
        verify=certificates(),
    )
    # Passing transport= would drop the environment's proxies and certificates, so what the client made is wrapped.
    made._transport = wrapped(made._transport, session, httpx)  # noqa: SLF001 -- no public way keeps the proxies
    mounts = made._mounts  # noqa: SLF001 -- the same
    mounts.update({pattern: inner and wrapped(inner, session, httpx) for pattern, inner in mounts.items()})
    return made


def wrapped(inner: Transport, session: Session, library: Any) -> Transport:
    """The composition, outermost first."""
    from huggingface_hub.utils._http import hf_request_event_hook

    settings = session.settings
    once = Timeouts(Faults(Sockets(inner), session.faults, library), settings)
    tried = retry.Retry(Limit(once, settings, session.limits, library), settings, library)
    asked = Gate(Official(tried, hf_request_event_hook), settings)
    traced = Trace(Cache(asked, settings, session.responses, library), session.spans)
    return Switches(Watch(traced, session.ledger, library), settings)


def certificates() -> Any:
    """What the client is to trust: the library's own choice, or what a variable names that it does not read."""
    named = next((name for name in CERTIFICATES if os.environ.get(name)), None)
    if named is None:
        return True
    path = Path(os.environ[named])
    if named == "SSL_CERT_DIR":  # may be several, as in PATH, and none of them need exist
        return True
    if not path.exists():
        raise BadInput(f"{named} names certificates that are not there: {path}", f"Mend or unset {named}.")
    if named == "SSL_CERT_FILE":
        return True
    import ssl

    folder = path.is_dir()
    return ssl.create_default_context(
        cafile=None if folder else str(path), capath=str(path) if folder else None
    )


def install(session: Session | None = None) -> Session:
    """Make huggingface_hub use our client. Cheap when it already does."""
    session = session or current()
    if _installed_for != [session]:
        session.settings.hand_on()  # before the official client is imported, which reads its variables then
        from huggingface_hub import set_async_client_factory, set_client_factory
        from huggingface_hub.utils._http import default_async_client_factory

        set_client_factory(lambda: client(session))
        set_async_client_factory(gated(default_async_client_factory, lambda: session.settings))
        for name in LOGGERS:
            logging.getLogger(name).addFilter(_clean)
        _installed_for[:] = [session]
    return session


def verb(session: Session) -> contextlib.AbstractContextManager[Reading]:
    """Run a block as one verb that reads: copies may answer, and everything ends at the setting `deadline`."""
    return reading.scope(session.settings.deadline)


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
