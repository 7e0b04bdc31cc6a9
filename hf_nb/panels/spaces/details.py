"""One Space: what it is, its card, and why it does not run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hf_nb.hub.reading.info import info
from hf_nb.panels import cards
from hf_nb.panels.spaces import owner, states
from hf_nb.panels.spaces.rows import rows
from hf_nb.panels.spaces.stages import state
from hf_nb.values import RepoInfo, Row

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask

MOST, LONGEST = 50, 8_000


def details(ask: Ask, *, id: str) -> dict[str, Any]:
    """`spaces.details`."""
    ask.official()
    owner.ask(ask.session)
    repo = info(id, kind="space", session=ask.session)
    found = _row(repo)
    if found.stage:
        states.learn(found.id, found.stage, found.hardware, ask.session)
    (row,) = rows([found], ask.session)
    return {
        "row": row,
        "facts": cards.shown(repo),
        **cards.card(repo),
        "models": list(repo.models[:MOST]),
        "datasets": list(repo.datasets[:MOST]),
        "problem": _problem(repo),
    }


def _row(repo: RepoInfo) -> Row:
    runtime = repo.runtime
    return Row(
        "space",
        repo.id,
        likes=repo.likes,
        created=repo.created,
        updated=repo.updated,
        private=repo.private,
        sdk=repo.sdk,
        stage=repo.stage,
        hardware=(runtime.hardware or runtime.requested) if runtime else None,
        title=repo.title,
        app=runtime.page if runtime else None,
        tags=repo.tags,
    )


def _problem(repo: RepoInfo) -> str | None:
    """Its end, which names what went wrong."""
    said = repo.runtime.error if repo.runtime else None
    if state(repo.stage) != "error":
        return None
    return said.strip()[-LONGEST:] if said else "The Hub does not say why."
