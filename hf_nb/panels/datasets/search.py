"""Datasets that fit, page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hf_nb.hub.finding.filters import Wanted
from hf_nb.hub.finding.search import Hunt
from hf_nb.panels import pages
from hf_nb.panels.datasets import cached as on_disk
from hf_nb.panels.datasets.facets import tags_of
from hf_nb.panels.datasets.rows import rows
from hf_nb.values import SearchResult

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask
    from hf_nb.plumbing.session import Session

TRENDING = "trending"


def search(
    ask: Ask,
    *,
    text: str | None = None,
    task: str | None = None,
    domain: str | None = None,
    use: str | None = None,
    modality: str | None = None,
    format: str | None = None,
    language: str | None = None,
    licence: str | None = None,
    size: str | None = None,
    cached: bool | None = None,
    sort: str | None = None,
    limit: int | None = None,
    more: str | None = None,
) -> dict[str, Any]:
    """`datasets.search`: the Hub's list; `cached`: what is here, which asks nothing; `more`: the next page."""
    if more:
        return pages.further(more)
    wanted = Wanted(
        task=task or None,
        domain=domain or None,
        modality=modality or None,
        file_format=format or None,
        language=language or None,
        licence=licence or None,
        size=size or None,
        tags=tags_of(use) if use else (),
    )
    limit = pages.limited(limit)
    if cached:
        return on_disk.search(ask, wanted, text, sort or TRENDING, limit)
    ask.official()
    return page(begun(ask.session, text, wanted, sort or TRENDING, limit).take(), ask.session)


def begun(session: Session, text: str | None, wanted: Wanted, sort: str, limit: int) -> Hunt:
    """A search. Not by the verb, whose last one is what `%hf search --more` goes on with in a cell."""
    hunt = Hunt(session, "dataset", text or None, wanted, sort)
    hunt.limit = limit
    return hunt


def page(found: SearchResult, session: Session) -> dict[str, Any]:
    """One page of the Hub's list."""
    return pages.page(found, rows(found.rows, session), lambda: page(found.next(), session))
