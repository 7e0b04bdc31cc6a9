"""One model: what it is, its card, what it needs, how to try it."""

from __future__ import annotations

import contextlib
import contextvars
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from hf_nb.errors import HfNbError
from hf_nb.hub.client import api
from hf_nb.hub.disk.selection import Asked, choose
from hf_nb.hub.reading.info import info
from hf_nb.hub.translate import translated
from hf_nb.panels import cards
from hf_nb.panels.models import example
from hf_nb.panels.models.rows import rows
from hf_nb.plumbing import reading
from hf_nb.render import facts
from hf_nb.tasks import TASKS
from hf_nb.values import RepoInfo, Row

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask
    from hf_nb.plumbing.session import Session

MOST_FILES, MOST_WARNINGS = 200, 20
PATIENCE = 5.0  # seconds for who serves it, which is good to know


def details(ask: Ask, *, id: str) -> dict[str, Any]:
    """`models.details`."""
    ask.official()
    serving = _Serving(id, ask.session)
    repo = info(id, kind="model", session=ask.session)
    providers = serving.providers()
    (row,) = rows([_row(repo, providers)], ask.session)
    wanted = _wanted(repo)
    task, cannot = example.task_of(repo), example.obstacle(repo, providers, ask.session)
    runnable = task is not None and cannot is None
    given = example.text(TASKS[task]) if runnable and task else ""
    return {
        "row": row | {"bytes": wanted or row["bytes"], "about": not wanted and row["about"]},
        "facts": cards.shown(repo),
        **cards.card(repo),
        "files": [{"path": one.path, "bytes": one.size or 0} for one in repo.files[:MOST_FILES]],
        "filesMore": max(0, len(repo.files) - MOST_FILES),
        "memory": [{"dtype": name, "bytes": size} for name, size in repo.memory.items()],
        "licence": licence(repo),
        "example": {"input": given, "code": example.written(repo.id, repo.task, given)} if runnable else None,
        "notRunnable": cannot,
        "warnings": [cards.clipped(line) for _, line in facts.notes(repo)[:MOST_WARNINGS]],
    }


class _Serving:
    """Who serves the model now, asked beside the rest; nobody, where that is not said in time."""

    def __init__(self, id: str, session: Session) -> None:
        self.id, self.session = id, session
        self._found: list[str] = []
        self._thread = threading.Thread(
            target=contextvars.copy_context().run, args=(self._ask,), daemon=True, name="hf_nb providers"
        )
        self._thread.start()

    def providers(self) -> list[str]:
        self._thread.join(PATIENCE)
        return list(self._found)

    def _ask(self) -> None:
        expand: Any = ["inferenceProviderMapping"]
        with contextlib.suppress(HfNbError), translated(f"model {self.id}", self.session.settings):
            with reading.scope(PATIENCE), self.session.ledger.looking():
                found = api(self.session).model_info(self.id, expand=expand)
            mapping = getattr(found, "inference_provider_mapping", None) or ()
            self._found = [one.provider for one in mapping if getattr(one, "status", "live") == "live"]


def _row(repo: RepoInfo, providers: list[str]) -> Row:
    return Row(
        "model",
        repo.id,
        task=repo.task,
        library=repo.library,
        licence=repo.licence,
        languages=repo.languages,
        parameters=sum(repo.parameters.values()) or None,
        downloads=repo.downloads,
        likes=repo.likes,
        created=repo.created,
        updated=repo.updated,
        gated=repo.gated,
        private=repo.private,
        providers=tuple(providers),
        bytes=repo.memory.get("stored"),
        tags=repo.tags,
    )


def _wanted(repo: RepoInfo) -> int | None:
    """Bytes that a pull brings."""
    sizes = {one.path: one.size or 0 for one in repo.files}
    with contextlib.suppress(HfNbError):
        return sum(sizes[path] for path in choose(list(sizes), Asked())[0]) or None
    return None


def licence(repo: RepoInfo) -> dict[str, Any]:
    """In words, with the address of its text where one is named."""
    link = repo.terms.link if repo.terms else None
    address = link if link and urlsplit(link).scheme in ("http", "https") else None
    return {"words": cards.clipped(facts.licence(repo)) or "No licence is stated.", "url": address}
