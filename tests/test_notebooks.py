"""The notebooks as files: nbval runs them, and lets a cell that was never run pass without looking at it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").rglob("*.ipynb"))
# What must not be in a file that is shared: places of one machine, its temporary folders, and tokens.
PRIVATE = re.compile(r"/(home|root|Users|tmp|work)/\w|hf_[A-Za-z]{34}")

pytestmark = pytest.mark.parametrize(
    "path", [path for path in NOTEBOOKS if ".ipynb_checkpoints" not in path.parts], ids=lambda path: path.stem
)


def _code_cells(path: Path) -> list[dict[str, Any]]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code" and "".join(cell["source"]).strip()]


def test_it_was_run_from_top_to_bottom_before_it_was_saved(path):
    counts = [cell["execution_count"] for cell in _code_cells(path)]
    assert counts == list(range(1, len(counts) + 1))


def test_its_kernel_is_the_plain_python_one(path):
    assert json.loads(path.read_text(encoding="utf-8"))["metadata"]["kernelspec"]["name"] == "python3"


def test_its_outputs_hold_nothing_of_the_machine_it_was_run_on(path):
    for number, cell in enumerate(_code_cells(path)):
        found = PRIVATE.search(json.dumps(cell["outputs"]))
        assert found is None, f"code cell {number}: {found}"
