"""The same in Notebook 7: one notebook a page, a sidebar on its left, no launcher and no status bar."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.ui.lab.sidebar import Sidebar
from tests.ui.notebook import Notebook

CELLS = ".jp-Notebook .jp-Cell"


def test_the_sidebar_and_the_panels_work_in_notebook_7(lab, page):
    name = lab.write("seven.ipynb", "%load_ext hf_nb", "%hf panel models")
    page.goto(f"http://127.0.0.1:{lab.port}/notebooks/{name}?token={lab.token}")
    cells = page.locator(CELLS)
    expect(cells).to_have_count(2)
    page.get_by_role("menuitem", name="View").click()
    page.locator(".lm-Menu-itemLabel", has_text="Left Sidebar").hover()
    page.locator(".lm-Menu-itemLabel", has_text="Show Hugging Face").click()
    bar = Sidebar(page)
    expect(bar.kernel).to_contain_text(name)
    bar.says("without hf_nb")
    panel = bar.panel("models")
    panel.locator("[data-hfnb-search]").fill("minilm")
    expect(panel).to_contain_text("minilm-embeddings")
    expect(panel).not_to_contain_text("pydoc-gpt")
    cells.nth(0).locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    bar.says("ready")
    page.keyboard.press("Shift+Enter")
    live = cells.nth(1).locator("[data-hfnb-panel=models]")
    expect(live).to_contain_text("pydoc-gpt")
    expect(page.locator(".hfnb-picture")).to_have_count(0)
    Notebook(page, name).screenshot("notebook7")
    bar.tab("Inference").get_by_role("button", name="Insert as a cell").click()
    expect(cells.last).to_contain_text("%%hf infer")
