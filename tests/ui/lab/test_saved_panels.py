"""A notebook that was saved with a panel in it, opened again."""

from __future__ import annotations

import nbformat
import pytest
from nbformat.sign import NotebookNotary
from playwright.sync_api import expect

from tests.ui.lab.sidebar import Sidebar

ASLEEP = "A saved picture. Run the cell to use the panel."
TRUSTED = "() => window.jupyterapp.shell.currentWidget.content.widgets[1].model.trusted"
PANEL = "[data-hfnb-panel=models]"


@pytest.fixture
def saved(lab, open_notebook, page):
    """A notebook with a panel, as its file is after it was saved; its kernel is gone."""

    def made(name: str) -> str:
        nb = open_notebook(lab.write(name, "%load_ext hf_nb", "%hf panel models"))
        nb.run_all()
        expect(nb.output(1).locator(PANEL)).to_be_visible()
        expect(nb.output(1).locator(".hfnb-picture")).to_have_count(0)
        page.evaluate("() => window.jupyterapp.shell.currentWidget.context.save()")
        nb.command("kernelmenu:shutdown")
        Sidebar(page).open().says("no kernel")
        return name

    return made


def changed(lab, name: str, change, *, trusted: bool = False) -> None:
    """The file as somebody else wrote it: not signed by this server, unless trusted."""
    path = lab.folder / name
    notebook = nbformat.read(path, as_version=4)
    change(notebook)
    nbformat.write(notebook, path)
    if trusted:
        NotebookNotary(data_dir=str(lab._private / "data")).sign(nbformat.read(path, as_version=4))


def test_with_a_new_kernel_the_picture_is_shown_until_the_cell_runs(lab, saved, open_notebook, watched):
    nb = open_notebook(saved("reopened.ipynb"))
    expect(nb.output(1).locator(".hfnb-asleep")).to_have_text(ASLEEP)
    expect(nb.output(1)).not_to_contain_text("model not found")
    assert "hfnb-demo/" in nb.text(1), "the picture has the first models"
    nb.screenshot("saved-panel")
    nb.run_all()
    expect(nb.output(1).locator(PANEL)).to_be_visible()
    expect(nb.output(1).locator(".hfnb-picture")).to_have_count(0)


@pytest.mark.parametrize("trusted", [True, False])
def test_without_a_kernel_the_picture_is_shown(lab, saved, page, trusted):
    def elsewhere(notebook) -> None:
        notebook.metadata.kernelspec.update(name="gone", display_name="Gone", language="cobol")
        notebook.metadata.pop("language_info")

    name = saved(f"kernelless-{trusted}.ipynb")
    changed(lab, name, elsewhere, trusted=trusted)
    page.goto(lab.address(name))
    page.locator(".jp-Dialog").get_by_role("button", name="No Kernel").click()
    panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
    assert page.evaluate(TRUSTED) is trusted
    expect(panel.locator(".hfnb-asleep")).to_have_text(ASLEEP)
    expect(panel).to_contain_text("hfnb-demo/sentiment-en")
    expect(panel).not_to_contain_text("Loading widget")
    expect(panel).not_to_contain_text("model not found")


def test_in_an_untrusted_notebook_the_picture_is_sanitized(lab, saved, open_notebook, page):
    name = saved("untrusted.ipynb")

    def hostile(notebook) -> None:
        data = notebook.cells[1].outputs[-1]["data"]
        data["text/html"] = (
            "<p>A stranger's picture</p><script>window.hfnbHurt = 1</script>"
            "<img src=x onerror='window.hfnbHurt = 2'><div data-hfnb-panel='models'>not live</div>"
        )

    changed(lab, name, hostile)
    nb = open_notebook(name)
    expect(nb.output(1)).to_contain_text("A stranger's picture")
    expect(nb.output(1).locator(".hfnb-asleep")).to_have_text(ASLEEP)
    expect(nb.output(1).locator("script, [onerror]")).to_have_count(0)
    assert page.evaluate("() => window.hfnbHurt") is None


def test_a_trusted_picture_runs_no_script_either(lab, open_notebook, page):
    code = """
from IPython.display import publish_display_data
publish_display_data({
    "application/vnd.hf-nb.panel+json": {"panel": "models"},
    "application/vnd.jupyter.widget-view+json": {"model_id": "0" * 32, "version_major": 2, "version_minor": 0},
    "text/html": "<p>Trusted</p><img src=x onerror='window.hfnbHurt = 1'><script>window.hfnbHurt = 2</script>",
    "text/plain": "x",
})"""
    nb = open_notebook(lab.write("trusted.ipynb", code))
    nb.run(0)
    expect(nb.output(0).locator(".hfnb-asleep")).to_have_text(ASLEEP)
    assert page.evaluate("() => window.hfnbHurt") is None


def test_two_views_of_one_notebook_both_live(lab, open_notebook, page):
    nb = open_notebook(lab.write("twice.ipynb", "%load_ext hf_nb", "%hf panel models"))
    nb.run_all()
    nb.command("docmanager:clone")
    panels = page.locator(f".jp-NotebookPanel {PANEL}")
    expect(panels).to_have_count(2)
    for index in (0, 1):
        expect(panels.nth(index)).to_contain_text("sentiment-en")
    expect(page.locator(".hfnb-picture")).to_have_count(0)
