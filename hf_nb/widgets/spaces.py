"""The Spaces panel in a cell."""

from __future__ import annotations

from typing import Any

from hf_nb.hub.finding.filters import Wanted
from hf_nb.panels.spaces.search import begun, page
from hf_nb.plumbing.session import current
from hf_nb.values import SearchResult
from hf_nb.widgets import picture
from hf_nb.widgets.base import Panel


class Spaces(Panel):
    """The Spaces panel. It begins with those that have `text` in their names."""

    panel = "spaces"

    def __init__(self, *, text: str | None = None, **options: Any) -> None:
        def begin() -> tuple[dict[str, Any], SearchResult]:
            session = current()
            hunt = begun(session, text, Wanted(), "trending", picture.FIRST)
            found = hunt.take()
            return page(found, hunt, session), found

        self._opening = picture.opened(begin)
        super().__init__(text=text, first=self._opening.page, **options)

    def picture(self) -> tuple[str, str]:
        return picture.drawn(self.panel, self._opening)
