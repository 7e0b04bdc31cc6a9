"""The sidebar and the kernel of the notebook in front."""

from __future__ import annotations

import json
import re
import statistics
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.ui.lab.sidebar import Sidebar

START_BYTES = 50_000
# Runs until the test lets it end.
WAIT = "import pathlib, time\nwhile not pathlib.Path('{0}').exists(): time.sleep(0.05)"


class Asked:
    """The ops that a page sent to the Jupyter server."""

    def __init__(self, page: Page) -> None:
        self.ops: list[str] = []
        page.on("request", self._note)

    def _note(self, request) -> None:
        if request.url.partition("?")[0].endswith("/hf-nb/panel"):
            self.ops.append(json.loads(request.post_data)["op"])


@pytest.fixture
def asked(page):
    return Asked(page)


def search(bar: Sidebar, text: str, finds: str) -> None:
    panel = bar.panel("models")
    panel.locator("[data-hfnb-search]").fill(text)
    expect(panel).to_contain_text(finds)
    expect(panel).not_to_contain_text("pydoc-gpt")  # which is in the list of all


def without_subshells(page: Page) -> None:
    page.evaluate(
        "() => { window.jupyterapp.shell.currentWidget.sessionContext.session.kernel"
        ".commsOverSubshells = 'disabled'; }"
    )


def test_a_page_that_does_not_show_the_sidebar_fetches_little(lab, open_notebook, page):
    fetched: list[tuple[str, int]] = []
    page.on(
        "response",
        lambda one: (
            fetched.append((Path(one.url.partition("?")[0]).name, len(one.body())))
            if "extensions/hf-nb/static" in one.url
            else None
        ),
    )
    open_notebook(lab.write("plain.ipynb", "1 + 1"))
    page.wait_for_load_state("networkidle")
    print(f"At the start: {sum(size for _, size in fetched):,} bytes: {fetched}")
    assert fetched
    assert sum(size for _, size in fetched) <= START_BYTES
    before = len(fetched)
    Sidebar(page).open()
    expect(Sidebar(page).panel("models")).to_be_visible()
    assert len(fetched) > before
    assert not [name for name, _ in fetched[before:] if "inference" in name]


def test_hub_questions_need_no_notebook(lab, page, hub, asked):
    page.goto(lab.address())
    expect(page.locator("#jupyterlab-splash")).to_have_count(0)
    bar = Sidebar(page).open()
    bar.says("No notebook")
    hub.clear_requests()
    search(bar, "translate-en", "translate-en-fr")  # which nobody asked before: an answer is kept for a while
    assert "models.search" in asked.ops
    assert [one for one in hub.requests() if "/api/models" in one["path"]]


def test_without_a_kernel_it_searches_and_offers_to_start_one(lab, open_notebook, page, asked):
    nb = open_notebook(lab.write("kernelless.ipynb", "1 + 1"))
    bar = Sidebar(page).open()
    nb.command("kernelmenu:shutdown")
    bar.says("no kernel")
    search(bar, "whisper", "whisper")
    assert "models.search" in asked.ops
    bar.do("Start a kernel")
    bar.says("without hf_nb")
    assert "2" in nb.run(0)


def test_loading_hf_nb_is_told_and_makes_it_ready(lab, open_notebook, page):
    nb = open_notebook(lab.write("load.ipynb", "hub.__name__ if 'hub' in dir() else 'nothing ran'", "%hf"))
    bar = Sidebar(page).open()
    bar.says("without hf_nb")
    bar.do("Load hf_nb")
    bar.says("ready")
    expect(bar.kernel.locator(".hfnb-waking")).to_contain_text("offline Hub")
    assert "search" in nb.run(1), "%hf works in the kernel now"
    assert nb.count(1) == 1, "loading it took no number of the user's"
    search(bar, "minilm", "minilm-embeddings")


def test_a_kernel_that_lacks_hf_nb_says_what_to_install(lab, open_notebook, page):
    nb = open_notebook(
        lab.write("lacking.ipynb", "import sys; sys.modules['hf_nb'] = None; sys.meta_path.insert(0, None)")
    )
    nb.cell(0).locator(".cm-content").fill(
        "import sys\nclass No:\n    def find_spec(self, name, *_):\n"
        "        if name.startswith('hf_nb'): raise ModuleNotFoundError(\"No module named 'hf_nb'\")\n"
        "sys.meta_path.insert(0, No())"
    )
    nb.run(0)
    bar = Sidebar(page).open()
    bar.do("Load hf_nb")
    expect(bar.kernel.get_by_role("alert")).to_contain_text("hf_nb is not installed where this kernel runs")
    bar.says("without hf_nb")


def test_it_follows_the_notebook_in_front_and_what_its_cells_load(lab, open_notebook, page):
    lab.write("second.ipynb", "2")
    nb = open_notebook(lab.write("first.ipynb", "%load_ext hf_nb"))
    bar = Sidebar(page).open()
    expect(bar.kernel).to_contain_text("first.ipynb")
    bar.says("without hf_nb")
    nb.run(0)
    bar.says("ready")
    nb.command("docmanager:open", path="second.ipynb")
    expect(bar.kernel).to_contain_text("second.ipynb")
    bar.says("without hf_nb")
    nb.command("docmanager:open", path="first.ipynb")
    expect(bar.kernel).to_contain_text("first.ipynb")
    bar.says("ready")


