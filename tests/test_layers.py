"""The layers of hf_nb/README.md are kept, and each contract is seen to fail when a copy of the package breaks it."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# contract -> (file of the copy, line put at its end)
BREAKS: dict[str, tuple[str, str]] = {
    "Faces call commands, commands call domains, domains call plumbing": (
        "hf_nb/plumbing/redact.py",
        "from hf_nb import commands",
    ),
    "No cycles": ("hf_nb/errors.py", "from hf_nb.plumbing import redact"),
    "Backends do not know each other": (
        "hf_nb/infer/backends/other.py",
        "from hf_nb.infer.backends import local",
    ),
    "The offline Hub is a counterpart, not a client": (
        "hf_nb/offline/__init__.py",
        "from hf_nb.hub import search",
    ),
    "Nothing heavy below the engine": ("hf_nb/hub/finding/search.py", "import pandas"),
    "One module knows the HTTP library": ("hf_nb/hub/finding/search.py", "import httpx2"),
}


def _contracts() -> list[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]]


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
        "--no-cache",
    ]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "hf_nb", tmp_path / "hf_nb", ignore=shutil.ignore_patterns("__pycache__", "*.txt"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_is_kept() -> None:
    done = _lint(ROOT)
    assert done.returncode == 0, done.stdout


def test_every_contract_has_a_way_to_break_it() -> None:
    assert sorted(BREAKS) == sorted(_contracts())


@pytest.mark.parametrize("contract", BREAKS)
def test_a_contract_is_seen_to_fail(contract: str, copy: Path) -> None:
    file, line = BREAKS[contract]
    with (copy / file).open("a", encoding="utf-8") as opened:
        opened.write(f"\n{line}\n")
    done = _lint(copy)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{contract} BROKEN" in " ".join(done.stdout.split())


def test_a_new_folder_must_be_placed(copy: Path) -> None:
    (copy / "hf_nb" / "somewhere").mkdir()
    (copy / "hf_nb" / "somewhere" / "__init__.py").touch()
    assert _lint(copy).returncode != 0
