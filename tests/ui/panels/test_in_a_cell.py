"""Panels in a cell of a real notebook."""

from playwright.sync_api import expect


def test_a_panel_opens_in_a_cell(lab, open_notebook):
    lab.write("panel.ipynb", "%load_ext hf_nb", "%hf panel models", "%hf panel spaces")
    nb = open_notebook("panel.ipynb")
    nb.run_all()
    for index, name in ((1, "models"), (2, "spaces")):
        expect(nb.output(index).locator(f"[data-hfnb-panel={name}]")).to_contain_text("hfnb/1")
    nb.screenshot("panel")
