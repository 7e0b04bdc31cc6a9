"""The Compare panel in a cell: models that answer side by side, blind votes by keyboard, many rows and a verdict."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from tests.ui.panels.axe import violations
from tests.ui.panels.cell import InCell, knows
from tests.ui.panels.conftest import NARROW, WIDE
from tests.ui.panels.paced import MARKUP, TOKENS, paced

pytestmark = pytest.mark.slow
TWO, FOUR, BLIND, ROWS, QUICK, SLOW, LONG = 2, 3, 4, 5, 6, 7, 8
FRAME = "rows = [f'number {at}' for at in range(12)]\n"
TRAP = "() => { window.hfnbRan = false; window.hfnbHacked = () => { window.hfnbRan = true; }; }"
# The browser's own frames while a block runs: gaps between them, and tasks that kept it from drawing.
_WATCH = """() => {
  const seen = { frames: [], long: [] };
  window.hfnbFrames = seen;
  const tick = now => { seen.frames.push(now); if (!seen.over) requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
  seen.observer = new PerformanceObserver(list => seen.long.push(...list.getEntries().map(one => one.duration)));
  seen.observer.observe({ entryTypes: ['longtask'] });
}"""
_SEEN = """() => {
  const seen = window.hfnbFrames;
  seen.over = true;
  seen.observer.disconnect();
  const gaps = seen.frames.slice(1).map((now, at) => now - seen.frames[at]).sort((a, b) => a - b);
  return { gaps, long: seen.long };
}"""


def box(*models: str, **options: object) -> str:
    who = [{"model": one, "provider": "box", "task": "chat"} for one in models]
    return f"hf_nb.panel('compare', contenders={who!r}, **{options!r})"


@pytest.fixture(scope="module")
def nb(opened):
    with paced() as address:
        setting = (
            f"from hf_nb.plumbing.session import current\ncurrent().settings.servers = {{'box': {address!r}}}"
        )
        notebook = opened(
            "compare.ipynb",
            f"import hf_nb\n{setting}\n{FRAME}",
            box("steady", "other", input="Tell me of the house."),
            box("patient", "refused", "quick", "markup", input="All of you."),
            box("quick", "clever", input="Hello", blind=True),
            f"{box('quick', 'clever')[:-1]}, inputs=rows)",
            box("steady", "other", "steady", "other", input="As quick as you can."),
            box("patient", "patient", input="Take your time."),
            box("long", "longer", input="All you know."),
        )
        notebook.run(1)
        yield notebook


@pytest.fixture
def wide(nb):
    yield
    nb.page.set_viewport_size({"width": WIDE, "height": 1000})


def shown(nb, cell):
    """The panel of a cell, run anew."""
    nb.run(cell)
    panel = InCell(nb, "compare", cell)
    expect(panel.frame).to_be_visible()
    panel.here.scroll_into_view_if_needed()
    return panel


def lanes(panel):
    return panel.here.locator(".hfnb-lane")


def run(panel):
    panel.button("Run").click()


def ended(panel):
    expect(panel.button("Run")).to_be_visible(timeout=60_000)


def test_two_write_side_by_side_and_their_differences_are_marked(nb, wide):
    panel = shown(nb, TWO)
    assert violations(panel.here) == []
    run(panel)
    first, second = lanes(panel).nth(0), lanes(panel).nth(1)
    expect(first).to_contain_text("the small house")
    expect(second).to_contain_text("the small barn")
    expect(panel.button("Stop")).to_be_visible()  # both write, and neither has ended
    expect(first).to_contain_text("tok/s")
    nb.screenshot("panels-compare-streaming")
    ended(panel)
    expect(first).to_contain_text(f"{TOKENS} tokens")
    marks = second.locator("mark")
    assert marks.count() > 10
    assert set(marks.all_inner_texts()) == {"barn"}
    assert set(first.locator("mark").all_inner_texts()) == {"house"}
    assert violations(panel.here) == []
    nb.screenshot("panels-compare-done")
    panel.tick("Differences").uncheck()
    expect(marks).to_have_count(0)
    panel.tick("Differences").check()
    expect(panel.heard).to_contain_text("has answered")
    expect(panel.here.locator(".hfnb-fold", has_text="The same in code")).to_be_visible()


def test_columns_scroll_as_one_until_they_should_not(nb, wide):
    panel = InCell(nb, "compare", TWO)
    boxes = panel.here.locator("[data-hfnb-scrolls]")
    top = "element => element.scrollTop"
    boxes.nth(0).evaluate("element => { element.scrollTop = 200; }")
    nb.page.wait_for_function("one => one.scrollTop > 150", arg=boxes.nth(1).element_handle())
    nb.page.wait_for_timeout(150)
    panel.tick("Scroll together").uncheck()
    before = boxes.nth(1).evaluate(top)
    boxes.nth(0).evaluate("element => { element.scrollTop = 0; }")
    nb.page.wait_for_timeout(150)
    assert boxes.nth(1).evaluate(top) == before
    panel.tick("Scroll together").check()


def test_one_that_fails_stays_in_its_column_and_markup_stays_text(nb, wide):
    panel = shown(nb, FOUR)
    nb.page.evaluate(TRAP)
    run(panel)
    failed = lanes(panel).nth(1)
    expect(failed).to_contain_text("does not accept the key")
    expect(failed).to_contain_text("HF_NB_KEY_BOX")
    expect(lanes(panel).nth(2)).to_contain_text("A quick answer.")
    expect(lanes(panel).nth(0)).to_contain_text("the small house")
    expect(panel.button("Stop A patient")).to_be_visible()  # which goes on
    panel.button("Stop A patient").click()
    expect(lanes(panel).nth(0)).to_contain_text("stopped")
    ended(panel)
    expect(lanes(panel).nth(3)).to_contain_text("<script>")
    assert MARKUP in lanes(panel).nth(3).locator(".hfnb-spoken").inner_text()
    assert nb.page.evaluate("() => window.hfnbRan") is False
    assert panel.here.locator("img").count() == 0
    assert violations(panel.here) == []
    nb.screenshot("panels-compare-four")


def test_one_is_stopped_and_the_other_goes_on(nb, wide):
    panel = shown(nb, SLOW)
    run(panel)
    first, second = lanes(panel).nth(0), lanes(panel).nth(1)
    expect(first).to_contain_text("the small house", timeout=30_000)
    expect(second).to_contain_text("the small house")
    panel.button("Stop A patient").click()
    expect(first).to_contain_text("stopped")
    kept = first.locator(".hfnb-spoken").inner_text()
    assert kept.startswith("the small")
    before = len(second.inner_text())
    nb.page.wait_for_function(f"one => one.innerText.length > {before + 20}", arg=second.element_handle())
    panel.button("Stop").click()
    ended(panel)
    expect(second).to_contain_text("stopped")
    assert first.locator(".hfnb-spoken").inner_text() == kept


def test_votes_are_blind_and_cast_by_keyboard_alone(nb, wide):
    panel = shown(nb, BLIND)
    press = nb.page.keyboard.press
    panel.here.locator(".hfnb-compare-prompt textarea").last.focus()
    press("Control+Enter")
    pair = panel.here.locator(".hfnb-pair")
    expect(pair).to_be_focused(timeout=30_000)
    expect(panel.heard).to_contain_text("Two answers are there")
    names = pair.locator(".hfnb-lane-model")
    assert names.count() == 0
    said = pair.inner_text().lower()
    assert "box" not in said
    assert violations(panel.here) == []
    left = lanes(panel).nth(0).locator(".hfnb-spoken").inner_text()
    press("ArrowLeft")
    expect(names).to_have_count(2)
    expect(names.nth(0)).to_have_text("quick" if "quick" in left else "clever")
    expect(panel.heard).to_contain_text("You preferred")
    expect(panel.here.locator(".hfnb-standing")).to_contain_text("1 vote")
    expect(panel.here.locator(".hfnb-standing")).to_contain_text("more would settle it")
    nb.screenshot("panels-compare-voted")
    press("u")
    expect(names).to_have_count(0)
    press("t")
    expect(panel.here.locator(".hfnb-standing")).to_contain_text("1 tie")
    assert violations(panel.here) == []
    press("s")
    expect(pair).to_have_count(0)
    votes = "[line for file in __import__('pathlib').Path('.hf_nb/votes').glob('*.jsonl') for line in file.open()]"
    lines = [json.loads(line) for line in knows(nb, votes)]
    assert [one["outcome"] for one in lines] == ["left", None, "tie"]


def test_a_second_view_of_the_panel_counts_the_same_votes(nb, wide):
    """As another tab: the votes are the kernel's, and its file's."""
    panel = shown(nb, BLIND)
    expect(panel.here.locator(".hfnb-standing")).to_contain_text("1 vote")
    run(panel)
    expect(panel.here.locator(".hfnb-pair")).to_be_focused(timeout=30_000)
    nb.page.keyboard.press("ArrowRight")
    expect(panel.here.locator(".hfnb-standing")).to_contain_text("2 votes")


def test_many_rows_have_a_verdict_a_table_and_pairs_to_vote_on(nb, wide):
    panel = shown(nb, ROWS)
    expect(panel.button("Many rows")).to_have_attribute("aria-pressed", "true")
    assert violations(panel.here) == []
    run(panel)
    verdict = panel.here.locator(".hfnb-verdict")
    expect(verdict).to_contain_text("quick", timeout=60_000)
    ended(panel)
    expect(verdict).not_to_contain_text("So far")
    table = panel.here.locator(".hfnb-rows-table tbody tr")
    expect(table).to_have_count(12)
    expect(table.first).to_contain_text("A clever answer.")
    figures = panel.here.locator(".hfnb-numbers-table").first
    expect(figures).to_contain_text("12")
    assert violations(panel.here) == []
    nb.screenshot("panels-compare-rows")
    panel.choice("Show").select_option("failures")
    expect(table).to_have_count(0)
    panel.choice("Show").select_option("differ")
    expect(table).to_have_count(12)
    row = panel.button("Row 0")
    row.focus()
    nb.page.keyboard.press("Enter")
    expect(panel.here.locator(".hfnb-rows-whole")).to_contain_text("A quick answer.")
    assert violations(panel.here) == []
    panel.button("As a DataFrame").click()
    expect(panel.toasts.last).to_contain_text("compared: 12 rows")
    assert knows(nb, "compared['quick'].tolist()") == ["A quick answer."] * 12
    panel.tick("Blind").check()
    panel.button("Vote on a pair").click()
    expect(panel.here.locator(".hfnb-pair")).to_contain_text("number")
    nb.page.keyboard.press("ArrowDown")
    expect(panel.button("Next")).to_be_visible()


def test_settings_of_one_are_unfolded_set_and_duplicated(nb, wide):
    panel = shown(nb, TWO)
    panel.here.get_by_role("button", name=re.compile("^Settings of A")).click()
    panel.here.get_by_label("Template").fill("Briefly: {input}")
    assert violations(panel.here) == []
    nb.screenshot("panels-compare-settings")
    panel.button("Duplicate").click()
    expect(panel.here.locator(".hfnb-contender")).to_have_count(3)
    expect(panel.here.get_by_label("Template").nth(1)).to_have_value("Briefly: {input}")
    panel.button("Remove").nth(1).click()
    expect(panel.here.locator(".hfnb-contender")).to_have_count(2)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_in_a_narrow_cell_columns_stand_one_below_the_other(nb, theme, wide):
    panel = shown(nb, FOUR)
    nb.theme(theme)
    nb.page.set_viewport_size({"width": NARROW, "height": 1000})
    panel.here.scroll_into_view_if_needed()
    run(panel)
    expect(lanes(panel).nth(3)).to_contain_text("<script>", timeout=30_000)
    panel.button("Stop").click()
    ended(panel)
    tops = lanes(panel).evaluate_all("all => all.map(one => one.getBoundingClientRect().top)")
    assert tops == sorted(set(tops))
    wide_ = panel.frame.evaluate("one => one.scrollWidth <= one.clientWidth")
    assert wide_, "nothing is wider than the cell"
    assert violations(panel.here) == []
    nb.screenshot(f"panels-compare-narrow-{theme}")
    nb.theme("light")


def test_four_streams_leave_the_page_its_frames(nb, wide):
    """4 streams at 100 tokens a second: what the browser itself counted, beside the same page at rest."""
    panel = shown(nb, QUICK)
    rest = frames(nb, 2_000)
    run(panel)
    expect(lanes(panel).nth(3)).to_contain_text("the small barn", timeout=30_000)
    busy = frames(nb, 3_000)
    told("at rest", rest)
    told("4 streams", busy)
    assert busy["median"] < max(34, 2 * rest["median"])
    assert busy["late"] < rest["late"] + 0.4, (
        "this machine may have other work; the page at rest has the same"
    )
    ended(panel)
    for at in range(4):
        expect(lanes(panel).nth(at)).to_contain_text(f"{TOKENS} tokens")


def test_texts_of_ten_thousand_tokens_stay_smooth_to_the_end(nb, wide):
    panel = shown(nb, LONG)
    nb.page.evaluate(_WATCH)
    run(panel)
    for at in range(2):
        expect(lanes(panel).nth(at)).to_contain_text("10,000 tokens", timeout=60_000)
    ended(panel)
    expect(lanes(panel).nth(1).locator("mark").first).to_have_text("barn")
    seen = summed(nb.page.evaluate(_SEEN))
    told("2 texts of 10,000 tokens", seen)
    assert seen["worst"] < 1_000, "also where all of it is marked at once"
    text = lanes(panel).nth(1).locator(".hfnb-spoken").inner_text()
    assert len(text.split()) == 10_000
    boxes = panel.here.locator("[data-hfnb-scrolls]")
    boxes.nth(0).evaluate("element => { element.scrollTop = element.scrollHeight; }")
    nb.page.wait_for_function("one => one.scrollTop > 1000", arg=boxes.nth(1).element_handle())


def frames(nb, milliseconds):
    """Gaps between the browser's frames for so long, and tasks that kept it from drawing."""
    nb.page.evaluate(_WATCH)
    nb.page.wait_for_timeout(milliseconds)
    return summed(nb.page.evaluate(_SEEN))


def summed(seen):
    gaps = seen["gaps"]
    return {
        "count": len(gaps),
        "median": gaps[len(gaps) // 2],
        "tail": gaps[int(len(gaps) * 0.95)],
        "worst": gaps[-1],
        "late": sum(gap > 50 for gap in gaps) / len(gaps),
        "tasks": len(seen["long"]),
        "blocked": sum(seen["long"]),
    }


def told(what, seen):
    print(
        f"\n{what}: {seen['count']} frames, median {seen['median']:.1f} ms, 95 % within {seen['tail']:.1f} ms, worst"
        f" {seen['worst']:.0f} ms, later than 50 ms {seen['late']:.1%}, {seen['tasks']} long tasks of"
        f" {seen['blocked']:.0f} ms"
    )
