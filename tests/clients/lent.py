"""A plugin for a test run in a light environment: the demo content is lent to it, and each outcome is written down.

What the demo content is built with (torch, datasets …) is not installed there. A test that stops at such a package is
skipped, and says which.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

STORE, OUTCOMES = "TESTS_LENT_STORE", "TESTS_OUTCOMES"
_NEEDS = re.compile(
    r"(?:No module named '|needs the package )"
    r"(anywidget|datasets|duckdb|ipywidgets|numpy|pandas|pyarrow|safetensors|sklearn|torch|transformers)\b"
)
WRITTEN = pytest.StashKey[IO[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """The Hub of the session serves what lies ready."""
    from hf_nb.offline.content import build

    store = Path(os.environ[STORE])
    build.ensure = lambda *_, **__: store
    # opened once: a test may leave nothing as it was until it is torn down
    config.stash[WRITTEN] = Path(os.environ[OUTCOMES]).open("w", encoding="utf-8")  # noqa: SIM115 -- the run's
    config.pluginmanager.register(Outcomes(config.stash[WRITTEN]))


def pytest_unconfigure(config: pytest.Config) -> None:
    """The end of it."""
    config.stash[WRITTEN].close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """An extra that is missing is no fault of the version under trial."""
    report: Any = yield
    lacking = _lacking(call.excinfo.value) if call.excinfo and report.failed else None
    if lacking:
        report.outcome, report.longrepr = (
            "skipped",
            (str(item.path), 0, f"Skipped: {lacking} is not installed"),
        )
    return report


class Outcomes:
    """A line of JSON for each test."""

    def __init__(self, written: IO[str]) -> None:
        self.written = written

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """What came of it; of its beginning and end only what went wrong."""
        if report.when == "call" or report.outcome != "passed":
            name, _, test = report.nodeid.partition("::")
            told = {"outcome": report.outcome, "why": _why(report), "seconds": report.duration}
            line = {"file": name, "test": test, **told}
            self.written.write(f"{json.dumps(line)}\n")


def _lacking(wrong: BaseException) -> str | None:
    """The extra whose absence stopped it, here or in a kernel."""
    named = {found[1] for found in _NEEDS.finditer(f"{wrong} {wrong.__cause__} {wrong.__context__}")}
    return next((one for one in named if importlib.util.find_spec(one) is None), None)


def _why(report: pytest.TestReport) -> str:
    if report.outcome == "passed":
        return ""
    if isinstance(report.longrepr, tuple):
        return report.longrepr[2]
    crash = getattr(report.longrepr, "reprcrash", None)
    return " ".join(str(getattr(crash, "message", report.longrepr)).split())[:300]
