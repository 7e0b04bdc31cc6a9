"""What strangers wrote, in panels: nothing of it runs, loads, opens, or breaks the page."""

import re

import pytest
from playwright.sync_api import expect

from tests.ui.panels import content
from tests.ui.panels.cell import InCell
from tests.ui.panels.conftest import NARROW, WIDE

pytestmark = pytest.mark.slow  # one text goes through a model, by torch
TRAP = "() => { window.hfnbRan = false; window.hfnbHacked = () => { window.hfnbRan = true; }; }"
CONTROL = "from IPython.display import HTML\nHTML('<img src=x onerror=hfnbHacked()>')"
NAME = "<img src=x onerror=hfnbHacked()>"
CELLS = [
    "%hf panel models",
    "%hf panel spaces",
    "%hf panel inference",
    CONTROL,
    f"%hf infer hello -m 'odd/{NAME}'",
    "%hf panel datasets",
]
FOREIGN = "script, iframe, object, embed, form, link, meta, base, video, audio, mjx-container, img, svg:not(.hfnb-icon)"
POKE = """element => element.querySelectorAll('.hfnb-foreign *').forEach(one => {
  for (const kind of ['mouseover', 'focus', 'toggle', 'animationstart', 'pointerdown', 'keydown'])
    one.dispatchEvent(new Event(kind, {bubbles: true}));
})"""
# Words that stick out of the panel, or are cut off where nothing says so and nothing scrolls.
CUT = """panel => {
  const cut = [];
  const words = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const text = words.currentNode;
    const range = document.createRange();
    range.selectNodeContents(text);
    const { right, width } = range.getBoundingClientRect();
    if (!text.data.trim() || !width) continue;
    for (let at = text.parentElement; at !== panel.parentElement; at = at.parentElement) {
      const { overflowX, textOverflow, webkitLineClamp, clipPath } = getComputedStyle(at);
      if (['auto', 'scroll'].includes(overflowX) || textOverflow === 'ellipsis' || at.matches('.hfnb-unseen')) break;
      if (webkitLineClamp !== 'none' || clipPath !== 'none') break; // an icon's word
      if ((overflowX !== 'visible' || at === panel) && right > at.getBoundingClientRect().right + 1) {
        cut.push(text.data.slice(0, 80));
        break;
      }
    }
  }
  const fixed = [...panel.querySelectorAll('.hfnb-foreign *')]
    .filter(one => ['fixed', 'sticky'].includes(getComputedStyle(one).position))
    .map(one => one.outerHTML.slice(0, 80));
  const wide = panel.scrollWidth > panel.clientWidth + 1 ? ['the panel is wider than its place'] : [];
  return [...cut, ...fixed, ...wide];
}"""


@pytest.fixture(scope="module")
def nb(opened):
    notebook = opened("hostile.ipynb", *CELLS)
    for cell in (1, 2, 3):
        notebook.run(cell)
    return notebook


@pytest.fixture
def quiet(nb):
    """The trap is set; afterwards nothing has fallen into it."""
    page = nb.page
    asked: list[str] = []
    dialogs: list[str] = []
    windows: list[str] = []

    def answered(dialog):
        dialogs.append(dialog.message)
        dialog.dismiss()

    listens = {
        "request": lambda request: asked.append(request.url),
        "dialog": answered,
        "popup": lambda window: windows.append(window.url),
    }
    for event, listen in listens.items():
        page.on(event, listen)
    page.evaluate(TRAP)
    yield
    page.wait_for_timeout(200)  # what would run, would have
    for event, listen in listens.items():
        page.remove_listener(event, listen)
    page.set_viewport_size({"width": WIDE, "height": 1000})
    assert page.evaluate("() => window.hfnbRan") is False
    assert [url for url in asked if ":9/" in url or "/leak" in url or url.endswith("/x")] == []
    assert (dialogs, windows) == ([], [])


def looks_whole(panel, *, at=(WIDE, NARROW)):
    """Nothing sticks out, in a wide panel and in a narrow one."""
    for width in at:
        panel.nb.page.set_viewport_size({"width": width, "height": 1000})
        assert panel.frame.evaluate(CUT) == [], f"{width} wide"
        panel.nb.screenshot(f"panels-hostile-{panel.name}-{width}")
    panel.nb.page.set_viewport_size({"width": WIDE, "height": 1000})


