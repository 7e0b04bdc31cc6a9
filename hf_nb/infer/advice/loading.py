"""Models that push each other out of memory, and are loaded again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from hf_nb.infer import lookup
from hf_nb.infer.advice.habits import Habits
from hf_nb.values.advice import Tip

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

OFTEN = 3  # times one model was loaded
SPARE = 1.2  # of what the models weigh
SHARE = 0.8  # of the machine's memory, at most


def look(habits: Habits, session: Session, *, measure: bool) -> Iterator[Tip]:  # it was seen already
    """Where this machine has room for all of them together."""
    again = {model: took[1:] for model, took in habits.loads.items() if len(took) >= OFTEN}
    sizes = {model: _size(model, session) for model in habits.loads}
    if not again or None in sizes.values():
        return
    need = int(SPARE * sum(one or 0 for one in sizes.values()))
    if need > SHARE * _memory() or need <= _budget(session):
        return
    now = session.settings.model_memory
    yield Tip(
        "memory",
        f"{sum(map(len, again.values())):,} times a model was loaded again: {', '.join(sorted(again))}.",
        "Give the models memory enough to stay.",
        f"%hf settings model_memory={need}",
        "the seconds of loading again",
        seconds=sum(sum(took) for took in again.values()),
        undo=f"%hf settings model_memory={now}",
        setting=("model_memory", need),
    )


def _size(model: str, session: Session) -> int | None:
    """Bytes of a model: as it lies in memory, else as the Hub says."""
    local: Any = session.backends.get("local")
    for one in local.memory.seen() if hasattr(local, "memory") else ():
        if one.model == model:
            return int(one.bytes)
    known = lookup.kept(model, None, session)
    return known.bytes if known is not None else None


def _budget(session: Session) -> int:
    local: Any = session.backends.get("local")
    if not hasattr(local, "memory"):
        return 0
    return int(max(local.memory.budgets().values(), default=session.settings.model_memory))


def _memory() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0
