"""The official client's own tests, run against the offline Hub, unchanged.

python -m tests.clients.oracle [test_file.py …]      a table per kind of operation, then every failure by name

Their source distribution lies in a cache folder (see prepare.py) and is copied to a temporary one for each run; nothing
of it is kept in the project. Tests for the production Hub ask for repositories of the real one, and those marked xet
for its storage: both are left out. They run behind the loopback guard.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

from hf_nb.offline import running
from hf_nb.offline.store import Store
from tests.clients import prepare
from tests.guard import loopback

FILES = (
    "test_hf_api.py test_commit_api.py test_file_download.py test_snapshot_download.py test_hf_file_system.py"
    " test_tree_cache.py test_verification.py test_utils_pagination.py test_utils_http.py test_utils_errors.py"
).split()
# as their testing_constants.py names them
USERS = (
    "__DUMMY_HUB_USER__:hf_HubCITokenXXXXXXXXXXXXXXXXXXXXX",
    "DVUser: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",
    "EnterpriseAdmin:hf_enterprise_admin_token",
)
ENTERPRISE = "EnterpriseOrgPrivate"
WANTED = 0.95
# What cannot pass here, and why. A name that passes all the same is an error: this list is to stay true.
LEFT_OUT = {
    "test_fix_hf_endpoint_in_url": "looks at the address of their own staging Hub",
    "test_proxy_env_is_used": "looks at this machine's proxies",
    "TestWebhookApi": "webhooks: nothing calls back from an offline Hub",
    "test_create_repo_private_by_default": "a setting of enterprise organisations",
}
# Which kind of operation a test is about, by the first of these words its name holds.
KINDS = {
    "discussions": ("Discussion", "discussion", "pull_request"),
    "access": ("AccessRequest", "auth_check", "AuthCheck", "whoami", "gated", "Private", "private"),
    "collections": ("Collection", "collection"),
    "refs": ("branch", "Branch", "squash", "Squash", "refs", "Refs"),
    "tags": ("tag", "Tag"),
    "trees": ("tree", "Tree", "paths_info", "glob", "walk", "find", "ls"),
    "commits": ("commit", "Commit", "upload", "Upload", "delete_f", "Delete", "lfs", "LFS", "Preupload"),
    "downloads": ("ownload", "cache", "Cache", "snapshot", "Snapshot", "metadata", "etag", "Etag"),
    "repositories": ("repo", "Repo", "model", "dataset", "space", "Space", "settings", "list_", "info"),
}
_SKIPPED_BY_THEM = "skipped by their authors, or asks the real Hub"


@dataclass
class Case:
    """One of their tests."""

    name: str
    outcome: str  # passed, failed, skipped
    why: str = ""

    @property
    def kind(self) -> str:
        """The row it counts in."""
        named = ((kind, word) for kind, words in KINDS.items() for word in words)
        return next((kind for kind, word in named if word in self.name), "files and the rest")

    @property
    def left_out(self) -> str:
        """Why it is not ours to pass, if so."""
        return next((why for word, why in LEFT_OUT.items() if word in self.name), "")


@dataclass
class Report:
    """What a run came to."""

    cases: list[Case] = field(default_factory=list)

    @property
    def counted(self) -> list[Case]:
        """Those that say something about this Hub."""
        return [case for case in self.cases if case.outcome != "skipped" and not case.left_out]

    @property
    def failures(self) -> list[Case]:
        """Those that say something bad."""
        return [case for case in self.counted if case.outcome == "failed"]

    @property
    def share(self) -> float:
        """Of the counted ones, how many pass."""
        return 1 - len(self.failures) / len(self.counted) if self.counted else 0.0

    @property
    def stale(self) -> list[str]:
        """Names in LEFT_OUT all of whose tests pass, or that are no test's."""
        found = {word: [case for case in self.cases if word in case.name] for word in LEFT_OUT}
        return [word for word, some in found.items() if all(case.outcome == "passed" for case in some)]

    def lines(self) -> Iterator[str]:
        """As printed."""
        yield f"{'':20} passed  failed"
        for kind in (*KINDS, "files and the rest"):
            some = [case.outcome for case in self.counted if case.kind == kind]
            yield f"{kind:20} {some.count('passed'):6}  {some.count('failed'):6}"
        yield f"{'in all':20} {len(self.counted) - len(self.failures):6}  {len(self.failures):6}  {self.share:.1%}"
        skipped = sum(case.outcome == "skipped" for case in self.cases)
        left_out = [case for case in self.cases if case.left_out and case.outcome != "skipped"]
        yield f"{skipped} {_SKIPPED_BY_THEM}; {len(left_out)} left out:"
        yield from (f"  {case.name}: {case.left_out}" for case in left_out)
        yield from (f"FAILED {case.name}  {case.why}" for case in self.failures)


