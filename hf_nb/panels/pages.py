"""Lists that may go on: the way to a further page, under a name that a page of the browser can hold.

The few dozen asked for last are kept; an older one is gone, and is to be searched for again.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from hf_nb.errors import BadInput, NotFound
from hf_nb.panels.in_code import searched
from hf_nb.values import SearchResult

KEPT = 64
LIMIT, MOST = 40, 100

Further = Callable[[], dict[str, Any]]

_kept: OrderedDict[str, Further] = OrderedDict()
_guard = threading.Lock()


def page(found: SearchResult, rows: list[dict[str, Any]], further: Further) -> dict[str, Any]:
    """One page of the Hub's list, as a panel takes it; `further` makes the next one."""
    return {
        "rows": rows,
        "more": keep(further) if found.more else None,
        "looked": found.looked if found.checked else None,
        "stopped": found.stopped and found.stopped[:1].upper() + found.stopped[1:],
        "note": found.note,
        "code": searched(found),
    }


def keep(further: Further) -> str:
    """A name for what comes next."""
    name = secrets.token_urlsafe(9)
    with _guard:
        _kept[name] = further
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return name


def further(name: str) -> dict[str, Any]:
    """The page of that name; after a failure it can be asked for again."""
    with _guard:
        found = _kept.get(name)
        if found is not None:
            _kept.move_to_end(name)
    if found is None:
        raise NotFound("This list is no longer kept, so it cannot go on.", "Search again.")
    return found()


def limited(limit: int | None) -> int:
    """Rows of one page."""
    if limit is None:
        return LIMIT
    if not 1 <= limit <= MOST:
        raise BadInput(f"limit must be from 1 to {MOST}, not {limit}.")
    return limit