def test_a_card_and_names_of_files(nb, quiet):
    panel = InCell(nb, "models", 1)
    panel.search.fill("odd")
    panel.search.press("Enter")
    expect(panel.row(content.LONG)).to_be_visible()
    looks_whole(panel)
    panel.head("odd/hostile").click()
    card = panel.drawer.locator(".hfnb-prose")
    expect(card).to_contain_text("Hostile")
    for summary in panel.drawer.locator("summary").locator("visible=true").all():
        summary.click()
    expect(panel.drawer).to_contain_text(content.FILE)
    panel.here.evaluate(POKE)
    assert panel.drawer.locator(f".hfnb-prose :is({FOREIGN})").count() == 0
    assert panel.drawer.locator(".hfnb-prose :is([id], [name], [onclick], [onerror])").count() == 0
    looks_whole(panel)
    panel.drawer.locator("h3").press("Escape")
    panel.head(content.LONG).click()
    expect(panel.drawer.locator(".hfnb-prose")).to_contain_text("Hostile")
    looks_whole(panel)
    panel.drawer.locator("h3").press("Escape")


def test_a_title_a_log_and_a_card_of_a_space(nb, quiet):
    panel = InCell(nb, "spaces", 2)
    expect(panel.row("odd/trap")).to_contain_text("<img src=x onerror=")
    looks_whole(panel)
    panel.head("odd/trap").click()
    expect(panel.drawer).to_contain_text("Traceback: <script>")
    expect(panel.drawer.locator(".hfnb-prose")).to_be_visible()
    panel.here.evaluate(POKE)
    assert panel.drawer.locator(f".hfnb-prose :is({FOREIGN})").count() == 0
    looks_whole(panel)
    panel.drawer.locator("h3").press("Escape")


def test_a_title_a_card_and_names_of_files_of_a_dataset(nb, quiet):
    nb.run(6)
    panel = InCell(nb, "datasets", 6)
    panel.search.fill("odd")
    panel.search.press("Enter")
    for id in ("odd/hostile", content.LONG):
        expect(panel.row(id)).to_be_visible()
        looks_whole(panel)
        panel.head(id).click()
        expect(panel.drawer.locator(".hfnb-prose")).to_contain_text("Hostile")
        expect(panel.drawer).to_contain_text(content.FILE)
        for summary in panel.drawer.locator("summary").locator("visible=true").all():
            summary.click()
        panel.here.evaluate(POKE)
        assert panel.drawer.locator(f".hfnb-prose :is({FOREIGN})").count() == 0
        assert panel.drawer.locator(".hfnb-prose :is([id], [name], [onclick], [onerror])").count() == 0
        looks_whole(panel)
        panel.drawer.get_by_role("button", name="Explore").click()
        expect(panel.here.locator("[data-hfnb-cell='0 0']")).to_have_text("mint")
        looks_whole(Explored(nb, "datasets", 6))
        panel.here.get_by_role("button", name="Back to the datasets").click()
        expect(panel.drawer.get_by_role("button", name="Explore")).to_be_focused()
        panel.drawer.locator("h3").press("Escape")


class Explored(InCell):
    """Its frame is the second one, under the way back."""

    def __init__(self, *where):
        super().__init__(*where)
        self.frame = self.frame.nth(1)
        self.name = "explored"


def test_what_a_model_says(nb, quiet):
    panel = InCell(nb, "models", 1)
    panel.search.fill("ner-en")
    panel.search.press("Enter")
    panel.button("Try hfnb-demo/ner-en").click()
    box = panel.drawer.get_by_label("Input")
    box.fill(f"{NAME} Maria Keller </mark><script>hfnbHacked()</script> lives in Geneva. " + "w" * 300)
    panel.drawer.get_by_role("button", name="Run", exact=True).click()
    result = panel.drawer.locator(".hfnb-result")
    expect(result.locator("mark").first).to_be_visible(timeout=60_000)
    expect(result).to_contain_text("<script>hfnbHacked()</script>")
    assert result.locator(f":is({FOREIGN})").count() == 0
    panel.here.evaluate(POKE)
    looks_whole(panel)
    panel.drawer.locator("h3").press("Escape")


def test_a_job_of_a_hostile_name(nb, quiet):
    panel = InCell(nb, "inference", 3)
    nb.run(5, may_fail=True)
    job = panel.here.locator(".hfnb-job[data-state=failed]")
    expect(job).to_contain_text(NAME)
    panel.here.get_by_role("button", name=re.compile("^Failed")).click()
    looks_whole(panel)


def test_the_trap_of_these_tests_works(nb):
    nb.page.evaluate(TRAP)
    nb.run(4, may_fail=True)
    nb.page.wait_for_function("() => window.hfnbRan")
