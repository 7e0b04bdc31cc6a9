"""Whether an output may hold buttons: a kernel is there to hear them, and what draws them is installed."""

from __future__ import annotations

import importlib.util
import sys


def possible() -> bool:
    """In a terminal, a script and a saved notebook it is text."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return getattr(shell, "kernel", None) is not None and importlib.util.find_spec("anywidget") is not None
