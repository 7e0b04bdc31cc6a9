"""The Models panel in a cell."""

from __future__ import annotations

from hf_nb.widgets.base import Panel


class Models(Panel):
    """The models panel."""

    panel = "models"
