"""The Inference panel in a cell: work of the same kernel, seen, stopped, tried again, its memory given back."""

import re

import pytest
from playwright.sync_api import expect

from tests.ui.panels.axe import violations
from tests.ui.panels.cell import InCell, knows, says
from tests.ui.panels.conftest import WALKS, prepared

pytestmark = pytest.mark.slow  # models in memory are torch's
CHAT, LOCAL = "hfnb-demo/chat-en", "hfnb-demo/sentiment-en"
CELLS = [
    f"%%hf infer -m {CHAT} --provider hf\nHello, who are you?",
    f"%%hf infer -m {LOCAL} --provider local\nWe loved the view.",
]
PANEL, TALK, FEEL = 1, 2, 3
TALKS = "*/chat/completions"
STATES = "[one.state for one in __import__('hf_nb.plumbing.session', fromlist=['current']).current().jobs.seen(100)]"
LOADED = "[one.model for one in __import__('hf_nb.infer.kept', fromlist=['kept']).loaded()]"
METHODS = """{stat.method: [stat.calls, len(times)] for stat, times in __import__('hf_nb.infer.numbers',
fromlist=['numbers']).methods(__import__('hf_nb.plumbing.session', fromlist=['current']).current(), 9)}""".replace(
    "\n", " "
)


@pytest.fixture(scope="module")
def nb(opened):
    notebook = opened("inference.ipynb", "%hf panel inference", *CELLS)
    notebook.run(PANEL)
    return notebook


@pytest.fixture(scope="module")
def shown(nb):
    panel = InCell(nb, "inference")
    expect(panel.here).to_contain_text("Nothing has run in this kernel yet")
    panel.empty = violations(panel.here)
    return panel


@pytest.fixture
def panel(nb, shown, hub):
    yield shown
    hub.clear_faults()
    nb.wait_idle()
    nb.page.set_viewport_size({"width": 1280, "height": 1000})
    shown.here.get_by_role("button", name="All", exact=True).click()


@pytest.fixture
def states(nb):
    """How the kernel's jobs stand, the running and the latest first."""
    return lambda: knows(nb, STATES)


def jobs(panel, state):
    return panel.here.locator(f".hfnb-job[data-state={state}]")


def test_nothing_has_run_and_it_says_what_to_do(panel):
    assert panel.empty == []
    expect(panel.here).to_contain_text("%%hf infer")


@pytest.mark.parametrize("walk", WALKS)
def test_work_is_seen_stopped_and_tried_again(nb, panel, walk, hub, states):
    nb.run(TALK)  # the model behind the router is awake
    done = states().count("done")
    with hub.fault("slow", match=TALKS, seconds=1):
        nb.begin(TALK)
        job = jobs(panel, "running")
        expect(job).to_contain_text("tok/s", timeout=30_000)
        expect(job).to_contain_text(CHAT)
        reader = prepared(nb, panel, walk)
        assert violations(panel.here) == []
        nb.screenshot(f"panels-inference-running-{walk[0]}-{walk[2]}")
        stop = job.get_by_role("button", name=re.compile("^Stop "))
        reader.press(stop)
        expect(job).to_have_count(0)
    nb.wait_idle()
    assert "Stopped" in nb.text(TALK)
    assert states()[0] == "stopped"
    expect(panel.toasts.last).to_contain_text("Stopped")
    reader.press(jobs(panel, "stopped").first.get_by_role("button", name=re.compile("^Retry ")))
    expect(jobs(panel, "done")).to_have_count(done + 1, timeout=30_000)
    assert states().count("done") == done + 1
    expect(jobs(panel, "stopped").first).to_contain_text("tried again")


@pytest.mark.parametrize("walk", WALKS)
def test_a_models_memory_is_given_back(nb, panel, walk):
    nb.run(FEEL, may_fail=True)  # another cell may have been stopped before
    assert knows(nb, LOADED) == [LOCAL]
    shelf = panel.here.locator(f".hfnb-shelf [data-model='{LOCAL}']")
    expect(shelf).to_contain_text("used")
    reader = prepared(nb, panel, walk)
    nb.screenshot(f"panels-inference-loaded-{walk[0]}-{walk[2]}")
    assert violations(panel.here) == []
    reader.press(panel.button(f"Unload {LOCAL}"))
    expect(shelf).to_have_count(0)
    expect(panel.toasts.last).to_contain_text("freed")
    assert knows(nb, LOADED) == []


def test_what_failed_says_why_and_is_tried_again(nb, panel, hub, states):
    with hub.fault("status", match=TALKS, status=503):
        nb.begin(TALK)
        failed = jobs(panel, "failed")
        expect(failed).to_have_count(1, timeout=30_000)
        nb.wait_idle()
    expect(failed.locator(".hfnb-failed")).to_contain_text("503")
    assert violations(panel.here) == []
    panel.here.get_by_role("button", name=re.compile("^Failed")).click()
    expect(panel.here.locator(".hfnb-job")).to_have_count(1)
    nb.screenshot("panels-inference-failed")
    nb.run(TALK)
    done = states().count("done")
    failed.get_by_role("button", name=re.compile("^Retry ")).click()
    expect(failed).to_contain_text("tried again")
    panel.here.get_by_role("button", name=re.compile("^Done")).click()
    expect(panel.here.locator(".hfnb-job")).to_have_count(done + 1)
    assert states()[:2].count("done") >= 1


def test_the_plot_says_what_was_measured(nb, panel):
    for _ in range(5):  # a picture is drawn of five calls and more
        nb.run(FEEL, may_fail=True)  # another cell may have been stopped before
    measured = knows(nb, METHODS)
    assert measured["local"][0] >= 1
    plots = panel.here.get_by_role("img").and_(panel.here.locator("svg"))
    expect(plots.first).to_be_visible()
    for method, (calls, timed) in measured.items():
        if not timed:  # all of them failed
            continue
        words = f"{method}: {'one call' if calls == 1 else f'{calls} calls'}"
        expect(panel.here).to_contain_text(words)
    fold = panel.here.locator("summary", has_text="Numbers")
    fold.focus()
    nb.page.keyboard.press("Enter")
    rows = panel.here.locator(".hfnb-numbers-table tbody tr")
    expect(rows).to_have_count(len(measured))
    assert violations(panel.here) == []


def test_a_job_unfolds_by_keyboard(nb, panel):
    head = panel.here.locator("[data-hfnb-head]").first
    head.focus()
    nb.page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-expanded", "true")
    facts = panel.here.locator(".hfnb-job-facts")
    expect(facts).to_contain_text("Id")
    assert violations(panel.here) == []
    nb.page.keyboard.press("Enter")
    expect(facts).to_have_count(0)


def test_a_picture_of_the_work_is_kept(nb, panel):
    nb.run(PANEL)
    html = says(nb, "import hf_nb; print(hf_nb.panel('inference').picture()[1])")
    assert LOCAL in html
    assert len(html.encode()) <= 20_000
    expect(panel.here.locator(".hfnb-job").first).to_be_visible()
