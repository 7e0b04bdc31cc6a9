"""A Space in a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hf_nb.panels.spaces import owner
from hf_nb.panels.spaces.stages import state
from hf_nb.plumbing.session import Session
from hf_nb.values import Row

LONGEST_TITLE = 200
# Always served as it is: there is nothing to start.
STATIC = "static"


def rows(found: Sequence[Row], session: Session) -> list[dict[str, Any]]:
    """All of them; who owns them is known once for all."""
    mine = owner.writable(session)
    return [_row(one, mine, session) for one in found]


def _row(row: Row, mine: frozenset[str], session: Session) -> dict[str, Any]:
    author, _, name = row.id.rpartition("/")
    return {
        "id": row.id,
        "author": author,
        "name": name,
        "title": (row.title or name)[:LONGEST_TITLE],
        "sdk": row.sdk,
        "hardware": row.hardware,
        "stage": row.stage or "",
        "state": state(row.stage),
        "likes": row.likes,
        "updated": row.updated.isoformat() if row.updated else None,
        "private": row.private,
        "mayRestart": author.lower() in mine and row.sdk != STATIC,
        "url": f"{session.settings.endpoint}/spaces/{row.id}",
        # the offline Hub serves no apps
        "app": None if session.settings.endpoint_is_local else row.app,
    }
