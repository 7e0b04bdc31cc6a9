"""Ten million rows without a mouse: from the cell above into the panel, through all of it, and out again."""

import re

import pytest
from playwright.sync_api import expect

from tests.ui.explorer.focus import Focus
from tests.ui.explorer.sheet import Sheet
from tests.ui.explorer.test_many_rows import COLUMNS, ID, KIND, MANY, NOTE, SCORE, N
from tests.ui.panels.axe import violations
from tests.ui.panels.cell import knows
from tests.ui.panels.hands import Keyboard

pytestmark = pytest.mark.slow
SHOW, BELOW = 2, 3
COUNT = "SELECT count(*) AS n{} FROM t"
STOP = "() => document.activeElement.dataset.hfnbCell ?? document.activeElement.outerHTML"
LETTERS = ("d", "d", "a", "b", "x", "z", "m", "y", "c", "v", "0", "0", "i", "i", "j", "k", "l", "o", "s")


@pytest.fixture(scope="module")
def nb(opened):
    notebook = opened("keys.ipynb", MANY, "%hf explore $many", "below = 1")
    notebook.run(1)
    notebook.run(2)
    return notebook


@pytest.fixture
def sheet(nb):
    """As it stands, the keys in the cell above it."""
    sheet = Sheet(nb, SHOW)
    expect(sheet.cell(0, ID)).to_be_visible()
    sheet.summed(COLUMNS)
    yield sheet
    nb.page.keyboard.press("Escape")
    sheet.clear()


@pytest.fixture
def focus(nb, sheet):
    """In the grid, reached from the cell above by Tab alone."""
    nb.cell(1).locator(".cm-content").focus()
    nb.page.keyboard.press("Escape")
    Keyboard(nb.page).enter(sheet.here)
    focus = Focus(sheet)
    into_the_grid(focus)
    return focus


def into_the_grid(focus):
    """By the search box."""
    focus.press("/")
    focus.on(focus.sheet.search, "textbox")
    focus.press("ArrowDown")
    focus.on(focus.sheet.grid.locator("[data-hfnb-cell][tabindex='0']"))
    focus.press("Control+Home")
    focus.on(focus.sheet.cell(0, ID), "gridcell")


def heading(focus, column):
    """From the first row up to a column's name."""
    focus.press("Control+Home", "ArrowUp")
    for _ in range(column):
        focus.press("ArrowRight")
    return focus.on(focus.sheet.heading(column), "columnheader")


def chosen(focus, button, *, back=False):
    """A button of the panel, reached by Tab and pressed."""
    focus.tab(button, "button", back=back)
    focus.press("Enter")


def test_tab_goes_through_it_from_the_cell_above_to_the_cell_below(nb, sheet, focus):
    page, inside = nb.page, "panel => panel.contains(document.activeElement)"
    way: list[str] = []
    panel = sheet.here.element_handle()
    nb.cell(1).locator(".cm-content").focus()
    page.keyboard.press("Escape")
    Keyboard(page).enter(sheet.here)
    while panel.evaluate(inside):
        assert len(way) < 30, way
        way.append(page.evaluate(STOP))
        page.keyboard.press("Tab")
    assert way.count("0 0") == 1, way  # one stop in ten million rows
    assert len(way) < 15, way
    assert page.evaluate("() => document.activeElement !== document.body")
    page.keyboard.press("Shift+Tab")
    assert panel.evaluate(inside), "and back again"
    assert violations(sheet.here) == []


def test_the_keys_of_the_notebook_do_nothing_meanwhile(nb, sheet, focus):
    for key in (*LETTERS, "Shift+M", "Control+Shift+Minus"):
        focus.press(key)
    focus.on(sheet.cell(0, ID))
    expect(sheet.drawer).to_have_count(0)
    heading(focus, KIND)
    focus.press(*LETTERS)
    focus.on(sheet.heading(KIND))
    focus.press("F2")
    focus.press(*LETTERS)
    focus.press("Escape")
    focus.on(sheet.heading(KIND))
    assert knows(nb, "len(many)") == N


