"""An IPython shell in the test's own process."""

from __future__ import annotations

from typing import Any

from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from traitlets.config import Config


class RaisingShell(InteractiveShell):
    """A cell that fails raises its error into the test."""

    def run_cell(self, raw_cell: str, *args: Any, **kwargs: Any) -> ExecutionResult:
        """Run one cell, without history."""
        ran = super().run_cell(raw_cell, *args, **kwargs)
        ran.raise_error()
        return ran


def config() -> Config:
    """No history file, no colours."""
    chosen = Config()
    chosen.HistoryManager.enabled = False
    chosen.InteractiveShell.colors = "nocolor"
    return chosen
