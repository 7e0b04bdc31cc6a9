"""A dataset onto this disk, watched; what is stopped goes on when it is asked for again. And where datasets stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput
from hf_nb.hub.disk.pull import pull as onto_disk
from hf_nb.panels.datasets import here
from hf_nb.panels.models.pulling import MOST, confirmed
from hf_nb.panels.telling import Telling
from hf_nb.plumbing import progress

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask


def pull(ask: Ask, *, id: str) -> dict[str, Any]:
    """`datasets.pull`: how far it is; then, once the disk has it all, where."""
    ask.official()
    with here.coming(id), progress.to(Telling(ask)):
        pulled = onto_disk(id, kind="dataset", session=ask.session)
        confirmed(pulled)
    came = pulled.of("fetched") + pulled.of("cached")
    whole = here.whole({one.path for one in pulled.files}, {one.path for one in came})
    return {
        "path": pulled.path,
        "files": len(came),
        "bytes": sum(one.size or 0 for one in came),
        "status": "cached" if whole else "partial",
    }


def status(ask: Ask, *, ids: list[str]) -> dict[str, Any]:
    """`datasets.status`: of some datasets, as they stand now."""
    if len(ids) > MOST:
        raise BadInput(f"At most {MOST} datasets at once.", "Ask for those that can be seen.")
    return {id: {"status": one.status, "cachedBytes": one.bytes} for id, one in here.stands(ids).items()}
