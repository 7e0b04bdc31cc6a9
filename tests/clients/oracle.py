"""The official client's own tests, run against the offline Hub. Part of `make soak`; needs a network to fetch them.

python -m tests.clients.oracle [test_file.py …]

Their source distribution is unpacked into a temporary folder and gone afterwards; nothing of it is kept in the project.
Tests for the production Hub ask for repositories of the real one and are left out; those that write are counted as not
applicable while the offline Hub only reads. They run behind the loopback guard.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from xml.etree import ElementTree as ET

from hf_nb.offline import running
from tests.guard import loopback

VERSION = "2.4.0"
FILES = (
    "test_hf_api.py test_commit_api.py test_file_download.py test_snapshot_download.py test_hf_file_system.py"
    " test_tree_cache.py test_verification.py test_utils_pagination.py test_utils_http.py test_utils_errors.py"
).split()
PLUGINS = "pytest-mock pytest-vcr pytest-asyncio pytest-timeout jedi Jinja2 Pillow safetensors numpy".split()
# Three tests that look at their own staging address or at the machine's proxies, and one at the full name of its user.
NOT_OURS = ("test_fix_hf_endpoint_in_url", "test_proxy_env_is_used", "test_whoami_with_passing_token")
# as their testing_constants.py names them
USERS = (
    "__DUMMY_HUB_USER__:hf_HubCITokenXXXXXXXXXXXXXXXXXXXXX",
    "DVUser: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",
    "EnterpriseAdmin:hf_enterprise_admin_token",
)


def fetch(folder: Path) -> Path:
    """Their tests, as released."""
    uv = shutil.which("uv")
    pip = [uv, "tool", "run", "pip"] if uv else [sys.executable, "-m", "pip"]
    wanted = [
        "download",
        "-q",
        "--no-deps",
        "--no-binary",
        ":all:",
        f"huggingface_hub=={VERSION}",
        "-d",
        str(folder),
    ]
    subprocess.run([*pip, *wanted], check=True)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder / f"huggingface_hub-{VERSION}"


def interpreter(folder: Path) -> str:
    """An environment with the client as users have it, and what its tests need."""
    import venv

    uv = shutil.which("uv")
    venv.create(folder, with_pip=not uv)
    python = str(folder / "bin" / "python")
    installer = (
        [uv, "pip", "install", "-q", "--python", python] if uv else [python, "-m", "pip", "install", "-q"]
    )
    subprocess.run([*installer, f"huggingface_hub=={VERSION}", "pytest", *PLUGINS], check=True)
    return python


def run(source: Path, python: str, files: list[str], results: Path) -> None:
    """Against a Hub of its own."""
    tests = source / "tests"
    constants = tests / "testing_constants.py"
    shutil.copy(Path(__file__).with_name("oracle_fixtures.py"), tests / "conftest.py")
    (tests / "__init__.py").touch()
    for configuration in ("pyproject.toml", "setup.cfg"):
        (source / configuration).unlink(missing_ok=True)
    with running.start(users=USERS) as hub:
        text = constants.read_text(encoding="utf-8")
        constants.write_text(
            re.sub(r"(?m)^ENDPOINT_STAGING = .*$", f'ENDPOINT_STAGING = "{hub.url}"', text), encoding="utf-8"
        )
        words = [
            "-q",
            "-m",
            "not production",
            "--timeout=60",
            "-p",
            "no:cacheprovider",
            "--tb=short",
            f"--junitxml={results}",
        ]
        words += ["-k", " and ".join(f"not {name}" for name in NOT_OURS)]
        command = [python, "-m", "pytest", *words, *(f"tests/{name}" for name in files)]
        environment = hub.environment_for(os.environ) | loopback.environment(results.with_name("left.txt"))
        with results.with_suffix(".txt").open("w") as said:
            subprocess.run(
                command,
                cwd=source,
                env=environment,
                stdout=said,
                stderr=said,
                check=False,
            )


def report(results: Path) -> int:
    """Per file: passed, failed, not applicable. Then the failures, one line each."""
    counts: dict[str, list[int]] = {}
    failures = []
    for case in ET.parse(results).iter("testcase"):  # noqa: S314 -- written by pytest itself
        name = (case.get("classname") or "?").split(".")[1]
        found = {child.tag for child in case}
        place = 1 if found & {"failure", "error"} else 2 if "skipped" in found else 0
        counts.setdefault(name, [0, 0, 0])[place] += 1
        if place == 1:
            why = next(child.get("message") or "" for child in case if child.tag in ("failure", "error"))
            failures.append(f"{case.get('classname')}::{case.get('name')}  {' '.join(why.split())[:200]}")
    print(f"{'':28} passed  failed  not applicable")
    for name, row in [
        *sorted(counts.items()),
        ("in all", [sum(row) for row in zip(*counts.values(), strict=True)]),
    ]:
        print(f"{name:28} {row[0]:6}  {row[1]:6}  {row[2]:14}")
    print(*failures, sep="\n")
    return len(failures)


def main(words: list[str]) -> int:
    """Zero when nothing failed."""
    with tempfile.TemporaryDirectory(prefix="hf-nb-oracle-") as named:
        folder = Path(named)
        source, python = fetch(folder), interpreter(folder / "environment")
        results = folder / "results.xml"
        run(source, python, words or FILES, results)
        if not results.is_file():
            print(results.with_suffix(".txt").read_text(encoding="utf-8")[-4000:])
            return 1
        return 1 if report(results) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
