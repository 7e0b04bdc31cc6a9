"""Panels in a cell of a real notebook, as they are asked for by a line."""

import pytest
from playwright.sync_api import expect

from tests.ui.panels.cell import InCell


@pytest.mark.parametrize(
    "line",
    [
        "%hf panel models sentiment --task translation",
        "import hf_nb; hf_nb.panel('models', text='sentiment', task='translation')",
    ],
)
def test_a_panel_begins_with_what_it_was_asked_for(lab, hub, open_notebook, line):
    nb = open_notebook(lab.write("asked.ipynb", "%load_ext hf_nb", line))
    nb.run_all()
    panel = InCell(nb, "models", 1)
    expect(panel.search).to_have_value("sentiment")
    expect(panel.choice("Task")).to_have_value("translation")
    expect(panel.here).to_contain_text("No model fits")
    panel.button("Clear all").click()
    expect(panel.row("hfnb-demo/sentiment-en")).to_be_visible()


def test_what_was_chosen_stays_when_the_output_is_drawn_again(lab, hub, open_notebook):
    nb = open_notebook(lab.write("again.ipynb", "%load_ext hf_nb", "%hf panel models"))
    nb.run_all()
    panel = InCell(nb, "models", 1)
    panel.search.fill("topic")
    panel.head("hfnb-demo/topic-en").click()
    expect(panel.drawer).to_contain_text("Memory the weights need")
    nb.save()
    expect(nb.page.locator(".lm-TabBar-tab.jp-mod-dirty")).to_have_count(0)
    nb.page.reload()
    nb.wait_splash_gone()
    nb.wait_idle()
    expect(panel.search).to_have_value("topic")
    panel.lists(["hfnb-demo/topic-en"])
    expect(panel.drawer).to_contain_text("Memory the weights need")
