"""When things go wrong around a panel in a cell: a busy kernel, a new one, a Hub in trouble, two readers at once."""

import json
import statistics

import pytest
from playwright.sync_api import expect

from tests.ui.notebook import Notebook
from tests.ui.panels.axe import violations
from tests.ui.panels.cell import InCell, says

LOAD, SHOW, SLEEP = 0, 1, 2
WAIT = "import pathlib, time\nwhile not pathlib.Path('{}').exists():\n    time.sleep(0.02)"
COMMS = "@jupyterlab/apputils-extension:kernels-settings"
WORDS = ["chat", "sentiment", "qa", "topic", "embed", "ner"]
# Milliseconds from Enter to the new rows, for each word.
MEASURE = """async ([panel, words]) => {
  const box = panel.querySelector('[data-hfnb-search]');
  const shown = () => [...panel.querySelectorAll('[data-hfnb-key]')].map(one => one.dataset.hfnbKey);
  const settled = before => {
    const list = panel.querySelector('ul.hfnb-grid');
    const now = shown();
    return list?.getAttribute('aria-busy') !== 'true' && now.length && now.join() !== before;
  };
  const times = [];
  for (const word of words) {
    const before = shown().join();
    box.focus();
    box.value = word;
    box.dispatchEvent(new InputEvent('input', {bubbles: true}));
    await new Promise(next => setTimeout(next));
    const began = performance.now();
    box.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}));
    await new Promise((done, fail) => {
      const late = setTimeout(() => fail(new Error(`no answer to ${word}`)), 20000);
      const watch = new MutationObserver(() => {
        if (!settled(before)) return;
        clearTimeout(late);
        watch.disconnect();
        done();
      });
      watch.observe(panel, {subtree: true, childList: true, attributes: true});
    });
    times.push(performance.now() - began);
  }
  return times;
}"""


@pytest.fixture
def models(lab, hub, open_notebook):
    """A fresh notebook with a Models panel, and a cell that works until the file `go` is there."""

    def shown(name, *cells, load="%load_ext hf_nb"):
        nb = open_notebook(lab.write(name, load, "%hf panel models", WAIT.format("go"), *cells))
        nb.run(LOAD)
        nb.run(SHOW)
        panel = InCell(nb, "models", SHOW)
        expect(panel.rows.first).to_be_visible()
        return nb, panel

    go = lab.folder / "go"
    yield shown
    go.touch()
    hub.clear_faults()
    go.unlink()


def look_for(panel, text):
    panel.search.fill(text)
    panel.search.press("Enter")


def finds(panel, text, id):
    look_for(panel, text)
    expect(panel.row(id)).to_be_visible()


def quick(panel):
    """How long it takes, in the middle of a few tries."""
    return statistics.median(panel.nb.page.evaluate(MEASURE, [panel.here.element_handle(), WORDS]))


def test_after_a_restart_it_says_what_to_do_and_that_works(models):
    nb, panel = models("restart.ipynb")
    nb.restart()
    expect(panel.strip).to_contain_text(
        "The kernel was restarted. Run %load_ext hf_nb, then this cell again."
    )
    assert violations(panel.here) == []
    nb.screenshot("panels-restarted")
    nb.run(LOAD)
    nb.run(SHOW)
    expect(panel.strip).to_have_count(0)
    finds(panel, "topic", "hfnb-demo/topic-en")


def test_without_a_kernel_it_says_so(models):
    nb, panel = models("gone.ipynb")
    nb.command("kernelmenu:shutdown")
    expect(nb.page.locator("#jp-main-statusbar")).to_contain_text("No Kernel")
    look_for(panel, "topic")
    expect(panel.strip).to_contain_text("then this cell again")
    assert violations(panel.here) == []


def test_a_search_is_as_quick_beside_a_running_cell(lab, models):
    nb, panel = models("busy.ipynb")
    quick(panel)  # the first ones open connections
    idle = quick(panel)
    nb.begin(SLEEP)
    expect(nb.page.locator("#jp-main-statusbar")).to_contain_text("| Busy")
    busy = quick(panel)
    assert nb.count(SLEEP) is None or "| Busy" in nb.page.locator("#jp-main-statusbar").inner_text()
    assert panel.strip.count() == 0
    assert busy <= idle + 100, f"{busy:.0f} ms beside a running cell, {idle:.0f} ms without one"


def test_where_comms_wait_for_cells_a_panel_says_that_it_waits(lab, models, page):
    settings = f"http://127.0.0.1:{lab.port}/lab/api/settings/{COMMS}"
    key = {"Authorization": f"token {lab.token}"}

    def comms(how):
        answer = page.request.put(
            settings, headers=key, data={"raw": json.dumps({"commsOverSubshells": how})}
        )
        assert answer.ok, answer.text()

    comms("disabled")
    try:
        nb, panel = models("waits.ipynb")
        nb.begin(SLEEP)
        look_for(panel, "topic")
        expect(panel.strip).to_contain_text("The kernel is busy")
        assert violations(panel.here) == []
        nb.screenshot("panels-busy")
        (lab.folder / "go").touch()
        expect(panel.strip).to_have_count(0)
        expect(panel.row("hfnb-demo/topic-en")).to_be_visible()
    finally:
        comms("perCommTarget")


IMPATIENT = "%env HF_NB_READ_TIMEOUT=2\n%env HF_NB_DEADLINE=3\n%load_ext hf_nb"


