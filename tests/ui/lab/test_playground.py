"""The Playground in the sidebar: by somebody who has loaded nothing yet, after a reload, beside a second view."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.ui.lab.sidebar import Sidebar
from tests.ui.panels.axe import violations

pytestmark = pytest.mark.slow  # a model answers
LOADING = 120_000  # milliseconds until torch is there, on a busy machine


def asked(panel, text: str) -> None:
    """Write it and run it."""
    box = panel.get_by_label("Text", exact=True)
    box.fill(text)
    box.press("Control+Enter")


def narrow(page: Page, width: int) -> None:
    """The sidebar dragged to a width."""
    at = page.locator("#jp-main-split-panel > .lm-SplitPanel-handle").first.bounding_box()
    now = page.locator("#hf-nb-sidebar").bounding_box()
    assert at is not None
    assert now is not None
    page.mouse.move(at["x"] + at["width"] / 2, at["y"] + 300)
    page.mouse.down()
    page.mouse.move(at["x"] + width - now["width"], at["y"] + 300)
    page.mouse.up()


def test_a_newcomer_tries_a_model_and_finds_the_run_after_a_reload(lab, open_notebook, page):
    nb = open_notebook(lab.write("ground.ipynb", "1"))
    bar = Sidebar(page).open()
    bar.says("without hf_nb")
    panel = bar.tab("Playground")
    narrow(page, 360)
    expect(panel.locator(".hfnb-why")).to_contain_text("sentiment-en")
    for theme in ("dark", "light"):
        nb.theme(theme)
        assert violations(panel) == []
        nb.screenshot(f"playground-sidebar-{theme}")
    asked(panel, "We loved the view.")
    expect(panel.locator(".hfnb-result")).to_contain_text("positive", timeout=LOADING)
    bar.says("ready")
    nb.screenshot("playground-sidebar-ran")
    assert violations(panel) == []
    panel.get_by_role("button", name="Insert as cell", exact=True).click()
    expect(nb.panel.locator(".jp-CodeCell").last).to_contain_text("%%hf infer --task text-classification")
    asked(panel, "We hated the room.")
    expect(panel.locator(".hfnb-result")).to_contain_text("negative", timeout=LOADING)
    page.reload()  # at once: JupyterLab has not sent its state yet
    nb.panel.wait_for()
    bar = Sidebar(page).open()
    panel = bar.panel("playground")
    expect(panel.get_by_label("Text", exact=True)).to_have_value("We hated the room.", timeout=60_000)
    expect(panel.locator(".hfnb-result")).to_contain_text("negative")
    expect(panel.locator(".hfnb-past")).to_contain_text("2 runs")


def test_two_views_of_one_playground_show_the_same_history(lab, open_notebook, page):
    nb = open_notebook(lab.write("twice-ground.ipynb", "%load_ext hf_nb", "%hf panel playground"))
    nb.run_all()
    nb.command("docmanager:clone")
    panels = page.locator(".jp-NotebookPanel [data-hfnb-panel=playground]")
    expect(panels).to_have_count(2)
    first, second = panels.nth(0), panels.nth(1)
    for one in (first, second):
        expect(one.locator(".hfnb-why")).to_contain_text("sentiment-en", timeout=60_000)
    asked(second, "We loved the view.")
    expect(second.locator(".hfnb-result")).to_contain_text("positive", timeout=LOADING)
    expect(first.locator(".hfnb-past")).to_contain_text("1 run")
    expect(first.locator(".hfnb-result")).to_have_count(0)
    expect(first).to_contain_text("No result is open")
    nb.screenshot("playground-twice")
