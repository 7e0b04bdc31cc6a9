"""A notebook that was saved with panels in it: small, and readable where nothing runs."""

import json
import subprocess
import sys

import nbformat
import pytest
from playwright.sync_api import expect

from tests.ui.panels.cell import InCell

PANELS = ("models", "spaces", "inference")
PICTURE, SAVED = 20_000, 60_000
WIDGETS = "@jupyter-widgets/jupyterlab-manager:plugin"


@pytest.fixture(scope="module")
def stored(lab, opened, bench_page):
    """The file, with the state of its widgets, after a reader has used the first panel."""
    answer = bench_page.request.put(
        f"http://127.0.0.1:{lab.port}/lab/api/settings/{WIDGETS}",
        headers={"Authorization": f"token {lab.token}"},
        data={"raw": json.dumps({"saveState": True})},
    )
    assert answer.ok, answer.text()
    nb = opened("stored.ipynb", *(f"%hf panel {name}" for name in PANELS))
    for cell, name in enumerate(PANELS, 1):
        nb.run(cell)
        expect(InCell(nb, name, cell).frame).to_be_visible()
    panel = InCell(nb, "models", 1)
    expect(panel.rows.first).to_be_visible()
    panel.head("hfnb-demo/sentiment-en").click()
    expect(panel.drawer.locator(".hfnb-prose")).to_be_visible()
    bench_page.evaluate("() => window.jupyterapp.shell.currentWidget.context.save()")
    path = lab.folder / "stored.ipynb"
    expect(nb.page.locator(".lm-TabBar-tab.jp-mod-dirty")).to_have_count(0)
    return path


def shown(path, cell):
    return nbformat.read(path, as_version=4).cells[cell].outputs[-1]["data"]


@pytest.mark.parametrize(("cell", "name"), list(enumerate(PANELS, 1)))
def test_a_picture_is_small_and_has_what_was_shown(stored, cell, name):
    data = shown(stored, cell)
    assert len(data["text/html"].encode()) <= PICTURE
    assert name in data["text/plain"].lower()
    if name == "models":
        assert "hfnb-demo/sentiment-en" in data["text/html"]
    if name == "spaces":
        assert "hfnb-demo/sentiment-demo" in data["text/html"]


def test_panels_with_their_state_are_small(stored):
    notebook = json.loads(stored.read_text())
    state = notebook["metadata"]["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    assert len([one for one in state.values() if "_bundle" in one["state"]]) == len(PANELS)
    for cell, name in enumerate(PANELS, 1):
        own = [one for one in state.values() if str(one["state"].get("_bundle", "")).startswith(f"{name}@")]
        size = len(json.dumps([notebook["cells"][cell]["outputs"], own], ensure_ascii=False).encode())
        assert size <= SAVED, f"{name}: {size:,} bytes"


def test_no_token_and_no_port_is_saved(stored, served_hub):
    text = stored.read_text()
    assert "hf_learner" not in text
    for cell in range(1, 1 + len(PANELS)):
        assert "127.0.0.1" not in shown(stored, cell)["text/html"]


def test_converted_to_html_it_shows_the_pictures(stored, chromium):
    """As JupyterLab saves it unless it is told to keep the state of widgets, which would be drawn instead."""
    notebook = nbformat.read(stored, as_version=4)
    del notebook.metadata["widgets"]
    nbformat.write(notebook, stored.with_name("plain.ipynb"))
    told = [sys.executable, "-m", "nbconvert", "--to", "html", "plain.ipynb"]
    subprocess.run(told, cwd=stored.parent, check=True, capture_output=True)
    away = chromium.new_context(offline=True)
    page = away.new_page()
    page.goto(stored.with_name("plain.html").as_uri())
    for words in ("hfnb-demo/sentiment-en", "hfnb-demo/sentiment-demo", "Nothing has run here yet"):
        expect(page.locator(".jp-OutputArea-output", has_text=words).first).to_be_visible()
    away.close()