def test_every_row_is_reached_by_keys(nb, sheet, focus):
    expect(sheet.grid).to_have_attribute("aria-rowcount", str(N + 1))
    expect(sheet.grid).to_have_attribute("aria-colcount", str(COLUMNS + 1))
    expect(sheet.grid).to_have_accessible_name(re.compile("many"))
    focus.press("ArrowDown", "ArrowDown", "ArrowRight")
    focus.on(sheet.cell(2, SCORE), "gridcell")
    expect(sheet.cell(2, SCORE)).to_have_attribute("aria-colindex", str(SCORE + 2))
    expect(sheet.cell(2, SCORE).locator("xpath=..")).to_have_attribute("aria-rowindex", "4")
    focus.press("End")
    focus.on(sheet.cell(2, NOTE))
    focus.press("Home")
    focus.on(sheet.cell(2, -1), "rowheader")
    focus.press("ArrowRight", "PageDown")
    at = int(sheet.grid.locator("[data-hfnb-cell]:focus").get_attribute("data-hfnb-cell").split()[0])
    assert at > 5
    focus.on(sheet.cell(at, ID))
    focus.press("PageUp")
    focus.on(sheet.cell(2, ID))
    focus.press("Control+End")
    focus.on(sheet.cell(N - 1, NOTE))
    expect(sheet.cell(N - 1, NOTE)).to_have_text("a needle")
    focus.press("ArrowDown", "ArrowRight", "PageDown")  # there is nothing beyond
    focus.on(sheet.cell(N - 1, NOTE))
    focus.press("ArrowUp", "Home", "ArrowRight")
    expect(focus.on(sheet.cell(N - 2, ID))).to_have_text(str(N - 2))
    assert violations(sheet.here) == []
    focus.press("Control+Home")
    focus.on(sheet.cell(0, ID))


def test_rows_are_found_and_what_was_found_is_said(nb, sheet, focus):
    focus.press("/")
    focus.on(sheet.search)
    focus.type("needle")
    focus.press("Enter")
    focus.on(sheet.search)
    sheet.says("4 found · all rows")
    expect(sheet.heard).to_have_text("4 rows found.")
    expect(sheet.grid).to_have_attribute("aria-rowcount", "5")
    focus.press("ArrowDown")
    focus.on(sheet.cell(0, ID), "gridcell")
    focus.press("Control+End")
    expect(focus.on(sheet.cell(3, NOTE))).to_have_text("a needle")
    assert violations(sheet.here) == []
    focus.press("/")
    focus.type("no such thing")
    focus.press("Enter")
    expect(sheet.here).to_contain_text("No row fits.")
    expect(sheet.heard).to_have_text("0 rows found.")
    chosen(focus, sheet.button("Show all rows"))
    expect(sheet.here).not_to_contain_text("No row fits.")
    focus.unmoved("Show all rows")
    focus.press("/")
    focus.type("needle")
    focus.press("Enter")
    sheet.says("4 found")
    chosen(focus, sheet.chips.get_by_role("button", name=re.compile("^Remove")))
    expect(sheet.chips).to_have_count(0)
    focus.unmoved("a filter taken off")
    focus.press("/", "Escape")
    focus.on(sheet.search)


def test_an_order_is_asked_for_at_a_name(nb, sheet, focus):
    name = heading(focus, SCORE)
    expect(name).to_have_attribute("aria-sort", "none")
    focus.press("Enter")
    focus.on(name)
    expect(name).to_have_attribute("aria-sort", "ascending")
    expect(sheet.cell(0, ID)).to_have_text(str(knows(nb, "int(many.score.idxmin())")), timeout=20_000)
    expect(sheet.heard).to_have_text(re.compile("Sorted by score, ascending"))
    focus.press("Space")
    expect(name).to_have_attribute("aria-sort", "descending")
    expect(name).to_have_accessible_name(re.compile("^score, .*descending$"))
    expect(sheet.cell(0, ID)).to_have_text(str(knows(nb, "int(many.score.idxmax())")), timeout=20_000)
    expect(sheet.heard).to_have_text(re.compile("Sorted by score, descending"))
    assert violations(sheet.here) == []
    focus.press("Enter")
    expect(name).to_have_attribute("aria-sort", "none")
    expect(sheet.cell(0, ID)).to_have_text("0")
    focus.on(name)


def test_a_column_is_made_wider_moved_and_filtered(nb, sheet, focus):
    name = heading(focus, SCORE)
    wide = name.bounding_box()["width"]
    focus.press("Shift+ArrowRight", "Shift+ArrowRight")
    assert name.bounding_box()["width"] == pytest.approx(wide + 32, abs=1)
    focus.press("Shift+ArrowLeft", "Shift+ArrowLeft")
    focus.press("Control+Shift+ArrowLeft")
    expect(name).to_have_attribute("aria-colindex", "2")
    focus.on(name)
    focus.press("Control+Shift+ArrowRight")
    expect(name).to_have_attribute("aria-colindex", "3")
    focus.on(name)

    focus.press("Alt+ArrowDown")
    menu = sheet.here.get_by_role("dialog", name="Column score")
    focus.on(menu.get_by_label("score from"), "textbox")
    assert violations(sheet.here) == []
    focus.type("80")
    focus.press("Enter")
    sheet.says(f"{knows(nb, 'int((many.score >= 80).sum())'):,} found · all rows")
    focus.on(menu.get_by_label("score from"))
    chosen(focus, menu.get_by_role("button", name="Clear"))
    expect(sheet.chips).to_have_count(0)
    focus.on(menu, "dialog")
    expect(menu.get_by_label("score from")).to_have_value("")
    for press, changed in (("Narrower", -32), ("Wider", 0)):
        chosen(focus, menu.get_by_role("button", name=press))
        assert name.bounding_box()["width"] == pytest.approx(wide + changed, abs=1)
    chosen(focus, menu.get_by_role("button", name="Move left"), back=True)
    expect(name).to_have_attribute("aria-colindex", "2")
    chosen(focus, menu.get_by_role("button", name="Move right"))
    expect(name).to_have_attribute("aria-colindex", "3")
    focus.press("Escape")
    expect(menu).to_have_count(0)
    focus.on(name)


