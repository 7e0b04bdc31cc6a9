"""The Inference panel in a cell."""

from __future__ import annotations

from hf_nb.widgets.base import Panel


class Inference(Panel):
    """The inference panel."""

    panel = "inference"
