"""The models this process keeps in memory: seen, and let go.

loaded()                    which, how large, where, how often used
unload("owner/name")        its memory is free again; the next call loads it anew
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput, NotFound
from hf_nb.plumbing.session import Session, current
from hf_nb.values import LoadedModels, Unloaded

if TYPE_CHECKING:
    from hf_nb.infer.backends.local import Local


def loaded(*, session: Session | None = None) -> LoadedModels:
    """The models in memory, the last used first."""
    local = _local(session or current())
    if local is None:
        return LoadedModels()
    turns = local.turns
    return LoadedModels(
        local.memory.seen(), local.memory.budgets(), turns.going, turns.most(), len(turns.waiting())
    )


def hurry(job: str, *, session: Session | None = None) -> None:
    """A job that waits for its turn on this machine is the next."""
    local = _local(session or current())
    if local is None:
        raise NotFound("Nothing waits for its turn here.")
    local.turns.hurry(job)


def waiting(session: Session) -> list[str]:
    """The ids of the jobs that wait for their turn, the next one first."""
    local = _local(session)
    return local.turns.waiting() if local is not None else []


def unload(model: str, task: str | None = None, *, session: Session | None = None) -> Unloaded:
    """Free a model's memory; with `task` only what was loaded for that one. `.bytes`: how much that was."""
    session = session or current()
    local = _local(session)
    gone = local.memory.unload(model, _auto(task)) if local is not None else ()
    if not gone:
        here = [one.model for one in loaded(session=session)]
        nearest = get_close_matches(model, here, n=3, cutoff=0.3)
        step = f"In memory: {', '.join(here)}" if here else "Nothing is: %hf loaded"
        raise NotFound(f"{model} is not in memory.", step, nearest=nearest)
    return Unloaded(gone)


def _local(session: Session) -> Local | None:
    """The local backend, where it was used at all."""
    found: Any = session.backends.get("local")
    return found if hasattr(found, "turns") else None


def _auto(task: str | None) -> str | None:
    """Tasks that need the same part of a model share it in memory."""
    if task is None:
        return None
    from hf_nb.infer.backends.local import WAYS

    if task not in WAYS:
        raise BadInput(f"No model is loaded here for a task called {task!r}.", f"Tasks: {', '.join(WAYS)}")
    return WAYS[task].auto
