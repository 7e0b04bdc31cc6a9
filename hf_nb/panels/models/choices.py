"""Models to choose from for a task: what is in memory and on this machine at once, then what the Hub has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hf_nb import tasks
from hf_nb.errors import HfNbError
from hf_nb.hub import fits
from hf_nb.hub.finding.filters import Wanted
from hf_nb.infer.own import folders
from hf_nb.panels.models import cached, example, here
from hf_nb.panels.models.search import TRENDING, begun
from hf_nb.plumbing import memory
from hf_nb.render import units
from hf_nb.tasks import Task
from hf_nb.values import Row

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask
    from hf_nb.plumbing.session import Session

MOST = 20  # of each search
SEARCHES = 2  # tags that a task's models are filed under


def choices(ask: Ask, *, task: str | None = None, text: str | None = None) -> dict[str, Any]:
    """`models.choices`: an event with what is here, and the whole as the answer; a silent Hub is said, no failure."""
    row, session = example.row_of(task), ask.session
    local = _here(row, text, session)
    ask.tell({"choices": local, "looked": False, "wrong": None})
    known = {one["id"] for one in local}
    try:
        ask.official()
        found = [_choice(one, "hub", session) for one in _hub(row, text, session) if one.id not in known]
    except HfNbError as silent:
        return {"choices": local, "looked": False, "wrong": silent.problem}
    served = [{**one, "group": "callable"} for one in found if one.pop("served")]
    rest = [one for one in found if one["id"] not in {other["id"] for other in served}]
    return {"choices": [*local, *served, *rest], "looked": True, "wrong": None}


def _here(row: Task | None, text: str | None, session: Session) -> list[dict[str, Any]]:
    found = [one for one in cached.models(session) if _meant(one, row, text)]
    stands = here.stands([one.id for one in found], session)
    made = []
    for one in found:
        status = stands[one.id].status
        group = "loaded" if status == "loaded" else "cached"
        made.append({**_choice(one, group, session), "note": "partly here" if status == "partial" else None})
        del made[-1]["served"]
    return sorted(made, key=lambda one: one["group"] != "loaded")


def _meant(one: Row, row: Task | None, text: str | None) -> bool:
    """Whether it fits the task and the words; a model that chats has a template for it."""
    if not all(word in one.id.lower() for word in (text or "").lower().split()):
        return False
    if row is None:
        return True
    if one.task is None or not row.fits(tasks.ALSO.get(one.task, one.task)):
        return False
    return row.name != "chat" or _chats(one)


def _chats(one: Row) -> bool:
    snapshot = here.commit_of(here.folder_of(one.id))
    return "conversational" in one.tags or (snapshot is not None and folders.chats(str(snapshot)))


def _hub(row: Task | None, text: str | None, session: Session) -> list[Row]:
    """By each tag its models are filed under, until there are some."""
    tags = ("conversational",) if row is not None and row.name == "chat" else ()
    found: dict[str, Row] = {}
    for tag in _filed(row):
        hunt = begun(session, text, Wanted(task=tag, tags=tags), TRENDING, MOST)
        found |= {one.id: one for one in hunt.take().rows if one.id not in found}
    return list(found.values())


def _filed(row: Task | None) -> Sequence[str | None]:
    if row is None:
        return (None,)
    return [one for one in (row.name, *row.tags) if one in tasks.HUB_TASKS][:SEARCHES]


def _choice(one: Row, group: str, session: Session) -> dict[str, Any]:
    size = [
        f"{units.count(one.parameters)} params" if one.parameters else "",
        units.size(one.bytes) if one.bytes else "",
    ]
    room = fits.room(one.parameters, one.bytes, memory.free()) if group == "hub" else None
    large = bool(room and room.verdict == "too large") and not one.providers
    return {
        "id": one.id,
        "group": group,
        "size": " · ".join(filter(None, size)),
        "task": one.task,
        "note": "gated" if one.gated else "too large for this machine" if large else None,
        "served": bool(one.providers),
    }
