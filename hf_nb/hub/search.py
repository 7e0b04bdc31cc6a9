"""Search the Hub: one verb for models, datasets and Spaces."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from hf_nb import tasks
from hf_nb.errors import BadInput
from hf_nb.hub.client import api, kind_of
from hf_nb.hub.translate import translated
from hf_nb.plumbing.session import Session, current
from hf_nb.values import Kind, Row, SearchResult

if TYPE_CHECKING:
    from huggingface_hub import HfApi

SORTS: dict[str, str] = {
    "trending": "trending_score",
    "downloads": "downloads",
    "likes": "likes",
    "updated": "last_modified",
    "created": "created_at",
}
# Asked for by name, so that a row costs a few hundred bytes and not a whole card.
_COMMON = ["author", "createdAt", "lastModified", "likes", "private", "tags"]
_EXPAND: dict[Kind, list[str]] = {
    "model": [*_COMMON, "gated", "downloads", "library_name", "pipeline_tag", "safetensors"],
    "dataset": [*_COMMON, "gated", "downloads"],
    "space": [*_COMMON, "sdk", "runtime"],
}
MOST_ROWS = 10_000


def search(
    text: str | None = None,
    *,
    kind: str = "models",
    task: str | None = None,
    library: str | None = None,
    language: str | None = None,
    licence: str | None = None,
    author: str | None = None,
    tags: Sequence[str] = (),
    sdk: str | None = None,
    sort: str = "trending",
    limit: int | None = None,
    session: Session | None = None,
) -> SearchResult:
    """Models (or datasets, or Spaces) whose name holds `text` and that pass every filter.

    >>> search("sentiment", language="en").ids
    ['hfnb-demo/sentiment-en', ...]
    """
    session = session or current()
    wanted = kind_of(kind)
    limit = session.settings.search_limit if limit is None else limit
    if not 1 <= limit <= MOST_ROWS:
        raise BadInput(f"limit must be from 1 to {MOST_ROWS:,}, not {limit}.")
    if sort not in SORTS:
        raise BadInput(f"Cannot sort by {sort!r}.", f"Sorts: {', '.join(SORTS)}")
    _check_fits(wanted, task=task, library=library, sdk=sdk, sort=sort)
    query: dict[str, Any] = {
        "text": text,
        "task": task,
        "library": library,
        "language": language,
        "licence": licence,
    }
    query |= {"author": author, "tags": tuple(tags), "sdk": sdk, "sort": sort, "limit": limit}
    asked: dict[str, Any] = {
        "search": text or None,
        "author": author,
        "filter": _filters(wanted, task, library, language, licence, tags, sdk) or None,
        "sort": SORTS[sort],
        "limit": limit + 1,
        "expand": _EXPAND[wanted],
    }
    if wanted == "model":
        asked["pipeline_tag"] = task
    with (
        session.span("hub.search", kind=wanted) as span,
        translated(f"the list of {wanted}s", session.settings),
    ):
        found = list(islice(_list(api(session), wanted, asked), limit + 1))
        span.set(rows=min(len(found), limit))
    rows = tuple(_row(wanted, one) for one in found[:limit])
    return SearchResult(
        wanted,
        {key: value for key, value in query.items() if value},
        rows,
        len(found) > limit,
        session.settings.endpoint,
    )


def _list(hub: HfApi, kind: Kind, asked: dict[str, Any]) -> Any:
    match kind:
        case "model":
            return hub.list_models(**asked)
        case "dataset":
            return hub.list_datasets(**asked)
        case "space":
            return hub.list_spaces(**asked)


def _check_fits(kind: Kind, *, task: str | None, library: str | None, sdk: str | None, sort: str) -> None:
    if task is not None and task not in tasks.HUB_TASKS:
        close = difflib.get_close_matches(task, tasks.HUB_TASKS, n=3, cutoff=0.4)
        raise BadInput(
            f"The Hub has no task called {task!r}.", f"Nearest: {', '.join(close)}" if close else ""
        )
    if kind == "space" and (task or library):
        raise BadInput(
            "Spaces have no task or library to filter by.", "Spaces: --sdk, --author, --tag, --licence"
        )
    if kind == "space" and sort == "downloads":
        raise BadInput(
            "Spaces have no download count to sort by.", "Sorts: trending, likes, updated, created"
        )
    if kind != "space" and sdk:
        raise BadInput(f"Only Spaces have an SDK; {kind}s do not.", f"%hf search spaces --sdk {sdk}")


def _filters(
    kind: Kind,
    task: str | None,
    library: str | None,
    language: str | None,
    licence: str | None,
    tags: Sequence[str],
    sdk: str | None,
) -> list[str]:
    """The Hub filters by tag; datasets name the kind of tag, models mostly do not."""
    words: list[str | None] = [*tags, sdk, licence and f"license:{licence.lower()}"]
    if kind == "dataset":
        words += [
            task and f"task_categories:{task}",
            library and f"library:{library}",
            language and f"language:{language}",
        ]
    else:
        words += [library, language]
    return [word for word in words if word]


def _row(kind: Kind, found: Any) -> Row:
    tagged = Tags(found.tags or ())
    return Row(
        kind=kind,
        id=found.id,
        task=getattr(found, "pipeline_tag", None) or tagged.first("task_categories"),
        library=getattr(found, "library_name", None),
        licence=tagged.first("license"),
        languages=tagged.languages(kind),
        parameters=getattr(getattr(found, "safetensors", None), "total", None),
        downloads=getattr(found, "downloads", None),
        likes=found.likes,
        updated=found.last_modified,
        gated=getattr(found, "gated", None) or None,
        private=bool(found.private),
        size=tagged.first("size_categories"),
        sdk=getattr(found, "sdk", None),
        stage=getattr(getattr(found, "runtime", None), "stage", None),
        tags=tuple(found.tags or ()),
    )


class Tags:
    """A repository's tags, many of them `name:value`."""

    def __init__(self, tags: Sequence[str]) -> None:
        self.tags = tags

    def all(self, name: str) -> tuple[str, ...]:
        """The values of every `name:value`."""
        return tuple(tag.partition(":")[2] for tag in self.tags if tag.startswith(f"{name}:"))

    def first(self, name: str) -> str | None:
        """The first of `all`."""
        return next(iter(self.all(name)), None)

    def languages(self, kind: Kind) -> tuple[str, ...]:
        """Language codes: bare on models, prefixed on datasets."""
        if kind == "dataset":
            return self.all("language")
        return tuple(tag for tag in self.tags if tag in tasks.LANGUAGES)
