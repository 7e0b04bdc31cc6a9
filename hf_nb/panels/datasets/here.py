"""Where datasets stand on this machine, as its disk says.

cached     all that a pull would bring is there
partial    something of it is, or has begun to arrive
available  nothing is; a card that was only read does not count
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path

from hf_nb.errors import HfNbError
from hf_nb.hub.address import Address
from hf_nb.hub.disk import shelf
from hf_nb.hub.disk.listing import storage
from hf_nb.hub.disk.selection import Asked, choose
from hf_nb.panels.models import here
from hf_nb.panels.models.here import Stand

# What reading about a dataset leaves behind.
READ = frozenset({"README.md", ".gitattributes", "dataset_infos.json"})
_looked: dict[Path, tuple[tuple[int, ...], Stand]] = {}


def coming(id: str) -> AbstractContextManager[None]:
    """While the block runs the dataset is on its way; what goes wrong in it is remembered."""
    return here.coming(f"datasets/{id}")


def stands(ids: Iterable[str]) -> dict[str, Stand]:
    """Each dataset as it stands now: a look at a few folders, nothing is asked."""
    wanted = list(dict.fromkeys(ids))
    states, (on_their_way, failed) = shelf.states(wanted, "dataset"), here.told()
    found = {}
    for id in wanted:
        stand = _on_disk(id, states[id])
        if f"datasets/{id}" in on_their_way or states[id] == "loading":
            stand = stand._replace(status="loading")
        elif stand.status != "cached" and f"datasets/{id}" in failed:
            stand = stand._replace(status="error")
        found[id] = stand
    return found


def folder_of(id: str) -> Path:
    """A dataset's folder in the cache."""
    return storage(Address("dataset", id))


def whole(listed: set[str], there: set[str]) -> bool:
    """Whether a pull would find nothing left to bring."""
    with contextlib.suppress(HfNbError):
        return bool(listed) and set(choose(sorted(listed), Asked())[0]) <= there
    return False


def _on_disk(id: str, state: str) -> Stand:
    if state == "available":
        return Stand("available")
    repo = folder_of(id)
    when, before = here.changed(repo), _looked.get(repo)
    if state == "cached" and before and before[0] == when:
        return before[1]
    snapshot = here.commit_of(repo)
    there = here.files(snapshot) if snapshot else set()
    if state == "cached" and snapshot and whole(here.listing_of(repo, snapshot.name), there):
        status = "cached"
    else:  # without a listing nobody knows whether it is all
        status = "partial" if state == "partial" or there - READ else "available"
    stand = Stand(status, here.size(repo / "blobs") if status != "available" else None)
    if state == "cached":
        _looked[repo] = when, stand
    return stand
