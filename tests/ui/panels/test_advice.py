"""Advice by a click: in the output of its command and in the Inference panel a button does it, and takes it back."""

import re

import pytest
from playwright.sync_api import expect

from tests.panels.test_advice import HABIT
from tests.ui.panels.axe import violations
from tests.ui.panels.cell import InCell, knows

ANSWERED = (
    "import hf_nb; answered = hf_nb.infer.embed('a', provider='hashing')"  # the panel advises on what ran
)
CELLS = (HABIT, "%hf advice --no-trial", f"{ANSWERED}\n%hf panel inference")
CACHE = "__import__('hf_nb.plumbing.session', fromlist=['current']).current().settings.answers_cache"
WORK, TOLD, PANEL = 1, 2, 3


@pytest.fixture(scope="module")
def nb(opened):
    notebook = opened("advice.ipynb", *CELLS)
    notebook.run(WORK)
    notebook.run(TOLD)
    notebook.run(PANEL)
    return notebook


def clicked_and_taken_back(nb, panel):
    kept = panel.here.locator("[data-tip]", has_text="had been asked before")
    expect(kept).to_contain_text("Would have saved ≈ 5")
    assert knows(nb, CACHE) == 0
    kept.get_by_role("button", name=re.compile("^Do it")).click()
    undo = kept.get_by_role("button", name=re.compile("^Undo"))
    expect(undo).to_be_visible()
    expect(panel.toasts.last).to_contain_text("answers_cache is 256000000")
    assert knows(nb, CACHE) == 256_000_000
    assert violations(panel.here) == []
    undo.click()
    expect(kept.get_by_role("button", name=re.compile("^Do it"))).to_be_visible()
    assert knows(nb, CACHE) == 0


def test_the_output_of_the_command_carries_its_buttons(nb):
    told = InCell(nb, "inference", TOLD)
    expect(told.here).to_contain_text("6 answers took")
    expect(told.here).not_to_contain_text("Models in memory")
    assert violations(told.here) == []
    told.here.scroll_into_view_if_needed()
    nb.screenshot("panels-advice-output")
    clicked_and_taken_back(nb, told)


def test_the_inference_panel_looks_for_it_when_asked(nb):
    panel = InCell(nb, "inference", PANEL)
    look = panel.button("Look for advice")
    expect(look).to_be_visible()
    expect(panel.here.locator("[data-tip]")).to_have_count(0)
    look.click()
    expect(panel.here.locator("[data-tip]").first).to_be_visible(timeout=60_000)
    panel.here.locator(".hfnb-advice").scroll_into_view_if_needed()
    nb.screenshot("panels-advice-panel")
    clicked_and_taken_back(nb, panel)


def test_a_saved_notebook_keeps_it_as_text_with_the_lines_to_type(nb):
    html = nb.page.evaluate(
        "number => window.jupyterapp.shell.currentWidget.content.widgets[number].model.outputs.get(0)"
        ".toJSON().data['text/html']",
        TOLD,
    )
    html = "".join(html)
    assert "%hf advice --take 1" in html
    assert "<button" not in html
