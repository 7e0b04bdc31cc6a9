"""Start-up is sacred: nothing heavy is imported and nothing is asked of the network when the extension loads."""

import json
import subprocess
import sys

import pytest

import hf_nb

HEAVY = (
    "torch",
    "transformers",
    "pandas",
    "datasets",
    "huggingface_hub",
    "httpx2",
    "httpx",
    "anywidget",
    "ipywidgets",
    "pyarrow",
    "numpy",
    "click",
)

LOAD = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
opened = []
NETWORK = ("socket.connect", "socket.getaddrinfo")
sys.addaudithook(lambda event, args: opened.append(str(args)) if event in NETWORK else None)
shell = InteractiveShell.instance()
before = set(sys.modules)
shell.run_line_magic("load_ext", "hf_nb")
print(json.dumps({"new": sorted(set(sys.modules) - before), "opened": opened}))
"""


def _load() -> tuple[str, dict[str, list[str]]]:
    done = subprocess.run(
        [sys.executable, "-c", LOAD], capture_output=True, text=True, timeout=60, check=True
    )
    greeting, _, facts = done.stdout.strip().rpartition("\n")
    return greeting, json.loads(facts)


def test_loading_prints_one_line_and_imports_nothing_heavy() -> None:
    greeting, facts = _load()
    assert greeting.startswith(f"hf_nb {hf_nb.__version__} · ")
    assert greeting.endswith("%hf for help")
    assert "\n" not in greeting
    assert [name for name in facts["new"] if name.partition(".")[0] in HEAVY] == []
    assert facts["opened"] == []
    assert len(facts["new"]) <= 40, facts["new"]


def test_importing_the_package_imports_nothing_else() -> None:
    code = "import sys; before = set(sys.modules); import hf_nb; print(*sorted(set(sys.modules) - before))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert [name for name in done.stdout.split() if name.startswith("hf_nb")] == ["hf_nb"]
    assert [name for name in done.stdout.split() if name.partition(".")[0] in HEAVY] == []


def test_every_public_name_exists_and_no_other_is_offered() -> None:
    for name in hf_nb.__all__:
        assert getattr(hf_nb, name) is not None
    assert dir(hf_nb) == hf_nb.__all__
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = hf_nb.no_such_name
