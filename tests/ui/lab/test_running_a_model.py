"""A model run from the sidebar, by somebody who has loaded nothing yet."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.ui.lab.sidebar import Sidebar

pytestmark = pytest.mark.slow


def test_running_an_example_loads_hf_nb_by_itself(lab, open_notebook, page):
    loaded = "import hf_nb; print([one.model for one in hf_nb.infer.loaded()])"
    nb = open_notebook(lab.write("newcomer.ipynb", loaded))
    bar = Sidebar(page).open()
    bar.says("without hf_nb")
    panel = bar.panel("models")
    card = panel.locator("article, li").filter(has_text="sentiment-en").first
    card.get_by_role("button", name="Try").click()
    run = panel.get_by_role("button", name="Run", exact=True)
    run.click()
    bar.says("ready")
    expect(panel.locator(".hfnb-result")).to_contain_text("positive", timeout=60_000)
    nb.screenshot("newcomer")
    assert "hfnb-demo/sentiment-en" in nb.run(0), "the kernel holds the model that answered"
