"""Ten million rows of a DataFrame: walked through, put in order, narrowed, asked, taken along; each against pandas."""

import re

import pytest
from playwright.sync_api import expect

from tests.ui.explorer.sheet import Sheet
from tests.ui.panels.axe import violations
from tests.ui.panels.cell import knows, says

pytestmark = pytest.mark.slow
N = 10_000_000
MANY = f"""
import numpy as np, pandas as pd
N, dice = {N}, np.random.default_rng(7)
rare = np.full(N, -1, 'i1')
rare[[5, 77, 4_000_000, N - 1]] = 0
many = pd.DataFrame({{
    'id': np.arange(N),
    'score': dice.normal(50, 10, N),
    'kind': pd.Categorical.from_codes(dice.integers(0, 4, N, dtype='i1'), ['red', 'green', 'blue', 'grey']),
    'note': pd.Categorical.from_codes(rare, ['a needle']),
}})"""
ID, SCORE, KIND, NOTE = range(4)
COLUMNS = 4
NODES = 3_000
QUERY = "SELECT kind, count(*) AS n FROM t GROUP BY kind ORDER BY kind"


@pytest.fixture(scope="module")
def nb(opened):
    notebook = opened("many.ipynb", MANY, "%hf explore $many")
    notebook.run(1)
    notebook.run(2)
    return notebook


@pytest.fixture
def sheet(nb):
    sheet = Sheet(nb, 2)
    yield sheet
    nb.page.keyboard.press("Escape")
    sheet.clear()


def narrow(sheet):
    """Rows with a score from 80 on, by a condition."""
    if not sheet.here.locator(".hfnb-ask").count():
        sheet.button("SQL").click()
    where = sheet.here.get_by_label("Rows where")
    where.fill("score >= 80")
    where.press("Enter")


def test_every_row_can_be_reached_and_the_page_stays_small(nb, sheet):
    page = nb.page
    assert sheet.column(ID, range(5)) == ["0", "1", "2", "3", "4"]
    sheet.says(f"of {N:,}")
    sheet.bar.hover()
    page.mouse.wheel(0, 3_000)
    expect(sheet.cell(0, ID)).to_have_count(0)
    near = sheet.first_in_sight()
    assert 50 < near < 200
    assert sheet.column(ID, range(near, near + 5)) == [str(row) for row in range(near, near + 5)]
    for share in (0.37, 0.81, 0.55):
        sheet.scroll(share)
        expect(sheet.foot).to_have_text(re.compile(f"rows {str(share)[2]}"))
        at = sheet.first_in_sight()
        assert at == pytest.approx(share * N, rel=0.01)
        assert sheet.column(ID, range(at, at + 5)) == [str(row) for row in range(at, at + 5)]
        assert sheet.nodes() <= NODES
    page.mouse.wheel(0, 300)  # a wheel goes by rows there too
    expect(sheet.foot).not_to_contain_text(f"rows {at:,}–")
    assert 1 <= sheet.first_in_sight() - at <= 15
    sheet.scroll(1)
    last = knows(nb, "[str(many.id.iloc[-1]), repr(float(many.score.iloc[-1])), str(many.kind.iloc[-1])]")
    said = [sheet.column(at, range(N - 3, N))[-1] for at in (ID, SCORE, KIND)]
    assert said[SCORE].endswith("…")  # as many digits as there is room for
    assert last[SCORE].startswith(said[SCORE].rstrip("…"))
    assert [said[0], said[2]] == [last[0], last[2]]
    sheet.cell(N - 2, ID).click()
    page.keyboard.press("Control+Home")
    expect(sheet.cell(0, ID)).to_be_focused()
    page.keyboard.press("Control+End")
    expect(sheet.cell(N - 1, NOTE)).to_be_focused()
    expect(sheet.cell(N - 1, NOTE)).to_have_text("a needle")
    assert sheet.nodes() <= NODES
    sheet.scroll(0)


