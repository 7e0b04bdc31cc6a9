"""Which release of a library changed the answer: each is tried in a process of its own, beside what is installed."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from hf_nb import bisect, errors, render
from hf_nb.infer.bisect import among_releases
from hf_nb.offline.running import Running

pytestmark = pytest.mark.slow  # a process with its own torch for each release

MODEL, TEXT = "hfnb-demo/sentiment-en", "I love it"
NAME = "hfnb_reads"
# A library that has a say in what a model reads: from its third release on another text arrives.
READS = """
import hf_nb.infer.asked as asked
plainly = asked.checked
asked.checked = lambda task, value: plainly(task, "I hate it" if {turned} else value)
"""


def wheel(folder: Path, version: str, *, turned: bool) -> None:
    """One release, as an index would give it."""
    about = f"{NAME}-{version}.dist-info"
    files = {
        "sitecustomize.py": READS.format(turned=turned),
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {version}\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{about}/RECORD"] = "".join(f"{one},,\n" for one in [*files, f"{about}/RECORD"])
    with zipfile.ZipFile(folder / f"{NAME}-{version}-py3-none-any.whl", "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where pip and uv find packages: this folder alone."""
    try:
        among_releases.installer()
    except errors.MissingExtra:
        pytest.skip("neither pip nor uv is here")
    for tool in ("PIP", "UV"):
        monkeypatch.setenv(f"{tool}_NO_INDEX", "1")
        monkeypatch.setenv(f"{tool}_FIND_LINKS", str(tmp_path))
    return tmp_path


def test_the_release_that_changed_the_answer_is_named_and_one_that_is_not_there_passed_over(
    hub: Running, shop: Path
) -> None:
    wheel(shop, "1.0", turned=False)
    wheel(shop, "3.0", turned=True)
    made = bisect.releases(MODEL, TEXT, NAME, ["1.0", "2.0", "3.0"])

    assert made.culprit == f"{NAME} 3.0"
    assert made.before == f"{NAME} 1.0"
    assert made.untried == ("2.0",)
    assert made.old.startswith("positive")
    assert made.new.startswith("negative")
    assert render.text(made).startswith(f"Since {NAME} 3.0 the answer is another one.")
    here = subprocess.run(
        [sys.executable, "-c", f"import importlib.metadata as m; m.version('{NAME}')"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "PackageNotFoundError" in here.stderr  # the environment is as it was


def test_a_last_release_that_is_not_to_be_had_is_an_error_with_a_next_step(hub: Running, shop: Path) -> None:
    with pytest.raises(errors.BadInput, match="could not be fetched") as wrong:
        bisect.releases(MODEL, TEXT, NAME, ["1.0", "9.9"])
    assert "Installed here" in wrong.value.next_step


def test_one_release_is_not_enough(hub: Running) -> None:
    with pytest.raises(errors.BadInput, match="two versions"):
        bisect.releases(MODEL, TEXT, NAME, ["1.0"])


def test_a_process_that_breaks_says_its_last_line(hub: Running, tmp_path: Path) -> None:
    (tmp_path / "torch.py").write_text("raise RuntimeError('torn apart')\n")
    question: dict[str, Any] = {
        "input": TEXT,
        "model": MODEL,
        "task": "text-classification",
        "revision": None,
        "params": {},
    }
    with pytest.raises(errors.BadInput, match="torn apart"):
        among_releases.asked({**question, "endpoint": hub.url}, tmp_path)
