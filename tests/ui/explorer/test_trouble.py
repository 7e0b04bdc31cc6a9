"""An explorer when things go wrong around it, and when little must be moved: kernels, tabs, saved files, the Hub."""

import re
import subprocess
import sys

import nbformat
import pytest
from playwright.sync_api import expect

from tests.ui.explorer.sheet import Sheet
from tests.ui.notebook import Notebook
from tests.ui.panels.axe import violations
from tests.ui.panels.cell import knows

pytestmark = pytest.mark.slow
LOAD, MAKE, SHOW, WORK, SHOW_JOURNEYS, SHOW_BIG, SHOW_LATE = range(7)
N = 200_000
TABLE = f"import pandas as pd\nrows = pd.DataFrame({{'id': range({N}), 'name': [f'row {{at}}' for at in range({N})]}})"
LOOP = "import pathlib\nwhile not pathlib.Path('go').exists():\n    sum(range(10_000))"
CELLS = [
    TABLE,
    "%hf explore $rows",
    LOOP,
    "%hf explore hfnb-lab/journeys",
    "%hf explore hfnb-lab/big-table",
    "%hf explore hfnb-demo/digits",
]
BUSY = re.compile(r"\| Busy")
BIG = 5_000_000
FARE = 4  # of the journeys
IMPATIENT = "%env HF_NB_READ_TIMEOUT=3\n"


@pytest.fixture(scope="module")
def nb(opened):
    return opened("around.ipynb", *CELLS, first=IMPATIENT)


_PICTURE = """index => window.jupyterapp.shell.currentWidget.content.widgets[index]
  .outputArea.model.toJSON().map(one => String(one.data?.['text/html'])).join('')"""


def _picture(nb):
    """What a saved notebook would show of it now."""
    return nb.page.evaluate(_PICTURE, SHOW_LATE)


def shown(nb, cell):
    nb.run(cell)
    sheet = Sheet(nb, cell)
    expect(sheet.cell(0, 0)).to_have_text("0")
    sheet.here.scroll_into_view_if_needed()
    return sheet


def jump(sheet, share, rows):
    """To a share of the way; the first row in sight, once its number is there."""
    sheet.scroll(share)
    expect(sheet.foot).to_have_text(re.compile(rf"rows (?!0–)[\d,]+–[\d,]+ of {rows:,}"))
    at = sheet.first_in_sight()
    expect(sheet.cell(at, 0)).to_have_text(str(at), timeout=30_000)
    return at


def test_the_page_answers_beside_a_running_loop(lab, nb):
    nb.run(MAKE)
    sheet = shown(nb, SHOW)
    nb.begin(WORK)
    try:
        expect(nb.page.locator("#jp-main-statusbar")).to_contain_text(BUSY)
        jump(sheet, 0.5, N)
        sheet.search.fill("row 19999")
        sheet.search.press("Enter")
        sheet.says("12 found · all rows")
        assert sheet.column(0, range(3)) == ["19999", "119999", "199990"]
        assert nb.count(WORK) is None  # it is still at work
    finally:
        (lab.folder / "go").touch()
    nb.wait_idle()
    sheet.clear()


def test_two_tabs_do_not_disturb_each_other(lab, nb):
    sheet = Sheet(nb, SHOW)
    sheet.clear()
    second = nb.page.context.new_page()
    second.goto(lab.address("around.ipynb"))
    other = Notebook(second, "around.ipynb")
    other.panel.wait_for()
    other.wait_splash_gone()
    theirs = shown(other, SHOW)
    theirs.search.fill("777")
    theirs.search.press("Enter")
    found = f"{sum('777' in str(at) for at in range(N)):,} found · all rows"
    theirs.says(found)
    jump(sheet, 0.7, N)
    sheet.sort(0)
    sheet.sort(0)
    expect(sheet.cell(0, 0)).to_have_text(str(N - 1))
    theirs.says(found)
    expect(theirs.cell(0, 0)).to_have_text("777")
    second.close()
    expect(sheet.cell(0, 0)).to_have_text(str(N - 1))
    sheet.clear()


def test_a_long_remote_table_is_looked_at_anywhere_without_being_fetched(nb, hub):
    sheet = shown(nb, SHOW_BIG)
    sheet.says(f"of {BIG:,}")
    sheet.settled()
    first = sheet.moved()
    assert 0 < first < 30_000_000
    at = jump(sheet, 0.5, BIG)
    assert at == pytest.approx(BIG / 2, rel=0.02)
    sheet.settled()
    assert first < sheet.moved() < first + 30_000_000
    expect(sheet.foot).to_contain_text("moved")
    nb.screenshot("explorer-remote")
    sheet.scroll(0)


def test_what_costs_much_is_asked_and_read_only_where_it_is_allowed(nb, hub):
    sheet = Sheet(nb, SHOW_BIG)
    sheet.settled()
    sheet.sort(3)
    expect(sheet.question).to_contain_text(re.compile(r"Showing these rows reads about [0-9.]+ MB"))
    assert violations(sheet.here) == []
    nb.screenshot("explorer-question")
    before = sheet.moved()
    sheet.question.get_by_role("button", name="Not now").click()
    expect(sheet.question).to_have_count(0)
    sheet.says("some rows not read")
    nb.screenshot("explorer-refused")
    assert sheet.moved() == before
    sheet.foot.get_by_role("button", name="Read them").click()
    sheet.question.get_by_role("button", name="Read", exact=True).click()
    expect(sheet.cell(0, 3)).to_have_text(re.compile(r"^-\d"), timeout=60_000)
    expect(sheet.question).to_have_count(0)
    lowest = [float(text.rstrip("…")) for text in sheet.column(3, range(5))]
    assert lowest == sorted(lowest)
    assert lowest[0] < -4  # of five million drawn from a normal distribution
    assert sheet.moved() > before
    sheet.clear()


