"""The Spaces panel in a cell."""

from __future__ import annotations

from hf_nb.widgets.base import Panel


class Spaces(Panel):
    """The spaces panel."""

    panel = "spaces"
