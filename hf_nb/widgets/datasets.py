"""The Datasets panel in a cell."""

from __future__ import annotations

from typing import Any

from hf_nb.hub.finding.filters import Wanted
from hf_nb.panels.datasets.search import TRENDING, begun, page
from hf_nb.plumbing.session import current
from hf_nb.values import SearchResult
from hf_nb.widgets import picture
from hf_nb.widgets.base import Panel


class Datasets(Panel):
    """The Datasets panel. It begins with what fits `text` and `task`."""

    panel = "datasets"
    parts = ("datasets-explorer",)

    def __init__(self, *, text: str | None = None, task: str | None = None, **options: Any) -> None:
        def begin() -> tuple[dict[str, Any], SearchResult]:
            session = current()
            found = begun(session, text, Wanted(task=task), TRENDING, picture.FIRST).take()
            return page(found, session), found

        self._opening = picture.opened(begin)
        super().__init__(text=text, task=task, first=self._opening.page, **options)

    def picture(self) -> tuple[str, str]:
        return picture.drawn(self.panel, self._opening)
