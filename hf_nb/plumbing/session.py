"""The state behind the verbs. One per process unless a caller makes another."""

from __future__ import annotations

import functools
import threading
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from hf_nb.plumbing import doors, folders, spans
from hf_nb.plumbing.clock import REAL, Clock
from hf_nb.plumbing.jobs import Jobs
from hf_nb.plumbing.settings import Settings

if TYPE_CHECKING:
    from hf_nb.plumbing.ledger import Ledger
    from hf_nb.plumbing.ratelimits import Limits
    from hf_nb.plumbing.responses import Responses
    from hf_nb.plumbing.transports.faults import Fault


class Session:
    """Small on purpose: what a verb needs and nothing a verb does."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.spans = spans.Sink(folders.data() / "traces" if self.settings.trace else None)
        self.faults: list[Fault] = []
        self.backends: dict[str, Any] = {}
        self.breakers: dict[tuple[str, str], Any] = {}
        self.conversations: dict[str, Any] = {}
        self.clock: Clock = REAL
        self.jobs = Jobs()  # here, since the first to ask may be two threads at once

    # Made when first asked for: loading the extension needs none of them.

    @functools.cached_property
    def ledger(self) -> Ledger:
        """What was used, for the lock."""
        from hf_nb.plumbing.ledger import Ledger

        return Ledger(self.settings)

    @functools.cached_property
    def limits(self) -> Limits:
        """What the servers and the user allow."""
        from hf_nb.plumbing.ratelimits import Limits

        return Limits()

    @functools.cached_property
    def responses(self) -> Responses:
        """Copies of what the Hub said."""
        from hf_nb.plumbing.responses import Responses

        return Responses(folders.cache() / "responses")

    def span(self, name: str, **attributes: Any) -> AbstractContextManager[spans.Span]:
        """Run a block as one traced operation; none begins in a project that asks for what it may not."""
        self.settings.check()
        return spans.span(self.spans, name, attributes)


_lock = threading.Lock()
_sessions: list[Session] = []


def current() -> Session:
    """The process's session, made on first use."""
    with _lock:
        if not _sessions:
            _sessions.append(Session())
            doors.follow(_sessions[0].settings)
        return _sessions[0]


def use(session: Session | None) -> None:
    """Replace the process's session (None: a fresh one is made on next use)."""
    with _lock:
        _sessions[:] = [session] if session else []
        doors.follow(session.settings if session else None)