def test_after_a_restart_it_finds_the_kernel_again(lab, open_notebook, page):
    nb = open_notebook(lab.write("restart.ipynb", "%load_ext hf_nb"))
    bar = Sidebar(page).open()
    nb.run(0)
    bar.says("ready")
    nb.restart()
    bar.says("without hf_nb")
    panel = bar.tab("Inference")
    expect(panel.locator("[data-hfnb-state=unloaded]")).to_be_visible()
    panel.get_by_role("button", name="Load hf_nb").first.click()
    bar.says("ready")
    expect(panel.locator("[data-hfnb-state]")).to_have_count(0)


def test_a_busy_kernel_answers_all_the_same(lab, open_notebook, page):
    took: dict[str, float] = {}
    sent: dict[str, float] = {}
    seconds: list[float] = []

    def frame(payload, known: dict[str, float], other: dict[str, float] | None = None) -> None:
        data = payload if isinstance(payload, bytes) else payload.encode()
        if b"comm_msg" not in data:
            return
        for id in re.findall(rb'"id": ?"([\w-]+)"', data):
            known.setdefault(id.decode(), time.perf_counter())
            if other and id.decode() in other:
                seconds.append(time.perf_counter() - other.pop(id.decode()))

    def watch(socket) -> None:
        socket.on("framesent", lambda payload: frame(payload, sent))
        socket.on("framereceived", lambda payload: frame(payload, took, sent))

    page.on("websocket", watch)
    nb = open_notebook(lab.write("busy.ipynb", "%load_ext hf_nb", WAIT.format("busy-end")))
    bar = Sidebar(page).open()
    nb.run(0)
    bar.says("ready")
    nb.begin(1)
    bar.says("running a cell")
    sent.clear()
    seconds.clear()
    for text, finds in [("minilm", "minilm-embeddings"), ("chat", "chat-en"), ("digits", "digits")]:
        search(bar, text, finds)
    assert nb.count(1) is None, "the cell still runs"
    assert seconds, "the kernel answered meanwhile"
    print(
        f"Answers of a busy kernel: {len(seconds)}, median {1000 * statistics.median(seconds):.0f} ms, "
        f"longest {1000 * max(seconds):.0f} ms"
    )
    (lab.folder / "busy-end").touch()
    nb.wait_idle()
    bar.says("ready")


def test_where_a_busy_kernel_is_silent_the_server_answers(lab, open_notebook, page, asked):
    nb = open_notebook(lab.write("silent.ipynb", "%load_ext hf_nb", WAIT.format("silent-end")))
    without_subshells(page)
    bar = Sidebar(page).open()
    nb.run(0)
    bar.says("ready")
    nb.begin(1)
    bar.says("running a cell")
    asked.ops.clear()
    search(bar, "minilm", "minilm-embeddings")
    assert "models.search" in asked.ops
    bar.says("busy")
    panel = bar.tab("Inference")
    expect(panel.locator("[data-hfnb-state=busy]")).to_be_visible()
    (lab.folder / "silent-end").touch()
    bar.says("ready")
    expect(panel.locator("[data-hfnb-state]")).to_have_count(0)


def test_the_tabs_work_by_keys(lab, open_notebook, page):
    open_notebook(lab.write("keys.ipynb", "1"))
    bar = Sidebar(page).open()
    bar.root.get_by_role("tab", name="Models").focus()
    page.keyboard.press("ArrowRight")
    expect(bar.root.get_by_role("tab", name="Datasets")).to_be_focused()
    expect(bar.panel("datasets")).to_be_visible()
    expect(bar.panel("models")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(bar.root.get_by_role("tab", name="Spaces")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(bar.panel("inference")).to_be_visible()


def test_what_it_showed_is_there_again_after_a_reload(lab, open_notebook, page):
    open_notebook(lab.write("again.ipynb", "1"))
    bar = Sidebar(page).open()
    search(bar, "minilm", "minilm-embeddings")
    bar.tab("Spaces")
    state = f"http://127.0.0.1:{lab.port}/lab/api/workspaces/default"
    expect(bar.panel("spaces")).to_be_visible()

    def kept() -> dict[str, object]:
        answer = page.request.get(state, headers={"Authorization": f"token {lab.token}"})
        return dict(answer.json()["data"]) if answer.ok else {}

    deadline = time.monotonic() + 30
    while "minilm" not in (found := json.dumps(kept().get("hf-nb:sidebar"))) or '"spaces"' not in found:
        assert time.monotonic() < deadline, found
        page.wait_for_timeout(100)
    expect(page.locator("#jp-main-statusbar")).to_contain_text("| Idle")
    page.wait_for_function(
        "() => fetch('/lab/api/workspaces/default').then(a => a.json())"
        ".then(w => JSON.stringify(w.data['layout-restorer:data'] ?? {}).includes('hf-nb-sidebar'))"
    )
    page.goto(f"http://127.0.0.1:{lab.port}/lab/tree/again.ipynb")
    expect(bar.panel("spaces")).to_be_visible()
    bar.tab("Models")
    expect(bar.panel("models").locator("[data-hfnb-search]")).to_have_value("minilm")
