"""What stands in JupyterLab's own places: palette, launcher, settings, status bar."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from tests.ui.lab.sidebar import Sidebar

PALETTE = "#modal-command-palette"


def choose(page: Page, words: str, label: str) -> None:
    """Type into the command palette and take the entry."""
    page.evaluate("() => { window.jupyterapp.commands.execute('apputils:activate-command-palette'); }")
    page.locator(f"{PALETTE} input").fill(words)
    page.locator(f"{PALETTE} .lm-CommandPalette-item", has_text=label).first.click()


@pytest.fixture
def settings(lab, page):
    """Change a setting of ours as the settings editor does; taken back with the test."""
    address = f"http://127.0.0.1:{lab.port}/lab/api/settings/hf-nb%3Aplugin"
    key = {"Authorization": f"token {lab.token}"}

    def change(**values: object) -> None:
        answer = page.request.put(address, headers=key, data=json.dumps({"raw": json.dumps(values)}))
        assert answer.ok, answer.text()

    yield change
    change()


def test_the_palette_opens_each_panel(lab, open_notebook, page):
    open_notebook(lab.write("palette.ipynb", "1"))
    bar = Sidebar(page)
    for title in ("Spaces", "Datasets", "Playground", "Compare", "Inference", "Models"):
        choose(page, f"Open {title}", f"Open {title} in the Sidebar")
        expect(bar.panel(title.lower())).to_be_visible()


def test_search_models_asks_for_words_and_finds_them(lab, open_notebook, page):
    open_notebook(lab.write("words.ipynb", "1"))
    choose(page, "Search Models", "Search Models")
    page.locator(".jp-Dialog input").fill("minilm")
    page.locator(".jp-Dialog .jp-mod-accept").click()
    panel = Sidebar(page).panel("models")
    expect(panel).to_contain_text("minilm-embeddings")
    expect(panel).not_to_contain_text("pydoc-gpt")
    expect(panel.locator("[data-hfnb-search]")).to_have_value("minilm")


def test_the_palette_loads_hf_nb_and_inserts(lab, open_notebook, page):
    nb = open_notebook(lab.write("insert.ipynb", "", "%hf"))
    choose(page, "Load hf_nb", "Load hf_nb in This Kernel")
    assert "search" in nb.run(1)
    nb.cell(0).locator(".cm-content").click()
    choose(page, "Insert a Models", "Insert a Models Panel")
    page.keyboard.press("Shift+Enter")
    expect(nb.output(0).locator("[data-hfnb-panel=models]")).to_be_visible()


def test_the_launcher_opens_a_panel_and_makes_a_notebook(lab, page):
    page.goto(lab.address())
    expect(page.locator("#jupyterlab-splash")).to_have_count(0)
    launcher = page.locator(".jp-Launcher")
    launcher.get_by_text("Models", exact=True).click()
    expect(Sidebar(page).panel("models")).to_be_visible()
    launcher.get_by_text("Datasets", exact=True).click()
    expect(Sidebar(page).panel("datasets")).to_be_visible()
    launcher.get_by_text("Notebook with hf_nb").click()
    bar = Sidebar(page)
    bar.says("ready")
    made = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
    expect(made.locator(".jp-Cell").first).to_contain_text("%load_ext hf_nb")
    expect(made.locator(".jp-OutputArea-output").first).to_contain_text("offline Hub")


def test_the_settings_decide_who_asks_and_what_is_shown_first(lab, open_notebook, page, settings):
    settings(questions="server", panel="spaces")
    ops: list[str] = []
    page.on(
        "request",
        lambda one: ops.append(json.loads(one.post_data)["op"]) if "/hf-nb/panel" in one.url else None,
    )
    nb = open_notebook(lab.write("settings.ipynb", "%load_ext hf_nb"))
    bar = Sidebar(page).open()
    expect(bar.panel("spaces")).to_be_visible()
    nb.run(0)
    bar.says("ready")
    ops.clear()
    bar.tab("Models").locator("[data-hfnb-search]").fill("minilm")
    expect(bar.panel("models")).not_to_contain_text("pydoc-gpt")
    assert "models.search" in ops, "the server, although the kernel is ready"
    settings(questions="kernel")
    page.reload()
    bar.says("ready")
    ops.clear()
    bar.tab("Models").locator("[data-hfnb-search]").fill("pydoc")
    expect(bar.panel("models")).to_contain_text("pydoc-gpt")
    expect(bar.panel("models")).not_to_contain_text("minilm-embeddings")
    assert ops == [], "the kernel, and nobody else"


def test_running_work_is_in_the_status_bar_and_leads_to_its_panel(lab, open_notebook, page, hub, tmp_path):
    empty = f"%env HF_HOME={tmp_path}\n%load_ext hf_nb"  # nothing is pulled twice
    nb = open_notebook(lab.write("work.ipynb", empty, "%hf pull hfnb-demo/ner-en"))
    nb.run(0)
    item = page.locator("#jp-main-statusbar .hfnb-status")
    expect(item).to_be_hidden()
    with hub.fault("stall", match="*/model.safetensors", origin="cdn", at=2_000):
        nb.begin(1)
        expect(item).to_be_visible()
        expect(item).to_contain_text("1 running")
        item.get_by_role("button").click()
        expect(Sidebar(page).panel("inference")).to_contain_text("hfnb-demo/ner-en")
        nb.stop()
        expect(item).to_be_hidden()
