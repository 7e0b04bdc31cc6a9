"""Our own tests with another huggingface_hub: hf_nb leans on parts of it that no release promises.

python -m tests.clients.versions [VERSION …] [--all]     a line for each file of tests, then every failure by name

Each version has a light environment (see prepare.py): the base install and pytest, so this also tries hf_nb without any
extra. The demo content is lent to it (lent.py), and a test that stops at a package of an extra is skipped.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hf_nb.commands.official import index
from hf_nb.offline.content import build
from tests.clients import lent, prepare

# Where hf_nb reaches into huggingface_hub: its commands and their output, HTTP, logging in, files both ways, the cache.
CONTRACT = (
    "tests/commands/test_official.py",
    "tests/commands/test_official_leaves.py",
    "tests/commands/test_official_words.py",
    "tests/plumbing/test_http.py",
    "tests/plumbing/test_retry.py",
    "tests/hub/test_login.py",
    "tests/hub/test_pull.py",
    "tests/hub/test_push.py",
    "tests/hub/test_cache.py",
)
EVERY = (
    "tests/commands",
    "tests/magics/test_complete.py",
    "tests/plumbing/test_http.py",
    "tests/plumbing/test_retry.py",
    "tests/plumbing/test_cache.py",
    "tests/hub",
)
# Seconds on a real clock, and nothing of the seams in them that the others lack.
LONG = (
    "ends_at_the_deadline_on_a_real_clock",
    "test_a_file_may_take_longer_than_the_deadline",
    "test_a_network_that_goes_in_the_middle",
)
# What cannot hold with another version than the pinned one.
PINNED_ALONE = ("test_the_words_shipped_are_those_of_the_installed_huggingface_hub",)


@dataclass(frozen=True)
class Report:
    """What a run came to: a dictionary with file, test, outcome and why for each test."""

    version: str
    cases: list[dict[str, Any]]
    seconds: float
    said: str = field(repr=False, default="")

    @property
    def failures(self) -> list[dict[str, Any]]:
        """By name."""
        return [case for case in self.cases if case["outcome"] == "failed"]

    def lines(self) -> Iterator[str]:
        """As printed."""
        yield f"huggingface_hub {self.version:<31} passed skipped failed seconds"
        for file in dict.fromkeys(case["file"] for case in self.cases):
            here = [case for case in self.cases if case["file"] == file]
            found = [case["outcome"] for case in here]
            passed, skipped, failed = (found.count(one) for one in ("passed", "skipped", "failed"))
            seconds = sum(case["seconds"] for case in here)
            yield f"{file:47} {passed:6} {skipped:7} {failed:6} {seconds:7.0f}"
        yield f"{len(self.cases)} in {self.seconds:.0f} s"
        yield from (f"FAILED {case['file']}::{case['test']}  {case['why']}" for case in self.failures)


def run(version: str = prepare.OLDEST, tests: Sequence[str] = CONTRACT) -> Report:
    """These tests with this version; its environment has to be there."""
    environment = prepare.light(version)
    if not prepare.is_ready(environment):
        raise FileNotFoundError(f"huggingface_hub {version} is not there. Install it with: {prepare.HOW}")
    store = build.ensure(report=lambda line: print(line, file=sys.stderr))
    left_out = (*(LONG if tests is CONTRACT else ()), *(PINNED_ALONE if version != shipped() else ()))
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="hf-nb-versions-") as folder:
        outcomes = Path(folder) / "outcomes.jsonl"
        told = {lent.STORE: str(store), lent.OUTCOMES: str(outcomes)}
        done = subprocess.run(
            [str(environment / "environment" / "bin" / "python"), *_words(tests, left_out)],
            cwd=prepare.ROOT,
            env=_environment() | told,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        cases: list[dict[str, Any]] = []
        if outcomes.is_file():
            cases = [json.loads(line) for line in outcomes.read_text(encoding="utf-8").splitlines()]
    report = Report(version, cases, time.perf_counter() - began, done.stdout)
    if not cases or (done.returncode and not report.failures):  # also where something left this machine
        raise RuntimeError(f"pytest ended with {done.returncode}:\n{done.stdout[-4000:]}")
    return report


def shipped() -> str:
    """The version whose words hf_nb ships."""
    read: dict[str, Any] = json.loads(index.FILE.read_text(encoding="utf-8"))
    return str(read["huggingface_hub"])


def _words(tests: Sequence[str], left_out: Sequence[str]) -> list[str]:
    plain = ["-o", "addopts=--import-mode=importlib", "-p", "no:cacheprovider", "-p", "tests.clients.lent"]
    without = ["-k", " and ".join(f"not {name}" for name in left_out)] if left_out else []
    return ["-m", "pytest", "-q", "--tb=short", *plain, *without, *tests]


def _environment() -> dict[str, str]:
    """Of a user: what a test session around this one has set is its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "PYTEST_"))}
    paths = filter(None, (str(prepare.ROOT), os.environ.get("PYTHONPATH")))
    return kept | {"HF_NB_HUB_CACHE": str(prepare.CACHE), "PYTHONPATH": os.pathsep.join(paths)}


def main(words: list[str]) -> int:
    """Zero when nothing fails."""
    versions = [word for word in words if not word.startswith("-")] or [prepare.OLDEST, shipped()]
    wrong = 0
    for version in versions:
        prepare.make(prepare.light(version), prepare.install_light)
        report = run(version, EVERY if "--all" in words else CONTRACT)
        print(*report.lines(), "", sep="\n", flush=True)
        wrong += len(report.failures)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