def test_a_column_is_pinned_hidden_and_shown_again(nb, sheet, focus):
    name = heading(focus, SCORE)
    menu = sheet.here.get_by_role("dialog", name="Column score")
    focus.press("Alt+ArrowDown")
    chosen(focus, menu.get_by_role("button", name="Pin"))
    expect(name).to_have_class(re.compile("hfnb-pinned"))
    focus.on(name)
    focus.press("Alt+ArrowDown")
    chosen(focus, menu.get_by_role("button", name="Unpin"))
    expect(name).not_to_have_class(re.compile("hfnb-pinned"))
    focus.on(name)

    focus.press("Alt+ArrowDown")
    chosen(focus, menu.get_by_role("button", name="Hide"))
    expect(name).to_have_count(0)
    expect(sheet.grid).to_have_attribute("aria-colcount", str(COLUMNS))
    focus.unmoved("Hide")
    shown = sheet.here.get_by_role("button", name=re.compile(r"^Columns \(3 of 4\)"))
    chosen(focus, shown, back=True)
    box = sheet.here.get_by_role("dialog", name="Columns")
    focus.on(box.get_by_label("Find a column"), "textbox")
    focus.type("sco")
    focus.tab(box.get_by_role("checkbox"), "checkbox")
    focus.press("Space")
    expect(name).to_be_visible()
    assert violations(sheet.here) == []
    focus.press("Escape")
    focus.on(sheet.button("Columns"))


def test_bars_are_chosen_by_keys(nb, sheet, focus):
    bars = sheet.counts(SCORE)
    name = heading(focus, SCORE)
    focus.press("F2")
    box = focus.on(sheet.bars(SCORE), "listbox")
    expect(box).to_have_accessible_name("Ranges of score")
    options = box.get_by_role("option")
    focus.press("Home", "ArrowRight", "ArrowRight", "Shift+ArrowRight")
    active = box.get_attribute("aria-activedescendant")
    assert options.nth(3).get_attribute("id") == active
    assert [options.nth(at).get_attribute("aria-selected") for at in range(5)] == [
        "false",
        "false",
        "true",
        "true",
        "false",
    ]
    focus.press("Enter")
    rows = bars[2][1] + bars[3][1]
    sheet.says(f"{rows:,} found · all rows")
    expect(sheet.chips).to_contain_text("score from")
    expect(sheet.heard).to_have_text(f"{rows:,} rows found.")
    focus.on(sheet.bars(SCORE))
    assert violations(sheet.here) == []
    focus.press("Delete")
    expect(sheet.chips).to_have_count(0)
    focus.press("Escape")
    focus.on(name)

    focus.press("ArrowRight", "F2")
    focus.on(sheet.bars(KIND), "listbox")
    focus.press("ArrowDown", "Space")
    expect(sheet.chips).to_contain_text("kind is")
    said = re.search(r"kind is (\w+)", sheet.chips.inner_text())
    assert said
    kind = said[1]
    sheet.says(f"{knows(nb, f'int((many.kind == {kind!r}).sum())'):,} found · all rows")
    focus.on(sheet.bars(KIND))
    expect(sheet.bars(KIND).get_by_role("option", selected=True)).to_have_count(1)
    focus.press("Delete", "F2")
    expect(sheet.chips).to_have_count(0)
    focus.on(sheet.heading(KIND))