def test_an_order_is_that_of_pandas(nb, sheet):
    for descending in (False, True):
        sheet.sort(SCORE)
        expect(sheet.heading(SCORE)).to_have_attribute("aria-sort", ("ascending", "descending")[descending])
        best = "nlargest" if descending else "nsmallest"
        wanted = [str(one) for one in knows(nb, f"many.score.{best}(8).index.tolist()")]
        expect(sheet.cell(0, ID)).to_have_text(wanted[0], timeout=20_000)
        assert sheet.column(ID, range(8)) == wanted
    sheet.scroll(1)
    worst = knows(nb, "int(many.score.idxmin())")
    expect(sheet.cell(N - 1, ID)).to_have_text(str(worst), timeout=20_000)
    sheet.sort(SCORE)
    expect(sheet.cell(0, ID)).to_have_text("0")


def test_drawing_over_bars_narrows_the_rows_and_the_other_bars_follow(nb, sheet):
    sheet.summed(COLUMNS)
    bars = sheet.counts(SCORE)
    first, last = 2, 3
    sheet.brush(SCORE, first, last, of=len(bars))
    low, high = bars[first][0].split(" to ")[0], bars[last][0].split(" to ")[1]
    expect(sheet.chips).to_contain_text(f"score from {low} up to {high}")
    rows = knows(nb, f"int(((many.score >= {low}) & (many.score < {high})).sum())")
    assert rows == bars[first][1] + bars[last][1]
    sheet.says(f"{rows:,} found · all rows")
    nth = f"many[(many.score >= {low}) & (many.score < {high})]"
    expect(sheet.cell(0, ID)).to_have_text(str(knows(nb, f"int({nth}.id.iloc[0])")))
    expect(sheet.bars(KIND)).not_to_contain_text("2.5 M")  # they were a quarter of all
    sheet.summed(COLUMNS)
    assert sum(count for _, count in sheet.counts(ID)) == rows
    assert sheet.bars(ID).locator(".hfnb-all").count() == len(sheet.counts(ID))  # what was left out is grey
    nb.screenshot("explorer-brushed")
    sheet.chips.get_by_role("button", name=re.compile("^Remove: score")).click()
    expect(sheet.chips).to_have_count(0)
    sheet.says(f"of {N:,}")


def test_a_search_finds_every_row(nb, sheet):
    sheet.search.fill("needle")
    sheet.search.press("Enter")
    sheet.says("4 found · all rows")
    assert sheet.column(ID, range(4)) == ["5", "77", "4000000", str(N - 1)]
    # each by its number in the table, as `many.iloc` counts
    assert [sheet.cell(row, -1).inner_text() for row in range(4)] == ["5", "77", "4,000,000", f"{N - 1:,}"]
    sheet.says("rows 0–3 of 4 in this view")
    sheet.search.fill("no such thing")
    sheet.search.press("Enter")
    expect(sheet.here).to_contain_text("No row fits.")
    nb.screenshot("explorer-nothing")
    sheet.button("Show all rows").click()
    expect(sheet.cell(0, ID)).to_have_text("0")
    expect(sheet.search).to_have_value("")


def test_a_value_is_chosen_by_a_click_on_its_bar(nb, sheet):
    sheet.summed(COLUMNS)
    value = sheet.bars(KIND).get_by_role("option").first
    name = value.inner_text().split()[0]
    value.click()
    expect(sheet.chips).to_contain_text(f"kind is {name}")
    count = knows(nb, f"int((many.kind == {name!r}).sum())")
    sheet.says(f"{count:,} found · all rows")


def test_a_query_is_answered_and_there_is_a_way_back(nb, sheet):
    narrow(sheet)
    count = knows(nb, "int((many.score >= 80).sum())")
    sheet.says(f"{count:,} found · all rows")
    sheet.clear()
    box = sheet.here.get_by_role("textbox", name=re.compile("^A query"))
    box.fill(QUERY)
    expect(sheet.here.locator(".hfnb-ask")).to_contain_text("Reads nothing more")
    box.press("Control+Enter")
    expect(sheet.answered).to_contain_text(QUERY)
    wanted = knows(nb, "[[k, str(n)] for k, n in many.kind.astype(str).value_counts().sort_index().items()]")
    sheet.says("rows 0–3 of 4")
    assert [[sheet.cell(row, at).inner_text() for at in (0, 1)] for row in range(4)] == wanted
    assert violations(sheet.here) == []
    nb.screenshot("explorer-answer")
    sheet.button("Back to the table").click()
    sheet.says(f"of {N:,}")
    box.fill("SELECT nothing FROM t")
    sheet.button("Run").click()
    expect(sheet.failed.first).to_contain_text("nothing")
    nb.screenshot("explorer-query-failed")
    box.fill("")
    sheet.button("SQL").click()


