"""Which Spaces the token in use may restart: those of its owner, and of organisations it may write to.

Who it belongs to is asked once in a while, beside the search, and never keeps it waiting for long.
"""

from __future__ import annotations

import contextlib
import contextvars
import hashlib
import threading
import time
from typing import TYPE_CHECKING

from hf_nb.errors import HfNbError
from hf_nb.hub.people.login import identify
from hf_nb.plumbing import http

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session
    from hf_nb.values import Who

KEPT, FAILED = 600.0, 30.0  # seconds an answer is believed, and that nothing is asked after a failure
PATIENCE = 2.0
_WRITERS = frozenset({"admin", "write"})

# (Hub, the token's fingerprint) -> until when, and who; None: it could not be asked
_known: dict[tuple[str, str], tuple[float, frozenset[str]]] = {}
_asking: dict[tuple[str, str], threading.Thread] = {}
_guard = threading.Lock()
MOST = 20


def ask(session: Session) -> None:
    """Begin to ask, where it is not known."""
    _begun(session)


def writable(session: Session) -> frozenset[str]:
    """The names under which the token may write; none where that is not known in time."""
    key = _begun(session)
    if key is None:
        return frozenset()
    with _guard:
        thread = _asking.get(key)
    if thread is not None:
        thread.join(PATIENCE)
    with _guard:
        return _known.get(key, (0.0, frozenset()))[1]


def _begun(session: Session) -> tuple[str, str] | None:
    http.install(session)
    from huggingface_hub import get_token

    token = get_token()
    if token is None:
        return None
    key = (session.settings.endpoint, hashlib.sha256(token.encode()).hexdigest())
    with _guard:
        if _known.get(key, (0.0,))[0] < time.monotonic() and key not in _asking:
            work = contextvars.copy_context().run
            thread = threading.Thread(
                target=work, args=(_ask, key, token, session), daemon=True, name="hf_nb whoami"
            )
            _asking[key] = thread
            thread.start()
    return key


def _ask(key: tuple[str, str], token: str, session: Session) -> None:
    names, until = frozenset[str](), time.monotonic() + FAILED
    try:
        with contextlib.suppress(HfNbError):
            names = _names(identify(token, None, session, within=session.settings.deadline))
            until = time.monotonic() + KEPT
    finally:
        with _guard:
            _known[key] = until, names
            while len(_known) > MOST:
                del _known[next(iter(_known))]
            del _asking[key]


def _names(who: Who) -> frozenset[str]:
    """Where it may write, by its role; a fine-grained one names the places itself."""
    if who.role == "read":
        return frozenset()
    own = {who.name, *(one.name for one in who.orgs if one.role in _WRITERS)}
    if who.role == "fineGrained":
        own = {name for name in own if f"repo.write on {name}" in who.scopes}
    return frozenset(name.lower() for name in own)
