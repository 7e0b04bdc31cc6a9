"""Panels drawn by VS Code's own renderer, in a frame that reaches nothing but it, on a real kernel."""

import re

import pytest
from playwright.sync_api import expect

MODELS = "import hf_nb.widgets; hf_nb.widgets.Models()"
MODEL = "hfnb-demo/topic-en"
BRIEFLY = """
import pathlib, time
gone = pathlib.Path({!r})
while not gone.exists():
    time.sleep(0.05)
"""


class Panel:
    """What a reader finds in it."""

    def __init__(self, vscode):
        self.here = vscode.panel("models")
        self.search = self.here.get_by_role("textbox", name="Search models")
        self.rows = self.here.locator("[data-hfnb-key]")
        self.state = self.here.locator("[data-hfnb-state]")

    def row(self, id):
        return self.here.locator(f"[data-hfnb-key='{id}']")

    def only(self, word):
        """All rows speak of it, and there are some."""
        expect(self.rows.first).to_contain_text(word)
        expect(self.rows.filter(has_not_text=word)).to_have_count(0)


@pytest.fixture
def panel(vscode, tmp_path):
    """Drawn, on a kernel with an empty cache of its own."""
    vscode.run(f"%env HF_HOME={tmp_path / 'home'}")
    vscode.run("%load_ext hf_nb")
    vscode.run(MODELS)
    drawn = Panel(vscode)
    expect(drawn.row(MODEL)).to_be_visible()
    return drawn


def test_typing_finds_other_models(panel):
    panel.search.fill("sentiment")
    panel.only("sentiment")
    panel.search.fill("no such model anywhere")
    expect(panel.rows).to_have_count(0)


def test_a_model_is_got_and_the_kernel_has_it(vscode, panel):
    panel.row(MODEL).get_by_role("button", name=f"Get {MODEL}").click()
    expect(panel.here).to_contain_text(f"{MODEL} is on this machine")
    cached = (
        f"from huggingface_hub import try_to_load_from_cache as path; print(path({MODEL!r}, 'config.json'))"
    )
    assert vscode.run(cached).strip().endswith("config.json")


def test_code_is_copied_where_nobody_can_insert_it(vscode, panel):
    vscode.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    panel.row(MODEL).get_by_role("button", name=f"Insert code for {MODEL}").click()
    expect(panel.here).to_contain_text("Copied: paste it into a cell.")
    assert MODEL in vscode.clipboard()


def test_what_it_opens_vscode_opens(vscode, panel, served_hub):
    panel.row(MODEL).locator("[data-hfnb-head]").click()
    panel.here.get_by_role("button", name="Open on the Hub").click()
    vscode.page.wait_for_function("() => window.vscode.opened.length")
    assert vscode.opened() == [f"{served_hub.url}/{MODEL}"]


def test_it_can_be_read_in_both_themes(vscode, panel):
    inside = panel.here.locator(".hfnb-panel")
    for theme, ground in (("light", "rgb(255, 255, 255)"), ("dark", "rgb(31, 31, 31)")):
        vscode.theme(theme)
        expect(inside).to_have_css("background-color", ground)
        expect(inside).to_have_css("color-scheme", theme)
        assert vscode.faint() == []
        vscode.screenshot(f"models-{theme}")
    # nothing of the white that VS Code lays under widgets is left
    white = vscode.outputs.locator(".cell-output-ipywidget-background")
    expect(white.first).to_have_css("background-color", "rgba(0, 0, 0, 0)")


def test_while_a_cell_runs_it_says_so_and_goes_on_after_it(vscode, panel, tmp_path):
    vscode.begin(BRIEFLY.format(str(tmp_path / "gone")))
    panel.search.fill("sentiment")
    expect(panel.state).to_have_attribute("data-hfnb-state", "busy")
    (tmp_path / "gone").touch()
    panel.only("sentiment")
    expect(panel.state).to_have_count(0)


def test_back_in_view_it_shows_what_was_looked_for(vscode, panel):
    panel.search.fill("sentiment")
    panel.only("sentiment")
    vscode.redraw()
    again = Panel(vscode)
    expect(vscode.outputs.locator("[data-hfnb-panel]")).to_have_count(1)
    expect(again.search).to_have_value("sentiment")
    again.only("sentiment")


def test_after_a_restart_it_says_so_and_the_cell_draws_a_new_one(vscode, panel):
    vscode.may_say.append("Could not send widget sync message")  # the renderer, to the kernel that is gone
    vscode.restart()
    panel.search.fill("sentiment")
    expect(panel.state).to_contain_text(re.compile("restarted.*then this cell again"))
    vscode.run("%load_ext hf_nb")
    vscode.run(MODELS)
    expect(vscode.outputs.locator("[data-hfnb-panel]")).to_have_count(2)
    expect(Panel(vscode).row(MODEL)).to_be_visible()


@pytest.mark.parametrize(
    ("name", "theme"), [("Spaces", "dark"), ("Inference", "dark"), ("Playground", "light")]
)
def test_the_other_panels_are_drawn_too(vscode, name, theme):
    vscode.theme(theme)
    vscode.run("%load_ext hf_nb")
    vscode.run(f"import hf_nb.widgets; hf_nb.widgets.{name}()")
    expect(vscode.panel(name.lower()).get_by_role("heading", name=name, exact=True)).to_be_visible()
    expect(vscode.panel(name.lower()).locator("[data-hfnb-state]")).to_have_count(0)
    assert vscode.faint() == []
    vscode.screenshot(name.lower())