def test_rows_are_opened_selected_and_left(nb, sheet, focus):
    focus.press("ArrowDown", "ArrowRight", "Enter")
    title = sheet.drawer.locator("h3")
    focus.on(title, seen=False)
    expect(title).to_contain_text("Row 1 of 10,000,000")
    expect(sheet.drawer).to_contain_text(str(knows(nb, "repr(float(many.score[1]))")))
    chosen(focus, sheet.drawer.get_by_role("button", name="Row after"))
    expect(title).to_contain_text("Row 2 of 10,000,000")
    focus.press("Enter")
    expect(title).to_contain_text("Row 3 of 10,000,000")
    expect(sheet.drawer).to_contain_text(str(knows(nb, "repr(float(many.score[3]))")))
    chosen(focus, sheet.drawer.get_by_role("button", name="Row before"), back=True)
    expect(title).to_contain_text("Row 2 of 10,000,000")
    assert violations(sheet.here) == []
    focus.press("Escape")
    expect(sheet.drawer).to_have_count(0)
    focus.on(sheet.cell(1, SCORE))

    focus.press("Space", "Shift+ArrowDown", "Shift+ArrowDown")
    focus.on(sheet.cell(3, SCORE))
    sheet.says("3 selected")
    for row, picked in ((0, "false"), (1, "true"), (3, "true"), (4, "false")):
        expect(sheet.cell(row, SCORE).locator("xpath=..")).to_have_attribute("aria-selected", picked)
    focus.press("Escape")
    expect(sheet.foot).not_to_contain_text("selected")
    focus.press("Control+a")
    sheet.says(f"{N:,} selected")
    chosen(focus, sheet.foot.get_by_role("button", name="Clear"))
    expect(sheet.foot).not_to_contain_text("selected")
    focus.unmoved("Clear")


def test_a_query_is_written_run_found_again_and_left(nb, sheet, focus):
    chosen(focus, sheet.button("SQL"), back=True)
    box = sheet.here.get_by_role("textbox", name=re.compile("^A query"))
    focus.on(box, "textbox")
    for number in (1, 2):
        focus.press("Control+a", "Delete")
        focus.type(COUNT.format(number))
        focus.press("Control+Enter")
        expect(sheet.answered).to_contain_text(f"n{number}")
        expect(sheet.cell(0, 0)).to_have_text(str(N))
        focus.on(box)
    assert violations(sheet.here) == []
    focus.press("Control+a", "Delete")
    focus.press("ArrowUp")
    expect(box).to_have_value("SELECT count(*) AS n2 FROM t")
    focus.press("ArrowUp")
    expect(box).to_have_value("SELECT count(*) AS n1 FROM t")
    focus.press("ArrowDown")
    expect(box).to_have_value("SELECT count(*) AS n2 FROM t")
    focus.press("ArrowDown")
    expect(box).to_have_value("")
    focus.type("SELECT 1")
    focus.press("Escape")
    expect(box).to_have_count(0)
    focus.on(sheet.cell(0, 0), "gridcell")
    chosen(focus, sheet.button("Back to the table"), back=True)
    sheet.says(f"of {N:,}")
    focus.on(sheet.cell(0, ID), "gridcell")
    chosen(focus, sheet.button("SQL"), back=True)
    expect(box).to_have_value("SELECT 1")
    focus.on(box, "textbox")
    focus.press("Escape")
    expect(box).to_have_count(0)
    focus.on(sheet.cell(0, ID), "gridcell")


def test_what_is_seen_is_taken_along(nb, sheet, focus):
    focus.press("Space", "Shift+ArrowDown")
    chosen(focus, sheet.button("Take along"), back=True)
    box = sheet.here.get_by_role("dialog", name="Take along")
    name = focus.on(box.get_by_label("As a DataFrame"), "textbox")
    expect(name).to_have_value("df")
    focus.press("Control+a")
    focus.type("two")
    focus.press("Enter")
    expect(sheet.toasts.filter(has_text="two is in the notebook: 2 rows")).to_be_visible()
    assert knows(nb, "two.id.tolist()") == [0, 1]
    chosen(focus, box.get_by_role("button", name="Take", exact=True))
    focus.unmoved("Take")
    assert violations(sheet.here) == []
    focus.press("Escape")
    expect(box).to_have_count(0)
    focus.on(sheet.button("Take along"), "button")
    into_the_grid(focus)
    focus.press("Escape")
    expect(sheet.foot).not_to_contain_text("selected")


def test_the_list_of_keys_and_the_facts_come_and_go(nb, sheet, focus):
    focus.press("ArrowDown", "?")
    keys = sheet.here.get_by_role("dialog", name="Keys")
    expect(keys).to_contain_text("Ctrl Home")
    focus.on(keys.get_by_role("button", name="Close"), "button")
    assert violations(sheet.here) == []
    focus.press("Escape")
    expect(keys).to_have_count(0)
    focus.on(sheet.cell(1, ID))
    chosen(focus, sheet.here.locator(".hfnb-about > button"), back=True)
    facts = sheet.here.get_by_role("dialog", name="What this table is")
    expect(facts).to_contain_text(f"{N:,}")
    focus.unmoved("the facts")
    focus.press("Escape")
    expect(facts).to_have_count(0)
    focus.on(sheet.here.locator(".hfnb-about > button"))
