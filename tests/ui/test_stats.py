"""The numbers of a session in a real JupyterLab: a table, and a plot that JupyterLab itself draws."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from hf_nb.offline.running import Running
from tests.ui.server import LabServer

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
MADE = """
from hf_nb.values.numbers import Stat, Stats
made = Stats((
    Stat("hf/far", "own/model", "chat", 9, 8, 0, 0.9, 0.4, 0.9, 1.4, 0.2, 41.0, cost=0.002, errors={"Busy": 1}),
    Stat("local", "own/model", "chat", 40, 40, 0, 1.0, 0.12, 0.3, 0.31, 0.05, 90.0),
    Stat("local", "own/other", "fill-mask", 5, 5, 0, 1.0, 0.004, 0.005, 0.006, seconds=0.02),
))
made
"""


@pytest.fixture(scope="module")
def lab(served_hub: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabServer]:
    place = tmp_path_factory.mktemp("stats")
    (place / "notebooks").mkdir()
    cells = [nbformat.v4.new_code_cell(source) for source in (MADE, "made.plot()")]
    nbformat.write(
        nbformat.v4.new_notebook(cells=cells, metadata=KERNEL), place / "notebooks" / "stats.ipynb"
    )
    environment = {**served_hub.environment, "PYTHONPATH": str(Path(__file__).parents[2])}
    with LabServer(place / "notebooks", place / "private", environment) as server:
        yield server


@pytest.mark.slow
def test_the_plot_is_drawn_with_its_words_below(open_notebook: Any, page: Any) -> None:
    notebook = open_notebook("stats.ipynb")
    notebook.run_all()
    assert "Busy 1" in notebook.text(0)
    drawn = page.locator(
        ".jp-RenderedVegaCommon5 :is(svg, canvas, img), .jp-RenderedVegaCommon5.vega-embed"
    ).first
    drawn.wait_for()
    box = drawn.bounding_box()
    assert box is not None
    assert box["width"] > 300
    assert box["height"] > 100
    notebook.screenshot("stats")
    notebook.theme("dark")
    notebook.screenshot("stats-dark")
