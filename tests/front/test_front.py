"""The front end's own checks and tests, and how much a page has to load of it (TARGET B8)."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import hf_nb
from tests.node import node

ROOT = Path(__file__).parents[2]
FRONT = ROOT / "labextension"
WIDGETS = ROOT / "hf_nb" / "widgets" / "static"
LAB = ROOT / "hf_nb" / "lab" / "static"
PANELS = ("models", "datasets", "spaces", "inference", "playground", "compare")
KILO = 1024
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    """What is measured is what the sources say; where node's packages are missing, they are named."""
    done = _run(sys.executable, str(FRONT / "front.py"), "--packages")
    assert done.returncode == 0, done.stdout


def test_typescript_is_strict_and_right():
    done = _npx("tsc", "--noEmit")
    assert done.returncode == 0, done.stdout


def test_the_sources_are_formatted_and_linted():
    done = _npx("biome", "check", ".", "--error-on-warnings")
    assert done.returncode == 0, done.stdout


def test_the_front_ends_own_tests_pass():
    done = _npx("vitest", "run", "--reporter=json")
    told = json.loads(done.stdout[done.stdout.index("{") :])
    failed = [
        f"{one['fullName']}: {' '.join(one['failureMessages'])[:300]}"
        for file in told["testResults"]
        for one in file["assertionResults"]
        if one["status"] != "passed"
    ]
    assert not failed
    assert done.returncode == 0, done.stdout[-2000:]
    assert told["numPassedTests"] > 20


def test_the_loader_that_every_panel_carries_has_at_most_4_kb():
    assert (WIDGETS / "loader.js").stat().st_size <= 4 * KILO


@pytest.mark.parametrize("panel", PANELS)
def test_a_panels_bundle_has_at_most_40_kb_packed(panel):
    assert _packed(panel) <= 40 * KILO


def test_a_panels_part_brings_nothing_that_the_panel_has():
    """Both together are hardly more than one bundle was; what the part calls for, the panel lends."""
    part = (WIDGETS / "compare-more.js").read_text("utf-8")
    assert _packed("compare") + _packed("compare-more") <= 49 * KILO
    assert "__k" in (WIDGETS / "compare.js").read_text("utf-8")  # a field of preact's
    assert "__k" not in part
    assert re.findall(r'require\("(.*?)"\)', part)
    assert all(one.isdecimal() for one in re.findall(r'require\("(.*?)"\)', part))


def test_what_jupyterlab_loads_at_its_start_has_at_most_50_kb():
    """The remote entry, the extension's chunks, and what they bring along; panels come when one is opened."""
    loaded = _at_start()
    assert "remoteEntry" in " ".join(loaded)
    assert sum(loaded.values()) <= 50 * KILO, loaded
    assert len(loaded) < len(list((LAB / "static").glob("*.js"))), "panels are loaded when they are opened"


def test_the_lock_file_holds_nobodys_address():
    lock = (FRONT / "package-lock.json").read_text("utf-8")
    assert '"resolved"' not in lock
    assert not re.search(
        r"https?://(?!opencollective|github\.com|paulmillr|feross|www\.patreon|tidelift)", _bare(lock)
    )


def test_versions_are_equal_wherever_one_is_said():
    for file in (FRONT / "package.json", FRONT / "package-lock.json", LAB / "package.json"):
        assert json.loads(file.read_text("utf-8"))["version"] == hf_nb.__version__, file


def test_the_licences_of_what_is_bundled_are_named():
    """In the bundles' folder by hand, in the extension's by JupyterLab's builder."""
    notices = (WIDGETS / "NOTICES.txt").read_text("utf-8")
    listed = {
        one["name"]
        for one in json.loads((LAB / "static" / "third-party-licenses.json").read_text("utf-8"))["packages"]
    }
    for package in ("preact", "@preact/signals"):
        assert f"\n{package} " in notices
        assert package in listed
    assert notices.count("Permission is hereby granted") >= 3


def _packed(bundle: str) -> int:
    return len(gzip.compress((WIDGETS / f"{bundle}.js").read_bytes(), 9))


def _at_start() -> dict[str, int]:
    """Files by size."""
    (entry,) = (LAB / "static").glob("remoteEntry.*.js")
    code = entry.read_text("utf-8")
    wanted: list[str] = []
    for exposed in ("./extension", "./style"):
        found = re.search(rf'"{re.escape(exposed)}":\(\)=>(.*?)\.then\(', code)
        assert found, f"{exposed} is not where it was in the builder's output"
        wanted += _chunks(found[1])
    consumed = re.search(r"chunkMapping:\{(.*?)\},moduleId", code)
    assert consumed
    for chunk in list(wanted):
        if listed := re.search(rf"\b{chunk}:\[(.*?)\]", consumed[1]):
            for module in re.findall(r"\d+", listed[1]):
                own = re.search(rf"\b{module}:\{{shareScope:[^}}]*?fallback:(.*?)treeShakingMode", code)
                wanted += _chunks(own[1].partition(".then")[0]) if own else []
    files = {entry.name: entry.stat().st_size}
    for chunk in wanted:
        files |= {one.name: one.stat().st_size for one in (LAB / "static").glob(f"{chunk}.*.js")}
    return files


def _chunks(code: str) -> list[str]:
    return re.findall(r"\.e\((\d+)\)", code)


def _bare(lock: str) -> str:
    """Without the addresses at which authors ask for money."""
    return re.sub(r'"funding": (\{[^}]*\}|\[[^\]]*\]|"[^"]*")', "", lock)


def _npx(program: str, *words: str) -> subprocess.CompletedProcess[str]:
    return _run(str(FRONT / "node_modules" / ".bin" / program), *words)


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(node()).parent), os.environ.get("PATH", "")])
    return subprocess.run(
        command,
        cwd=FRONT,
        env={**os.environ, "PATH": path, "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if "vitest" not in command[0] else subprocess.PIPE,
        text=True,
        check=False,
    )
