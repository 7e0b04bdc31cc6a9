"""The sidebar for those who do not see it, in both themes: axe finds nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.ui.lab.sidebar import Sidebar

AXE = Path(__file__).parents[3] / "labextension/node_modules/axe-core/axe.min.js"
RUN = """() => axe.run('#hf-nb-sidebar').then(({violations}) => violations.map(
  one => `${one.id}: ${one.help}: ${one.nodes.map(node => node.html.slice(0, 120)).join(' | ')}`))"""


def violations(page: Page) -> list[str]:
    found: list[str] = page.evaluate(RUN)
    return found


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_the_sidebar(lab, open_notebook, page, theme):
    nb = open_notebook(lab.write(f"axe-{theme}.ipynb", "%load_ext hf_nb"))
    page.evaluate(AXE.read_text(encoding="utf-8"))
    nb.theme(theme)
    bar = Sidebar(page).open()
    expect(bar.panel("models")).to_contain_text("sentiment-en")
    bar.says("without hf_nb")
    assert violations(page) == []
    bar.do("Load hf_nb")
    bar.says("ready")
    for title in ("Datasets", "Spaces", "Inference"):
        expect(bar.tab(title)).not_to_be_empty()
        assert violations(page) == []
    nb.screenshot(f"sidebar-{theme}")