def test_each_trouble_of_the_hub_is_told_with_what_to_do(hub, models):
    nb, panel = models("trouble.ipynb", load=IMPATIENT)
    troubles = {
        "refuse": {},
        "status 503": {"status": 503},
        "status 429": {"status": 429},
        "latency": {"seconds": 600},
    }
    for number, (kind, how) in enumerate(troubles.items()):
        with hub.fault(kind.split()[0], match="/api/models*", **how):
            look_for(panel, f"many-{number}")
            expect(panel.failed).to_be_visible()
            expect(panel.failed.locator(".hfnb-soft")).not_to_be_empty()
            assert violations(panel.here) == []
            nb.screenshot(f"panels-trouble-{kind.replace(' ', '-')}")
        again = panel.here.get_by_role("button", name="Try again")
        again.click()
        expect(panel.row(f"learner/many-{number}0")).to_be_visible()
        expect(panel.failed).to_have_count(0)


def test_details_that_do_not_come_are_told_and_come_later(hub, models):
    nb, panel = models("details.ipynb", load=IMPATIENT)
    with hub.fault("status", match="/api/models/hfnb-demo/qa-en*", status=503):
        panel.head("hfnb-demo/qa-en").click()
        expect(panel.drawer.locator(".hfnb-failed")).to_be_visible()
        assert violations(panel.here) == []
        nb.screenshot("panels-details-failed")
    panel.drawer.get_by_role("button", name="Try again").click()
    expect(panel.drawer).to_contain_text("Memory the weights need")


def test_a_download_that_breaks_is_told_and_goes_on(hub, lab, models, tmp_path):
    model = "hfnb-demo/digits-vit"
    nb, panel = models("broken.ipynb", load=f"%env HF_HOME={tmp_path}\n{IMPATIENT}")
    with hub.fault("status", match=f"*{model}/resolve/*", status=503):
        panel.button(f"Get {model}").click()
        expect(panel.row(model).locator(".hfnb-failed")).to_be_visible()
        nb.screenshot("panels-pull-failed")
    panel.row(model).get_by_role("button", name="Try again").click()
    expect(panel.row(model)).to_contain_text("On this machine")
    code = f"import huggingface_hub as h; print(h.try_to_load_from_cache({model!r}, 'model.safetensors'))"
    assert says(nb, code).endswith("model.safetensors")


def test_two_tabs_on_one_notebook_do_not_disturb_each_other(lab, models, page, watched):
    _, panel = models("tabs.ipynb")
    second = page.context.new_page()
    second.on("console", watched.say)
    second.goto(lab.address("tabs.ipynb"))
    other = Notebook(second, "tabs.ipynb")
    other.panel.wait_for()
    other.wait_splash_gone()
    other.run(SHOW)
    theirs = InCell(other, "models", SHOW)
    expect(theirs.rows.first).to_be_visible()
    look_for(theirs, "summarize")
    finds(panel, "topic", "hfnb-demo/topic-en")
    theirs.lists(["hfnb-demo/summarize-en"])
    panel.lists(["hfnb-demo/topic-en"])
    second.close()
    finds(panel, "ner-en", "hfnb-demo/ner-en")


def test_a_second_view_of_an_output_has_a_panel_of_its_own(models, page):
    nb, panel = models("views.ipynb")
    nb.cell(SHOW).locator(".cm-content").click()
    nb.command("notebook:create-output-view")
    view = page.locator(".jp-LinkedOutputView [data-hfnb-panel=models]")
    expect(view.locator("[data-hfnb-key]").first).to_be_visible()
    view.locator("[data-hfnb-search]").fill("topic")
    expect(view.locator("[data-hfnb-key='hfnb-demo/topic-en']")).to_be_visible()
    expect(view.locator("[data-hfnb-key]")).to_have_count(1)
    finds(panel, "qa-en", "hfnb-demo/qa-en")
    page.locator(".lm-TabBar-tab", has_text="Output View").locator(".lm-TabBar-tabCloseIcon").click()
    finds(panel, "ner-en", "hfnb-demo/ner-en")


def test_twenty_panels_on_a_page_fetch_each_bundle_once(lab, open_notebook, page):
    sent = []

    def watch(socket):
        socket.on("framesent", lambda frame: sent.append(frame))  # noqa: PLW0108 -- a built-in cannot be listened with

    page.on("websocket", watch)
    names = ["models", "spaces", "inference"]
    cells = [f"%hf panel {names[number % 3]}" for number in range(20)]
    nb = open_notebook(lab.write("twenty.ipynb", "%load_ext hf_nb", *cells))
    nb.run_all()
    drawn = page.locator("[data-hfnb-panel] .hfnb-panel")
    expect(drawn).to_have_count(20, timeout=30_000)
    frames = [frame if isinstance(frame, str) else frame.decode("utf-8", "replace") for frame in sent]
    asked = [frame for frame in frames if '"bundle"' in frame]
    assert sorted(name for frame in asked for name in names if f"{name}@" in frame) == sorted(names)
    last = InCell(nb, "spaces", 20)
    last.here.scroll_into_view_if_needed()
    finds(last, "studio", "learner/studio")
    first = InCell(nb, "models", 1)
    first.here.scroll_into_view_if_needed()
    quick(first)
    assert quick(first) < 1_000
    nb.cell(0).locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("  # still here")
    expect(nb.cell(0)).to_contain_text("still here")
