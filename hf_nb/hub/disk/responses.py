"""The copies of the Hub's answers: how many there are, and away with them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from hf_nb.plumbing.session import Session, current
from hf_nb.values.limits import ResponseCache


def responses(*, clear: bool = False, session: Session | None = None) -> ResponseCache:
    """How many answers about repositories are kept on this disk; `clear` removes them all."""
    session = session or current()
    with session.span("hub.responses", clear=clear):
        kept = session.responses.clear() if clear else session.responses.status()
        return ResponseCache(
            folder=_short(session.responses.folder),
            entries=kept.entries,
            bytes=kept.bytes,
            oldest=datetime.fromtimestamp(kept.oldest).astimezone() if kept.oldest else None,
            minutes=session.settings.response_cache_minutes,
            cleared=clear,
        )


def _short(folder: Path) -> str:
    try:
        return f"~/{folder.relative_to(Path.home())}"
    except ValueError:
        return str(folder)
