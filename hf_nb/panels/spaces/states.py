"""How Spaces stand now, in as few requests as can be: what was listed together is asked for together.

1. the list they were found in, asked again: one request for a page of them
2. those of one owner together
3. the rest one by one, a few a round

Whoever asks within a few seconds of somebody else gets the same answer: two pages cost no more than one.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from hf_nb.errors import NotFound, Unauthorized
from hf_nb.hub.client import api
from hf_nb.hub.finding import rows
from hf_nb.hub.finding.paging import LONGEST, Listing
from hf_nb.hub.translate import translated
from hf_nb.panels.spaces.stages import state
from hf_nb.plumbing import http, reading

if TYPE_CHECKING:
    from huggingface_hub import SpaceRuntime

    from hf_nb.plumbing.session import Session
    from hf_nb.values import Row, SearchResult

# Seconds an answer counts as of now.
NOW = 2.0
# What is not there (any more) is not asked for again so soon.
ABSENT = 60.0
PATIENCE = 15.0
ALONE = 8  # requests for single Spaces in one round
LISTS, MOST = 30, 5_000
# A list that was looked through for few of its Spaces is not read to its end every time.
LONGEST_LIST = 200


class Stand(NamedTuple):
    """One Space at one moment; without a stage it is not there."""

    stage: str | None
    hardware: str | None
    seen: float

    def shown(self) -> dict[str, Any]:
        """As news."""
        return {"state": state(self.stage), "stage": self.stage, "hardware": self.hardware}


Key = tuple[str, str]
_known: OrderedDict[Key, Stand] = OrderedDict()
# How lists were asked for -> (what was asked, how many of the list, which of them)
_lists: OrderedDict[tuple[str, str], tuple[dict[str, Any], int, frozenset[str]]] = OrderedDict()
_guard = threading.Lock()
_looking = threading.Lock()


def listed(asked: Mapping[str, Any], found: SearchResult, session: Session) -> None:
    """A page of a list was read: how it can be asked for again, and how its Spaces stand."""
    for row in found.rows:
        learn(row.id, row.stage, row.hardware, session)
    bare = {name: value for name, value in asked.items() if name != "expand"}
    key = (session.settings.endpoint, repr(sorted(bare.items(), key=lambda pair: pair[0])))
    with _guard:
        _, _, before = _lists.pop(key, ({}, 0, frozenset()))
        ids = before | {row.id for row in found.rows}
        _lists[key] = bare, min(LONGEST_LIST, max(found.looked or 0, len(ids))), ids
        while len(_lists) > LISTS:
            _lists.popitem(last=False)


def learn(id: str, stage: str | None, hardware: str | None, session: Session) -> Stand:
    """Something was heard of a Space."""
    stand = Stand(stage, hardware, time.monotonic())
    with _guard:
        key = (session.settings.endpoint, id)
        _known.pop(key, None)
        _known[key] = stand
        while len(_known) > MOST:
            _known.popitem(last=False)
    return stand


def known(ids: Iterable[str], session: Session) -> dict[str, Stand]:
    """What was heard last."""
    with _guard:
        found = {id: _known.get((session.settings.endpoint, id)) for id in ids}
    return {id: stand for id, stand in found.items() if stand is not None}


def look(ids: Collection[str], session: Session, stop: threading.Event) -> dict[str, Stand]:
    """How they stand now. One look at a time: who waits finds that somebody has just asked."""
    while not _looking.acquire(timeout=0.1):
        if stop.is_set():
            return {}
    try:
        old = _old(ids, session)
        if old:
            with reading.scope(PATIENCE, copies=False), reading.fresh(), session.ledger.looking():
                _ask(old, session)
    finally:
        _looking.release()
    return known(ids, session)


def _old(ids: Collection[str], session: Session) -> set[str]:
    now, before = time.monotonic(), known(ids, session)
    return {
        id for id in ids if id not in before or now - before[id].seen > (NOW if before[id].stage else ABSENT)
    }


def _ask(wanted: set[str], session: Session) -> None:
    left = set(wanted)
    while len(left) > 1 and (again := _list_of(left, session)) is not None:
        asked, size, ids = again
        left -= _listed_now(asked, size, session)
        if left & ids:  # what is no longer in that list
            break
    for owner, some in _by_owner(left).items():
        if len(some) > 1:
            left -= _listed_now({"author": owner}, LONGEST, session)
    before = known(left, session)
    longest_ago = sorted(left, key=lambda id: before[id].seen if id in before else 0.0)
    for id in longest_ago[:ALONE]:
        one(id, session)


def _list_of(ids: set[str], session: Session) -> tuple[dict[str, Any], int, frozenset[str]] | None:
    """The list that holds most of them, if it holds several."""
    with _guard:
        mine = [entry for (hub, _), entry in _lists.items() if hub == session.settings.endpoint]
    best = max(mine, key=lambda entry: len(entry[2] & ids), default=None)
    return best if best is not None and len(best[2] & ids) > 1 else None


def _listed_now(asked: Mapping[str, Any], size: int, session: Session) -> set[str]:
    found: list[Row] = [
        rows.row("space", item, session.settings.download_mbit)
        for item in Listing(session, "space", {**asked, "expand": ["runtime"]}).page(size)
    ]
    for row in found:
        learn(row.id, row.stage, row.hardware, session)
    return {row.id for row in found}


def _by_owner(ids: Iterable[str]) -> dict[str, list[str]]:
    found = defaultdict(list)
    for id in ids:
        found[id.partition("/")[0]].append(id)
    return found


def one(id: str, session: Session) -> Stand:
    """One Space, asked for by itself."""
    http.install(session)
    try:
        with translated(f"space {id}", session.settings):
            runtime = api(session).get_space_runtime(id)
    except (NotFound, Unauthorized):
        return learn(id, None, None, session)
    return heard(id, runtime, session)


def heard(id: str, runtime: SpaceRuntime, session: Session) -> Stand:
    """The Hub said how a Space runs."""
    return learn(id, str(runtime.stage), runtime.hardware or runtime.requested_hardware, session)
