"""Spaces that fit, page by page, and what they may be filtered by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hf_nb.hub.finding.filters import Wanted
from hf_nb.hub.finding.search import Hunt
from hf_nb.panels import pages
from hf_nb.panels.spaces import owner, states
from hf_nb.panels.spaces.rows import rows

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask
    from hf_nb.plumbing.session import Session
    from hf_nb.values import SearchResult

SORTS = {
    "trending": "Trending rank",
    "likes": "Most likes first",
    "updated": "Last updated first",
    "created": "Newest first",
}
STATES = {
    "running": "Running",
    "building": "Building or starting",
    "sleeping": "Asleep",
    "paused": "Paused",
    "stopped": "Stopped",
    "error": "Failing",
}
SDKS = {"gradio": "Gradio", "streamlit": "Streamlit", "docker": "Docker", "static": "Static page"}
HARDWARE = {
    "cpu": ("Any CPU", "CPU"),
    "cpu-basic": ("CPU basic", "CPU"),
    "cpu-upgrade": ("CPU upgrade", "CPU"),
    "gpu": ("Any GPU", "GPU"),
    "zero": ("ZeroGPU", "GPU"),
    "t4": ("Nvidia T4", "GPU"),
    "l4": ("Nvidia L4", "GPU"),
    "l40s": ("Nvidia L40S", "GPU"),
    "a10g": ("Nvidia A10G", "GPU"),
    "a100": ("Nvidia A100", "GPU"),
}


def facets(ask: Ask) -> dict[str, Any]:
    """`spaces.facets`: nothing is asked."""

    def choices(table: dict[str, str]) -> list[dict[str, str]]:
        return [{"value": one, "label": label} for one, label in table.items()]

    return {
        "sdks": choices(SDKS),
        "states": choices(STATES),
        "hardware": [
            {"value": one, "label": label, "group": group} for one, (label, group) in HARDWARE.items()
        ],
        "sorts": choices(SORTS),
    }


def search(
    ask: Ask,
    *,
    text: str | None = None,
    sdk: str | None = None,
    state: str | None = None,
    hardware: str | None = None,
    sort: str | None = None,
    limit: int | None = None,
    more: str | None = None,
) -> dict[str, Any]:
    """`spaces.search`: as they stand now; the Hub cannot filter by state and hardware, so those are looked through."""
    if more:
        return pages.further(more)
    wanted = Wanted(sdk=sdk or None, status=state or None, hardware=hardware or None)
    ask.official()
    hunt = begun(ask.session, text, wanted, sort or "trending", pages.limited(limit))
    return page(hunt.take(), hunt, ask.session)


def begun(session: Session, text: str | None, wanted: Wanted, sort: str, limit: int) -> Hunt:
    """A search; whose they are is asked at the same time."""
    hunt = Hunt(session, "space", text or None, wanted, sort)
    hunt.limit = limit
    owner.ask(session)
    return hunt


def page(found: SearchResult, hunt: Hunt, session: Session) -> dict[str, Any]:
    """One page of the Hub's list."""
    states.listed(hunt.listing.asked, found, session)
    return pages.page(found, rows(found.rows, session), lambda: page(found.next(), hunt, session))
