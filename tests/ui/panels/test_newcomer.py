"""From the quickstart in a fresh JupyterLab to a model's answer in a cell of one's own: six clicks."""

import pytest
from playwright.sync_api import expect

from tests.ui.panels.cell import says

pytestmark = pytest.mark.slow  # a model runs twice, by torch
MOST = 6
COUNT = """() => {
  window.hfnbClicks = [];
  document.addEventListener('click', event => {
    const on = event.target.closest('[title], [aria-label], button');
    if (event.isTrusted) window.hfnbClicks.push(on?.outerHTML.slice(0, 80));
  }, true);
}"""


def test_six_clicks_to_a_models_answer(lab, hub, open_notebook, page):
    nb = open_notebook("quickstart.ipynb")
    nb.command("notebook:clear-all-cell-outputs")
    before = nb.cell(0).locator("xpath=..").locator("> .jp-Cell").count()
    page.evaluate(COUNT)

    page.locator("[data-id='hf-nb-sidebar']").first.click()
    panel = page.locator("#hf-nb-sidebar [data-hfnb-panel=models]")
    panel.locator("[data-hfnb-search]").click()
    page.keyboard.type("sentiment")
    first = panel.locator("[data-hfnb-key]").first
    expect(first).to_contain_text("sentiment")
    expect(panel.locator("[data-hfnb-key]").filter(has_not_text="sentiment")).to_have_count(0)
    first.get_by_role("button", name="Try").click()
    panel.get_by_role("button", name="Run", exact=True).click()
    expect(panel.locator(".hfnb-result .bars .first").first).to_have_text("positive", timeout=90_000)
    nb.screenshot("newcomer-result")
    panel.get_by_role("button", name="Insert code").click()
    cells = nb.panel.locator(".jp-WindowedPanel-viewport > .jp-Cell")
    expect(cells).to_have_count(before + 1)
    cell = nb.panel.locator(".jp-Cell.jp-mod-active")
    expect(cell).to_contain_text("hf_nb.infer.run")
    page.locator(
        "[data-command='notebook:run-cell-and-select-next'], jp-button[title^='Run this cell']"
    ).first.click()
    answer = nb.panel.locator(".jp-Cell", has_text="hf_nb.infer.run").locator(
        ".jp-OutputArea-output .bars .first"
    )
    expect(answer.first).to_have_text("positive", timeout=60_000)
    nb.screenshot("newcomer-answer")

    clicks = page.evaluate("() => window.hfnbClicks")
    assert len(clicks) <= MOST, clicks
    loaded = "import hf_nb.infer.kept as kept; print([one.model for one in kept.loaded()])"
    assert "hfnb-demo/sentiment-en" in says(nb, loaded)
