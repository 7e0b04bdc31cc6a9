"""The explorer in a cell: any table, all of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hf_nb.panels.data import held
from hf_nb.widgets.base import Panel
from hf_nb.widgets.first import First
from hf_nb.widgets.redrawn import Redrawn


class Explorer(Panel):
    """A table to scroll through, to sort, filter, search and ask.

    `of`: an id of the Hub, a path, a URL; or anything in memory that is a table. `name`: what the notebook calls it.
    """

    panel = "explorer"

    def __init__(
        self,
        of: Any,
        *,
        config: str | None = None,
        split: str | None = None,
        revision: str | None = None,
        name: str = "",
        **options: Any,
    ) -> None:
        self._thing: Any = None
        self._handle = ""
        if isinstance(of, str):
            what = of
        else:
            self._thing = of  # the panel's, as long as it is open
            self._handle = what = held.hold(of, name)
        named = {"what": what, "config": config, "split": split, "revision": revision}
        meant = {key: value for key, value in named.items() if value is not None}
        self._first = First(meant)
        self._redrawn = Redrawn(self._repr_mimebundle_)
        super().__init__(of=self._first.opening.of, first=self._first.given, **options)

    def picture(self) -> tuple[str, str]:
        """The first rows and columns, as they were when the panel was opened."""
        return self._first.drawn()

    def _ipython_display_(self) -> None:
        """Where the rows are still on their way, in a way that lets the output's picture be drawn again."""
        if self._first.opening.over or not self._redrawn.show():
            raise NotImplementedError  # as any other widget
        self._first.opening.then(self._redrawn.again)

    def _say(self, message: dict[str, Any], buffers: Sequence[bytes]) -> None:
        super()._say(message, buffers)
        self._first.said(message, self._redrawn.again)

    def _hear(self, comm: object, message: object, buffers: Sequence[bytes]) -> None:
        self._first.heard(message)
        super()._hear(comm, message, buffers)

    def close(self) -> None:
        """Take it away; what it held of the notebook's memory goes with it."""
        self._first.opening.stop()
        super().close()
        if self._handle:
            from hf_nb.panels.data import tables

            tables.let_go(self._handle)
            self._thing = None


def explore(what: Any, **options: Any) -> Explorer:
    """A table in a cell: `what` as `preview` takes it."""
    from hf_nb.plumbing.extras import require

    require("anywidget", "lab", "A panel")
    return Explorer(what, **options)
