"""What the tests of the tours share: where a cell is, the menus, and whether what stands there can be read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hf_nb.offline.running import Running, start
from tests.ui.notebook import Notebook
from tests.ui.server import LabServer, copy_of_notebooks

ROOT = Path(__file__).parents[2]
TEXTS = ":is(td, th, .foot, .name, .soft, summary, code, p, b)"
# Contrast of text against what is behind it, as WCAG measures it; 4.5 is its floor for text.
CONTRAST = """element => {
  const parse = colour => colour.match(/[\\d.]+/g).map(Number);
  const behind = node => {
    for (; node; node = node.parentElement) {
      const colour = parse(getComputedStyle(node).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const light = colour => {
    const [r, g, b] = colour.slice(0, 3).map(part => {
      const share = part / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [one, other] = [light(parse(getComputedStyle(element).color)), light(behind(element))];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}"""


class Written:
    """A notebook as it is in git: its cells, those that fail on purpose, those that always say the same."""

    def __init__(self, name: str) -> None:
        cells = json.loads((ROOT / "notebooks" / name).read_text(encoding="utf-8"))["cells"]
        self.name = name
        self.cells = ["".join(cell["source"]) for cell in cells]
        tags = [cell["metadata"].get("tags", ()) for cell in cells]
        self.meant_to_fail = {number for number, some in enumerate(tags) if "raises-exception" in some}
        self.stable = [
            number
            for number, (cell, some) in enumerate(zip(cells, tags, strict=True))
            if cell["cell_type"] == "code" and "nbval-ignore-output" not in some
        ]

    def cell(self, beginning: str) -> int:
        """Where it has it; cells come and go."""
        return next(number for number, source in enumerate(self.cells) if source.startswith(beginning))

    def run_by_the_menus(self, notebook: Notebook, last: int, words: str, *, within: float = 120.0) -> None:
        """Cleared and run as a person does it, to the end; `words`: what the cell `last` then says."""
        choose(notebook.page, "Edit", "Clear Outputs of All Cells")
        expect(notebook.panel.locator(".jp-OutputArea-output")).to_have_count(0)
        choose(notebook.page, "Run", "Run All Cells")
        expect(notebook.output(last)).to_contain_text(words, timeout=within * 1000)
        notebook.wait_idle()
        failed = {int(line.split(":")[0].removeprefix("cell ")) for line in notebook.failures()}
        assert failed == self.meant_to_fail, notebook.failures()


def own_hub(**serves: Any) -> Any:
    """The fixture `own`: an offline Hub of a module's own, with what it serves besides."""

    @pytest.fixture(scope="module")
    def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
        with start(home=tmp_path_factory.mktemp("home"), **serves) as running:
            yield running

    return own


def own_lab() -> Any:
    """The fixture `lab`: a JupyterLab that sees it, as under `hf-nb hub run`."""

    @pytest.fixture(scope="module")
    def lab(own: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabServer]:
        place = tmp_path_factory.mktemp("lab")
        folder = copy_of_notebooks(ROOT, place / "notebooks")
        with LabServer(folder, place / "private", own.environment | own.key) as server:
            yield server

    return lab


def choose(page: Page, menu: str, entry: str) -> None:
    """A menu's entry, by mouse."""
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile(f"^{menu}$")).click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{entry}$")).click()


def faint(notebook: Notebook, selector: str = TEXTS, *, least: int) -> list[tuple[float, str]]:
    """Texts of ours that stand out too little, with their contrast; there are `least` to be looked at."""
    told: list[tuple[float, str]] = notebook.panel.locator(f".hfnb {selector}").evaluate_all(
        f"elements => elements.filter(element => element.checkVisibility() && element.innerText.trim())"
        f".map(element => [({CONTRAST})(element), element.innerText])"
    )
    assert len(told) > least
    return [(round(contrast, 1), text) for contrast, text in told if contrast < 4.5]


def style_lengths(notebook: Notebook) -> list[int]:
    """Characters of each output's own style sheet."""
    found: list[int] = notebook.panel.locator(".hfnb > style").evaluate_all(
        "all => all.map(one => one.textContent.length)"
    )
    return found
