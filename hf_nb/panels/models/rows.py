"""A model in a list: what the Hub says of it, and where it stands on this machine."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from hf_nb.hub import fits
from hf_nb.hub.reading import licence
from hf_nb.infer import numbers
from hf_nb.panels.models import here
from hf_nb.panels.models.names import task
from hf_nb.plumbing import memory
from hf_nb.plumbing.session import Session
from hf_nb.values import Row, Stat

MOST = 5_000
_tasks: dict[str, str | None] = {}
_guard = threading.Lock()


def rows(found: Sequence[Row], session: Session) -> list[dict[str, Any]]:
    """All of them at once: the disk is looked at once a model, the numbers of the session once."""
    _remember(found)
    stands = here.stands((one.id for one in found), session)
    speeds = _speeds(session)
    free, hub = memory.free(), session.settings.endpoint
    return [_row(one, stands[one.id], speeds.get(one.id), hub) | {"fits": _fits(one, free)} for one in found]


def _row(row: Row, stand: here.Stand, speed: dict[str, Any] | None, hub: str) -> dict[str, Any]:
    author, _, name = row.id.rpartition("/")
    return {
        "id": row.id,
        "author": author,
        "name": name,
        "task": row.task,
        "taskName": task(row.task) if row.task else None,
        "library": row.library,
        "licence": row.licence,
        "licenceKind": licence_kind(row),
        "languages": list(row.languages),
        "parameters": row.parameters,
        "bytes": row.bytes,
        "about": row.bytes is not None,
        "downloads": row.downloads,
        "likes": row.likes,
        "updated": row.updated.isoformat() if row.updated else None,
        "gated": row.gated,
        "private": row.private,
        "providers": list(row.providers),
        "status": stand.status,
        "cachedBytes": stand.bytes,
        "speed": speed,
        "url": f"{hub}/{row.id}",
    }


def _fits(row: Row, free: int) -> dict[str, Any] | None:
    """Whether it has room here, by its size; nothing where nobody says how large it is."""
    room = fits.room(row.parameters, row.bytes, free)
    return {"verdict": room.verdict, "reason": room.sentence} if room else None


def licence_kind(row: Row) -> str:
    """What its licence is, in plain words; of one that is unknown, that its owner has terms."""
    words = licence.stated({"license": row.licence}).words
    return "gated" if row.gated and words == "unknown" else words


def own_task(id: str) -> str | None:
    """What the Hub files a model under, as a list or a look at it said last."""
    return _tasks.get(id)


def _remember(found: Sequence[Row]) -> None:
    with _guard:
        for one in found:
            _tasks.pop(one.id, None)
            _tasks[one.id] = one.task
        while len(_tasks) > MOST:
            del _tasks[next(iter(_tasks))]


def _speeds(session: Session) -> dict[str, dict[str, Any]]:
    """Of every model that answered in this session: how often, and the median of the method used most."""
    found: dict[str, Stat] = {}
    for one in numbers.stats(session=session).stats:
        before = found.get(one.model)
        if one.p50 is not None and (before is None or before.answers < one.answers):
            found[one.model] = one
    return {
        model: {"calls": one.answers, "seconds": one.p50, "tokens": one.rate} for model, one in found.items()
    }
