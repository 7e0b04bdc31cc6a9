"""A dataset's rows in the sidebar: without a kernel, with one, and with one that is busy."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.ui.lab.sidebar import Sidebar
from tests.ui.panels.axe import violations

DATASET, FIRST = "hfnb-lab/reviews-with-leaks", "train-0000"
WAIT = "import pathlib, time\nwhile not pathlib.Path('{0}').exists(): time.sleep(0.05)"


@pytest.fixture
def asked(page: Page) -> list[str]:
    """The ops that the page sends to the Jupyter server."""
    ops: list[str] = []

    def note(request: Request) -> None:
        if "/hf-nb/panel" in request.url:
            ops.append(json.loads(request.post_data or "")["op"])

    page.on("request", note)
    return ops


@pytest.fixture
def only_the_kernel(lab, page: Page):
    """The user's wish: a kernel that is slow for a moment is waited for, and the server not asked too."""
    address = f"http://127.0.0.1:{lab.port}/lab/api/settings/hf-nb%3Aplugin"
    key = {"Authorization": f"token {lab.token}"}

    def settings(**values: str) -> None:
        answer = page.request.put(address, headers=key, data=json.dumps({"raw": json.dumps(values)}))
        assert answer.ok, answer.text()

    settings(questions="kernel")
    yield
    settings()


def explored(bar: Sidebar) -> Locator:
    """Its rows, by a click on Explore."""
    panel = bar.tab("Datasets")
    panel.get_by_role("button", name=f"Explore {DATASET}", exact=True).click()
    expect(panel.locator("[data-hfnb-cell='0 0']")).to_have_text(FIRST)
    return panel


def sorts(panel: Locator) -> None:
    """Another question about its rows, answered."""
    panel.locator("[data-hfnb-cell='-1 0'] .hfnb-sorts").click()
    panel.locator("[data-hfnb-cell='-1 0'] .hfnb-sorts").click()
    expect(panel.locator("[data-hfnb-cell='0 0']")).to_have_text("train-2059")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_without_a_kernel_the_server_shows_rows(lab, open_notebook, page, asked, theme):
    nb = open_notebook(lab.write(f"rows-{theme}.ipynb", "1"))
    nb.theme(theme)
    bar = Sidebar(page).open()
    nb.command("kernelmenu:shutdown")
    bar.says("no kernel")
    panel = explored(bar)
    assert "data.open" in asked
    assert "data.page" in asked
    sorts(panel)
    expect(panel.locator("[aria-busy=true]")).to_have_count(0)
    assert violations(panel) == []
    nb.screenshot(f"sidebar-explored-{theme}")
    panel.get_by_role("button", name="Back to the datasets").click()
    expect(panel.get_by_role("button", name=f"Explore {DATASET}", exact=True)).to_be_focused()


def test_with_a_kernel_the_kernel_does(lab, open_notebook, page, asked, only_the_kernel):
    nb = open_notebook(lab.write("rows-kernel.ipynb", "%load_ext hf_nb"))
    bar = Sidebar(page).open()
    nb.run(0)
    bar.says("ready")
    asked.clear()
    sorts(explored(bar))
    assert asked == []


def test_beside_a_running_cell_too(lab, open_notebook, page, asked, only_the_kernel):
    nb = open_notebook(lab.write("rows-busy.ipynb", "%load_ext hf_nb", WAIT.format("rows-end")))
    bar = Sidebar(page).open()
    nb.run(0)
    bar.says("ready")
    nb.begin(1)
    bar.says("running a cell")
    asked.clear()
    sorts(explored(bar))
    assert nb.count(1) is None, "the cell still runs"
    assert asked == [], "the kernel answered"
    (lab.folder / "rows-end").touch()
    nb.wait_idle()


def test_where_a_busy_kernel_is_silent_the_server_goes_on(lab, open_notebook, page, asked):
    nb = open_notebook(lab.write("rows-silent.ipynb", "%load_ext hf_nb", WAIT.format("silent-rows")))
    page.evaluate(
        "() => { window.jupyterapp.shell.currentWidget.sessionContext.session.kernel"
        ".commsOverSubshells = 'disabled'; }"
    )
    bar = Sidebar(page).open()
    nb.run(0)
    bar.says("ready")
    panel = explored(bar)
    nb.begin(1)
    bar.says("running a cell")
    asked.clear()
    sorts(panel)
    assert "data.page" in asked
    assert nb.count(1) is None, "the cell still runs"
    (lab.folder / "silent-rows").touch()
    bar.says("ready")
