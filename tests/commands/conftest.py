"""The table of official commands, printed at the end of a run that tried them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.clients.table import Table

LEAVES = pytest.StashKey[Table]()


def pytest_configure(config: pytest.Config) -> None:
    """Empty until the leaves are tried."""
    config.stash[LEAVES] = Table("the official commands, through %hf", "command")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """One line per kind of outcome would hide which; so each has its own."""
    table = config.stash[LEAVES]
    if table.cells:
        terminalreporter.section(table.title)
        for line in table.lines():
            terminalreporter.line(line, red="failed" in line)
