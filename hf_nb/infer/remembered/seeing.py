"""The verb: how many answers are kept, and away with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_nb.infer import remembered
from hf_nb.plumbing.session import Session, current
from hf_nb.values.remembered import KeptAnswers

if TYPE_CHECKING:
    from pathlib import Path


def answers(*, clear: bool = False, session: Session | None = None) -> KeptAnswers:
    """How many answers of models are kept on this disk; `clear` removes them all, and those in memory."""
    session = session or current()
    with session.span("infer.answers", clear=clear):
        mine = remembered.of(session)
        mine.settle()
        latest = mine.forget() if clear else len(mine.front)
        number, size = mine.disk.clear() if clear else mine.disk.status()
        folder = _short(mine.disk.path.parent)
        return KeptAnswers(folder, number, size, mine.budget, latest, mine.disk.problem, clear)


def _short(folder: Path) -> str:
    try:
        return f"~/{folder.relative_to(folder.home())}"
    except ValueError:
        return str(folder)