def test_what_is_seen_is_taken_along_as_a_frame_and_as_code_that_runs(nb, sheet):
    narrow(sheet)
    sheet.sort(SCORE)
    sheet.says("found · all rows")
    sheet.button("SQL").click()
    sheet.button("Take along").click()
    box = sheet.here.get_by_role("dialog", name="Take along")
    box.get_by_label("As a DataFrame").fill("taken")
    box.get_by_role("button", name="Take", exact=True).click()
    expect(sheet.toasts.filter(has_text="taken is in the notebook")).to_be_visible()
    says(nb, "wanted = many[many.score >= 80].sort_values('score').reset_index(drop=True)")
    assert knows(
        nb, "taken.id.tolist() == wanted.id.tolist() and taken.score.tolist() == wanted.score.tolist()"
    )
    assert knows(nb, "taken.kind.astype(str).tolist() == wanted.kind.astype(str).tolist()")
    kinds = box.get_by_role("group", name="Which code").get_by_role("button")
    expect(kinds.first).to_be_visible()
    ran = {}
    for kind in kinds.all():
        kind.click()
        box.get_by_role("button", name="Copy").click()
        code = nb.page.evaluate("() => navigator.clipboard.readText()")
        assert code == box.locator("pre").inner_text()
        name = kind.inner_text()
        ran[name] = (
            f"hf_nb.data.sql({code!r}, t=many, limit=N)" if name == "SQL" else code.partition("\n\n")[2]
        )
    assert {"Python", "SQL"} <= set(ran)
    for name, code in ran.items():
        says(nb, f"import hf_nb\ngot = ({code}).to_pandas()")
        assert knows(nb, "got.id.tolist() == wanted.id.tolist()"), (name, code)
    assert violations(sheet.here) == []


def test_selected_rows_alone_are_taken(nb, sheet):
    sheet.cell(2, -1).click()
    sheet.cell(6, -1).click(modifiers=["Shift"])
    sheet.says("5 selected")
    assert sheet.cell(4, ID).locator("xpath=..").get_attribute("aria-selected") == "true"
    sheet.button("Take along").click()
    box = sheet.here.get_by_role("dialog", name="Take along")
    box.get_by_role("button", name="5 rows selected").click()
    box.get_by_label("As a DataFrame").fill("few")
    box.get_by_role("button", name="Take", exact=True).click()
    expect(sheet.toasts.filter(has_text="few is in the notebook")).to_be_visible()
    assert knows(nb, "few.id.tolist()") == [2, 3, 4, 5, 6]
    nb.page.keyboard.press("Escape")
    sheet.foot.get_by_role("button", name="Clear").click()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_use_each_of_its_parts(nb, sheet, theme):
    nb.theme(theme)
    sheet.here.scroll_into_view_if_needed()
    shades = {}

    def looks(state, part):
        expect(part.first).to_be_visible()
        shades[state] = violations(sheet.here)
        nb.screenshot(f"explorer-{state}-{theme}")

    sheet.search.fill("needle")
    sheet.search.press("Enter")
    sheet.says("4 found")
    looks("chips", sheet.chips)
    looks("menu", sheet.menu(SCORE))
    nb.page.keyboard.press("Escape")
    sheet.button("Columns").click()
    looks("columns", sheet.here.get_by_role("dialog"))
    nb.page.keyboard.press("Escape")
    sheet.button("SQL").click()
    looks("console", sheet.here.locator(".hfnb-ask"))
    sheet.button("SQL").click()
    sheet.cell(0, NOTE).dblclick()
    expect(sheet.drawer).to_contain_text("a needle")
    looks("row", sheet.drawer)
    nb.page.set_viewport_size({"width": 430, "height": 1000})
    looks("row-narrow", sheet.drawer)
    sheet.drawer.locator("h3").press("Escape")
    looks("narrow", sheet.grid)
    nb.page.set_viewport_size({"width": 1280, "height": 1000})
    assert not any(shades.values()), shades
