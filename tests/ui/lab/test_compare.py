"""Compare in the sidebar: models taken there from their cards, by somebody who has loaded nothing yet."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.ui.lab.sidebar import Sidebar
from tests.ui.lab.test_playground import narrow
from tests.ui.panels.axe import violations

pytestmark = pytest.mark.slow  # two models answer
ONE, OTHER = "hfnb-demo/sentiment-en", "hfnb-demo/sentiment-fr"
LOADING = 240_000  # milliseconds until torch is there, on a busy machine


def take(bar: Sidebar, id: str) -> None:
    """From its card in the Models panel, by the button."""
    models = bar.tab("Models")
    search = models.locator("[data-hfnb-search]")
    search.fill(id.rpartition("/")[2])
    search.press("Enter")
    models.get_by_role("button", name=f"Compare {id} with another", exact=True).click()
    expect(bar.root.get_by_role("tab", name="Compare")).to_have_attribute("aria-selected", "true")


def test_models_are_taken_from_their_cards_and_answer_side_by_side(lab, open_notebook, page):
    nb = open_notebook(lab.write("beside.ipynb", "1"))
    bar = Sidebar(page).open()
    bar.says("without hf_nb")
    take(bar, ONE)
    panel = bar.panel("compare")
    models = panel.locator(".hfnb-contender [role=combobox]")
    expect(models.nth(0)).to_have_value(ONE)
    take(bar, OTHER)
    expect(models).to_have_count(2)
    expect(models.nth(0)).to_have_value(ONE)
    expect(models.nth(1)).to_have_value(OTHER)
    narrow(page, 360)
    panel.locator(".hfnb-compare-prompt textarea").fill("We loved the view.")
    panel.get_by_role("button", name="Run", exact=True).click()
    lanes = panel.locator(".hfnb-lane")
    expect(lanes).to_have_count(2)
    expect(lanes.nth(0)).to_contain_text("positive", timeout=LOADING)
    expect(lanes.nth(1)).to_contain_text("local (cpu)", timeout=LOADING)
    bar.says("ready")
    for theme in ("dark", "light"):
        nb.theme(theme)
        assert violations(panel) == []
        nb.screenshot(f"compare-sidebar-{theme}")
    page.reload()
    nb.panel.wait_for()
    bar = Sidebar(page).open()
    expect(bar.panel("compare").locator(".hfnb-contender [role=combobox]").nth(1)).to_have_value(
        OTHER, timeout=60_000
    )
    expect(bar.panel("compare").locator(".hfnb-compare-prompt textarea")).to_have_value("We loved the view.")
