"""Panels in a cell: `%hf panel models`, `hf_nb.widgets.Models()`.

A widget is a name, its options and a Desk; what it looks like is in `labextension/src/panels/<name>`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput

if TYPE_CHECKING:
    from hf_nb.widgets.base import Panel
    from hf_nb.widgets.compare import Compare as Compare
    from hf_nb.widgets.datasets import Datasets as Datasets
    from hf_nb.widgets.explorer import Explorer as Explorer
    from hf_nb.widgets.inference import Inference as Inference
    from hf_nb.widgets.models import Models as Models
    from hf_nb.widgets.playground import Playground as Playground
    from hf_nb.widgets.spaces import Spaces as Spaces

# panel -> its class
PANELS = {
    "models": "hf_nb.widgets.models:Models",
    "datasets": "hf_nb.widgets.datasets:Datasets",
    "explorer": "hf_nb.widgets.explorer:Explorer",
    "spaces": "hf_nb.widgets.spaces:Spaces",
    "playground": "hf_nb.widgets.playground:Playground",
    "compare": "hf_nb.widgets.compare:Compare",
    "inference": "hf_nb.widgets.inference:Inference",
}
_PUBLIC = {place.rpartition(":")[2]: place for place in PANELS.values()}
__all__ = ["Compare", "Datasets", "Explorer", "Inference", "Models", "Playground", "Spaces", "panel"]


def panel(name: str = "models", /, **options: Any) -> Panel:
    """A panel, to look at and click in.

    >>> panel("models", task="text-classification")
    <Models panel>
    """
    from hf_nb.plumbing.extras import require

    require("anywidget", "lab", "A panel")
    if name not in PANELS:
        raise BadInput(f"No panel {name!r}.", f"There are: {', '.join(PANELS)}.")
    made: Panel = __getattr__(PANELS[name].rpartition(":")[2])(**options)
    return made


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'hf_nb.widgets' has no attribute {name!r}")
    module, _, attribute = _PUBLIC[name].partition(":")
    return getattr(importlib.import_module(module), attribute)