def test_a_search_is_stopped_and_goes_on(nb, hub):
    sheet = shown(nb, SHOW_JOURNEYS)
    sheet.settled()
    sheet.menu(FARE)
    low = sheet.here.get_by_label("fare from")
    with hub.fault("slow", origin="cdn", seconds=3):
        low.fill("9")
        low.press("Enter")
        stop = sheet.foot.get_by_role("button", name="Stop scanning")
        stop.click()
        expect(stop).to_have_count(0)
    sheet.says("found so far")
    nb.screenshot("explorer-stopped")
    nb.page.keyboard.press("Escape")
    sheet.foot.get_by_role("button", name="Scan all").click()
    sheet.says(re.compile(r"found · all rows"))
    assert all(float(text) >= 9 for text in sheet.column(FARE, range(5)))
    sheet.clear()


@pytest.mark.parametrize(("kind", "how"), [("status", {"status": 503}), ("stall", {}), ("cut", {})])
def test_each_trouble_of_the_hub_is_told_and_tried_again(nb, hub, kind, how):
    sheet = Sheet(nb, SHOW_JOURNEYS)
    sheet.here.scroll_into_view_if_needed()
    sheet.clear()
    share = {"status": 0.2, "stall": 0.4, "cut": 0.6}[kind]
    sheet.settled()
    with hub.fault(kind, origin="cdn", **how):
        sheet.scroll(share)
        expect(sheet.failed).to_be_visible(timeout=60_000)
        expect(sheet.failed.locator(".hfnb-soft")).not_to_be_empty()
        assert violations(sheet.here) == []
        nb.screenshot(f"explorer-trouble-{kind}")
    at = sheet.first_in_sight()
    sheet.failed.get_by_role("button", name="Try again").click()
    expect(sheet.cell(at, 0)).to_have_text(str(at), timeout=30_000)
    expect(sheet.failed).to_have_count(0)


def test_a_slow_table_is_saved_with_its_rows_once_they_have_come(lab, nb, hub):
    sheet = Sheet(nb, SHOW_LATE)
    with hub.fault("latency", match="/api/*", seconds=60):
        nb.run(SHOW_LATE)
        expect(sheet.here).to_be_visible()
        assert "was still being opened" in _picture(nb)
    expect(sheet.cell(0, 1)).not_to_have_text("")
    nb.page.wait_for_function(
        f"index => ({_PICTURE})(index).includes('digits · default · train')", arg=SHOW_LATE
    )
    expect(nb.output(SHOW_LATE).locator("[data-hfnb-panel=explorer]")).to_have_count(1)
    sheet.scroll(1)
    expect(sheet.foot).to_contain_text(re.compile(r"rows [1-9]"))
    nb.save()
    kept = nbformat.read(lab.folder / "around.ipynb", as_version=4)
    data = [one["data"] for one in kept.cells[SHOW_LATE].outputs]
    assert ["<table" in one["text/html"] for one in data] == [True]


def test_saved_with_its_first_rows_and_readable_without_a_kernel(lab, nb, chromium):
    nb.save()
    expect(nb.page.locator(".lm-TabBar-tab.jp-mod-dirty")).to_have_count(0)
    kept = nbformat.read(lab.folder / "around.ipynb", as_version=4)
    words = ("row 9", f"{N:,} rows")
    data = kept.cells[SHOW].outputs[-1]["data"]
    assert len(data["text/html"].encode()) <= 20_000
    missing = [word for word in words if word not in data["text/html"] or word not in data["text/plain"]]
    assert missing == [], data["text/plain"]
    assert "127.0.0.1" not in data["text/html"] + data["text/plain"]
    kept.metadata.pop("widgets", None)
    nbformat.write(kept, lab.folder / "plain.ipynb")
    told = [sys.executable, "-m", "nbconvert", "--to", "html", "plain.ipynb"]
    subprocess.run(told, cwd=lab.folder, check=True, capture_output=True)
    away = chromium.new_context(offline=True)
    page = away.new_page()
    page.goto((lab.folder / "plain.html").as_uri())
    expect(page.locator(".jp-OutputArea-output", has_text="row 9").first).to_be_visible()
    away.close()


def test_after_a_restart_it_says_what_to_do_and_keeps_its_place(nb):
    sheet = Sheet(nb, SHOW)
    sheet.here.scroll_into_view_if_needed()
    sheet.clear()
    at = jump(sheet, 0.5, N)
    nb.restart()
    expect(sheet.strip).to_contain_text("The kernel was restarted")
    assert violations(sheet.here) == []
    sheet.here.scroll_into_view_if_needed()
    nb.screenshot("explorer-restarted")
    assert sheet.first_in_sight() == at
    expect(sheet.cell(at, 0)).to_have_text(str(at))
    nb.run(LOAD)
    nb.run(MAKE)
    again = shown(nb, SHOW)
    jump(again, 0.3, N)
    assert knows(nb, "len(rows)") == N
