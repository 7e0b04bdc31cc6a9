"""Code that goes from a panel into a notebook."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.ui.lab.sidebar import Sidebar

SOURCES = (
    """() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells.map(cell => cell.source)"""
)
ACTIVE = """() => window.jupyterapp.shell.currentWidget.content.activeCellIndex"""


def insert(nb, code: str) -> None:
    nb.command("hf-nb:insert", code=code)


def sources(nb) -> list[str]:
    return nb.page.evaluate(SOURCES)


def wait_for_sources(nb, *expected: str) -> None:
    nb.page.wait_for_function(
        f"expected => JSON.stringify(({SOURCES})()) === JSON.stringify(expected)", arg=expected
    )


def test_code_goes_where_the_cursor_is_and_one_undo_takes_it_back(lab, open_notebook, page):
    nb = open_notebook(lab.write("cursor.ipynb", "a = 1\n", "b = 2"))
    nb.cell(0).locator(".cm-content").click()
    page.keyboard.press("Control+End")
    insert(nb, "x = 5\ny = 6")
    wait_for_sources(nb, "a = 1\nx = 5\ny = 6", "b = 2")
    expect(nb.cell(0).locator(".cm-content")).to_be_focused()
    page.keyboard.type("0")
    wait_for_sources(nb, "a = 1\nx = 5\ny = 60", "b = 2")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    wait_for_sources(nb, "a = 1\n", "b = 2")


def test_a_cell_with_code_is_left_alone_and_a_new_one_comes_below(lab, open_notebook, page):
    nb = open_notebook(lab.write("below.ipynb", "a = 1", "b = 2"))
    nb.cell(0).locator(".cm-content").click()
    insert(nb, "print('between')")
    wait_for_sources(nb, "a = 1", "print('between')", "b = 2")
    assert page.evaluate(ACTIVE) == 1
    expect(nb.cell(1).locator(".cm-content")).to_be_focused()
    page.keyboard.press("Shift+Enter")
    expect(nb.output(1)).to_contain_text("between")
    nb.cell(1).locator(".jp-InputPrompt").click()
    nb.command("notebook:undo-cell-action")
    wait_for_sources(nb, "a = 1", "b = 2")


def test_a_model_is_dragged_into_a_notebook_as_a_cell(lab, open_notebook, page):
    nb = open_notebook(lab.write("drag.ipynb", "a = 1", "b = 2"))
    bar = Sidebar(page).open()
    panel = bar.panel("models")
    panel.locator("[data-hfnb-search]").fill("sentiment-en")
    card = panel.get_by_text("sentiment-en").first
    card.hover()
    page.mouse.down()
    onto = nb.cell(1).bounding_box()
    assert onto
    page.mouse.move(onto["x"] + 120, onto["y"] + 8, steps=8)
    expect(page.locator(".hfnb-dragged")).to_be_visible()
    page.mouse.up()
    page.wait_for_function(f"() => ({SOURCES})().length === 3")
    first, dropped, last = sources(nb)
    assert (first, last) == ("a = 1", "b = 2")
    assert "sentiment-en" in dropped
    expect(page.locator(".hfnb-dragged")).to_have_count(0)
    expect(panel.get_by_text("sentiment-en").first).to_be_visible()


def test_a_panel_in_a_cell_has_the_same_hands(lab, open_notebook, page):
    nb = open_notebook(lab.write("lent.ipynb", "%load_ext hf_nb", "%hf panel inference"))
    nb.run_all()
    live = nb.output(1).locator("[data-hfnb-panel=inference]")
    live.get_by_role("button", name="Insert as a cell").click()
    page.wait_for_function(f"() => ({SOURCES})().length === 3")
    assert sources(nb)[2].startswith("%%hf infer")