def run(files: list[str] = FILES) -> Report:
    """Their tests, against a Hub of their own."""
    if not prepare.is_ready(prepare.ORACLE):
        raise FileNotFoundError(f"Their tests are not there. Fetch them with: {prepare.HOW}")
    with tempfile.TemporaryDirectory(prefix="hf-nb-oracle-") as named:
        folder = Path(named)
        tests = folder / "tests"
        shutil.copytree(prepare.ORACLE / "source" / "tests", tests)
        shutil.copy(Path(__file__).with_name("oracle_fixtures.py"), tests / "conftest.py")
        (tests / "__init__.py").touch()
        results = folder / "results.xml"
        with running.start(_root(folder), users=USERS) as hub:
            constants = tests / "testing_constants.py"
            text = constants.read_text(encoding="utf-8")
            here = re.sub(r"(?m)^ENDPOINT_STAGING = .*$", f'ENDPOINT_STAGING = "{hub.url}"', text)
            constants.write_text(here, encoding="utf-8")
            _pytest(folder, results, files, hub.environment_for(os.environ))
        return _read(results)


def _root(folder: Path) -> Path:
    root = running.demo_copy(folder / "store")
    store = Store.open(root)
    store.user("__DUMMY_HUB_USER__", fullname="Dummy User")
    store.organisation("valid_org_hub", "Dummy Hub Org", members={"__DUMMY_HUB_USER__": "write"})
    store.user("EnterpriseAdmin")
    store.organisation(ENTERPRISE, members={"EnterpriseAdmin": "admin"}, plan="enterprise")
    store.close()
    return root


def _pytest(folder: Path, results: Path, files: list[str], environment: dict[str, str]) -> None:
    python = str(prepare.ORACLE / "environment" / "bin" / "python")
    words = ["-q", "--timeout=60", "-p", "no:cacheprovider", "--tb=short", f"--junitxml={results}"]
    command = [python, "-m", "pytest", *words, "-m", "not production and not xet"]
    guarded = environment | loopback.environment(results.with_name("left.txt"))
    with results.with_suffix(".txt").open("w") as said:
        subprocess.run(
            [*command, *(f"tests/{name}" for name in files)],
            cwd=folder,
            env=guarded,
            stdout=said,
            stderr=said,
            check=False,
        )
    if not results.is_file():
        raise RuntimeError(results.with_suffix(".txt").read_text(encoding="utf-8")[-4000:])


def _read(results: Path) -> Report:
    report = Report()
    for case in ET.parse(results).iter("testcase"):  # noqa: S314 -- written by pytest itself
        bad = next((child for child in case if child.tag in ("failure", "error")), None)
        skipped = any(child.tag == "skipped" for child in case)
        name = f"{(case.get('classname') or '?').removeprefix('tests.')}.{case.get('name')}"
        why = " ".join((bad.get("message") or "").split())[-300:] if bad is not None else ""
        outcome = "failed" if bad is not None else "skipped" if skipped else "passed"
        report.cases.append(Case(name, outcome, why))
    return report


def main(words: list[str]) -> int:
    """Zero when as many pass as are wanted."""
    report = run(words or FILES)
    print(*report.lines(), sep="\n")
    return report.share < WANTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
