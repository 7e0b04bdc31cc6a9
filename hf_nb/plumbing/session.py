"""The state behind the verbs: settings and spans. One per process unless a caller makes another."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from hf_nb.plumbing import folders, spans
from hf_nb.plumbing.settings import Settings

if TYPE_CHECKING:
    from hf_nb.plumbing.transports.faults import Fault


class Session:
    """Small on purpose: what a verb needs and nothing a verb does."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.spans = spans.Sink(folders.data() / "traces" if self.settings.trace else None)
        self.faults: list[Fault] = []
        self.backends: dict[str, Any] = {}

    def span(self, name: str, **attributes: Any) -> AbstractContextManager[spans.Span]:
        """Run a block as one traced operation."""
        return spans.span(self.spans, name, attributes)


_lock = threading.Lock()
_sessions: list[Session] = []


def current() -> Session:
    """The process's session, made on first use."""
    with _lock:
        if not _sessions:
            _sessions.append(Session())
        return _sessions[0]


def use(session: Session | None) -> None:
    """Replace the process's session (None: a fresh one is made on next use)."""
    with _lock:
        _sessions[:] = [session] if session else []
