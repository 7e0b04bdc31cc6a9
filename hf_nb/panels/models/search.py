"""Models that fit, page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput
from hf_nb.hub.finding.filters import Wanted
from hf_nb.hub.finding.search import Hunt
from hf_nb.panels import pages
from hf_nb.panels.models import cached as on_disk
from hf_nb.panels.models.facets import SIZES
from hf_nb.panels.models.rows import rows
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
    library: str | None = None,
    language: str | None = None,
    licence: str | None = None,
    size: str | None = None,
    callable: bool | None = None,  # noqa: A002 -- the page's word: somebody serves it now
    cached: bool | None = None,
    sort: str | None = None,
    limit: int | None = None,
    more: str | None = None,
) -> dict[str, Any]:
    """`models.search`: the Hub's list; `cached`: what is on this machine, which asks nothing; `more`: the next page."""
    if more:
        return pages.further(more)
    _, least, most = _size(size)
    filters: dict[str, Any] = {
        "task": task,
        "library": library,
        "language": language,
        "licence": licence,
        "min_parameters": least,
        "max_parameters": most,
        "warm": bool(callable),
    }
    limit = pages.limited(limit)
    if cached:
        return on_disk.search(ask, Wanted(**filters), text, sort or TRENDING, limit)
    ask.official()
    return page(begun(ask.session, text, Wanted(**filters), sort or TRENDING, limit).take(), ask.session)


def begun(session: Session, text: str | None, wanted: Wanted, sort: str, limit: int) -> Hunt:
    """A search. Not by the verb, whose last one is what `%hf search --more` goes on with in a cell."""
    hunt = Hunt(session, "model", text or None, wanted, sort, providers=True)
    hunt.limit = limit
    return hunt


def page(found: SearchResult, session: Session) -> dict[str, Any]:
    """One page of the Hub's list."""
    return pages.page(found, rows(found.rows, session), lambda: page(found.next(), session))


def _size(size: str | None) -> tuple[str, str | None, str | None]:
    if not size:
        return "", None, None
    if size not in SIZES:
        raise BadInput(f"There is no size {size!r:.40}.", f"Sizes: {', '.join(SIZES)}")
    return SIZES[size]
