"""A pytest session inside the session, to see how one ends."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def inner_session(tmp_path):
    """Run these lines as a test file under the project's own session hooks."""

    def run(lines: str, **variables: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "test_inner.py").write_text(lines)
        # nbval takes two seconds to import, and is not what is looked at
        settings = ["-c", str(ROOT / "pyproject.toml"), "-o", "addopts=--import-mode=importlib"]
        plugins = [
            f"-p{name}" for name in ("tests.session", "tests.conftest", "no:cacheprovider", "no:nbval")
        ]
        command = [sys.executable, "-m", "pytest", *settings, *plugins, str(tmp_path)]
        environment = {**os.environ, **variables}
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    return run
