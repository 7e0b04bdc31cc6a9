"""`%hf login` as a person meets it: a code, a link to the Hub's page, yes there, and the notebook knows who it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from hf_nb.offline.running import Running, start
from hf_nb.offline.store import Store
from tests.ui.notebook import OUT, Notebook
from tests.ui.server import LabServer
from tests.ui.tour import CONTRAST

LEARNER = "hf_learner_offline"
CELLS = ["%load_ext hf_nb", "%hf login", "%hf login mine --paste", "%hf tokens", "%hf whoami"]
_LOAD, LOGIN, PASTE, TOKENS, WHOAMI = range(len(CELLS))


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    root = tmp_path_factory.mktemp("hub") / "store"
    store = Store.open(root)
    store.user("learner", LEARNER)
    store.close()
    with start(root) as running:
        yield running


@pytest.fixture(scope="module")
def lab(own: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabServer]:
    """A JupyterLab that sees that Hub, and a notebook that logs in."""
    place = tmp_path_factory.mktemp("lab")
    (place / "notebooks").mkdir()
    cells = [nbformat.v4.new_code_cell(cell) for cell in CELLS]
    metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    }
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
    nbformat.write(notebook, place / "notebooks" / "login.ipynb")
    with LabServer(place / "notebooks", place / "private", own.environment) as server:
        yield server


@pytest.fixture
def notebook(open_notebook: Callable[[str], Notebook]) -> Notebook:
    opened = open_notebook("login.ipynb")
    opened.run(_LOAD)
    return opened


def begin(notebook: Notebook, index: int) -> None:
    """Run a cell that waits for a person."""
    notebook.cell(index).locator(".cm-content").click()
    notebook.page.keyboard.press("Control+Enter")


def saved(notebook: Notebook, lab: LabServer) -> str:
    notebook.save()
    return (lab.folder / notebook.name).read_text(encoding="utf-8")


def test_a_login_from_the_panel_to_the_hubs_page_and_back(notebook: Notebook, lab: LabServer) -> None:
    begin(notebook, LOGIN)
    panel = notebook.output(LOGIN).locator(".login")
    code = panel.locator(".code")
    expect(code).to_be_visible()
    expect(panel).to_contain_text("Waiting for you · 15 min left")
    shown = code.inner_text()
    read_in_both_themes(notebook)
    with notebook.page.expect_popup() as opened:
        panel.get_by_role("link").click()
    hub = opened.value
    expect(hub.locator("input[name=user_code]")).to_have_value(shown)
    hub.locator("input[name=token]").fill(LEARNER)
    hub.get_by_role("button", name="Allow").click()
    expect(hub.locator("h1")).to_have_text("You are logged in as learner")
    hub.close()
    output = notebook.output(LOGIN)
    expect(output.locator(".name")).to_have_text("learner")
    expect(output.locator(".login")).to_have_count(0)
    expect(output).to_contain_text("The code was entered.")
    notebook.wait_idle()
    assert "learner" in notebook.run(WHOAMI)
    output.screenshot(path=OUT / "login-done.png")
    text = saved(notebook, lab)
    assert shown not in text, "a code that was used is of no use"
    assert "hf_oauth_" not in text
    state = nbformat.reads(text, as_version=4).metadata.get("widgets", {})
    assert not any(one.get("state") for one in state.values()), "no widget, so none that could hold a token"


def test_the_panel_is_reached_and_stopped_by_keyboard(notebook: Notebook) -> None:
    begin(notebook, LOGIN)
    link = notebook.output(LOGIN).get_by_role("link")
    link.focus()
    assert link.evaluate("element => getComputedStyle(element).outlineStyle") != "none"
    notebook.command("notebook:interrupt-kernel")
    expect(notebook.output(LOGIN)).to_contain_text("Stopped. Nothing was stored.")
    notebook.wait_idle()


def test_a_pasted_token_is_hidden_and_not_saved(notebook: Notebook, lab: LabServer) -> None:
    begin(notebook, PASTE)
    box = notebook.cell(PASTE).locator(".jp-Stdin-input")
    expect(box).to_have_attribute("type", "password")
    box.fill(LEARNER)
    box.press("Enter")
    expect(notebook.output(PASTE).locator(".name")).to_have_text("learner")
    notebook.wait_idle()
    assert "mine" in notebook.run(TOKENS)
    assert LEARNER not in saved(notebook, lab)
    assert LEARNER not in notebook.page.content()


def read_in_both_themes(notebook: Notebook) -> None:
    OUT.mkdir(exist_ok=True)
    for theme in ("light", "dark"):
        notebook.theme(theme)
        panel = notebook.output(LOGIN)
        panel.screenshot(path=OUT / f"login-{theme}.png")
        for piece in panel.locator(".name, .soft, .code, a.open").all():
            contrast = piece.evaluate(CONTRAST)
            assert contrast >= 4.5, f"{theme}: {contrast:.1f} for {piece.inner_text()!r}"
    notebook.theme("light")


def test_the_folder_holds_no_token(lab: LabServer) -> None:
    kept = [
        path
        for path in Path(lab.folder).rglob("*")
        if path.is_file() and LEARNER in path.read_text(errors="ignore")
    ]
    assert kept == []
