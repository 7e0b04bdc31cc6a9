"""What stands in cells: pictures, sounds, conversations, and what strangers wrote, which does nothing."""

import re

import pytest
from playwright.sync_api import expect

from tests.ui.explorer.conftest import CALL, TRAP
from tests.ui.explorer.sheet import Sheet
from tests.ui.panels.axe import violations
from tests.ui.panels.cell import knows, says

pytestmark = pytest.mark.slow
IMG = f"<img src=x onerror={CALL}>"
NAMES = [IMG, "a \"b\" 'c' `d` \\\\ .e;--", "\u202etxet ]}{[", "😀.$t", f"</script><script>{CALL}</script>"]
CELLS = [
    IMG,
    f"<script>{CALL}</script>",
    f"javascript:{CALL}",
    "\u202egnp.exe\u2069",
    "$\\href{javascript:x}{y}$",
]
HOSTILE = f"""
import pandas as pd
names, cells = {NAMES!r}, {CELLS!r}
odd = pd.DataFrame({{name: cells[at:] + cells[:at] for at, name in enumerate(names)}})
odd['long'] = ['<b>' + 'w' * 10_000_000, '\\n' * 2_000, '\\x00\\x1b[31m', '', None]
odd['nested'] = [{{'<i onclick=x>': [cell, None], 'b': cell}} for cell in cells]
odd['chat'] = [[{{'role': '<b>user</b>', 'content': cell}}, {{'role': 'assistant', 'content': 'ok'}}] for cell in cells]
"""
CONTROL = f"from IPython.display import HTML\nHTML({IMG!r})"
PICTURES, SOUNDS, CHATS, ODD, CONTROLS = 1, 2, 3, 5, 6
FOREIGN = (
    "script, iframe, object, embed, form:not([class]), link, meta, b, i, mjx-container, [onclick], [onerror]"
)
POKE = """panel => {
  for (const one of panel.querySelectorAll('[role=gridcell], [role=columnheader], .hfnb-drawer *, .hfnb-chips *'))
    for (const type of ['mouseover', 'pointerenter', 'focus', 'toggle', 'error', 'load'])
      one.dispatchEvent(new Event(type, { bubbles: false }));
}"""


@pytest.fixture(scope="module")
def nb(opened):
    return opened(
        "cells.ipynb",
        "%hf explore hfnb-demo/tiny-pictures",
        "%hf explore hfnb-demo/tones",
        "%hf explore hfnb-demo/chats",
        HOSTILE,
        "%hf explore $odd",
        CONTROL,
    )


def shown(nb, cell):
    nb.run(cell)
    sheet = Sheet(nb, cell)
    expect(sheet.cell(0, 0)).to_be_visible()
    sheet.here.scroll_into_view_if_needed()
    return sheet


def loaded(picture):
    """Really drawn."""
    expect(picture).to_be_visible()
    picture.page.wait_for_function(
        "one => one.complete && one.naturalWidth > 0", arg=picture.element_handle()
    )


def test_pictures_are_seen_small_in_cells_and_large_in_their_row(nb):
    sheet = shown(nb, PICTURES)
    for row in (0, 3):
        loaded(sheet.cell(row, 0).locator("img"))
    assert sheet.cell(0, 0).locator("img").get_attribute("alt")
    assert violations(sheet.here) == []
    nb.screenshot("explorer-pictures")
    sheet.scroll(1)
    last = sheet.cell(999, 0).locator("img")
    loaded(last)
    assert last.get_attribute("src").startswith("blob:")
    sheet.cell(999, 1).dblclick()
    loaded(sheet.drawer.locator("img.hfnb-large"))
    expect(sheet.drawer).to_contain_text(re.compile(r"\d+ × \d+"))
    expect(sheet.drawer.get_by_role("button", name="This row on the Hub")).to_be_visible()
    assert violations(sheet.here) == []
    nb.screenshot("explorer-picture")
    sheet.drawer.get_by_role("button", name="Row before").click()
    expect(sheet.drawer.locator("h3")).to_contain_text("Row 998 of 1,000")
    loaded(sheet.drawer.locator("img.hfnb-large"))
    sheet.drawer.locator("h3").press("Escape")
    expect(sheet.drawer).to_have_count(0)


def test_a_sound_can_be_played(nb):
    sheet = shown(nb, SOUNDS)
    expect(sheet.cell(0, 0)).to_contain_text("WAV")
    sheet.cell(0, 0).get_by_role("button").click()
    sheet.cell(0, 1).dblclick()
    sound = sheet.drawer.locator("audio")
    expect(sound).to_be_visible()
    nb.page.wait_for_function("one => one.duration > 0.4", arg=sound.element_handle())
    assert violations(sheet.here) == []
    nb.screenshot("explorer-sound")
    sheet.drawer.locator("h3").press("Escape")


def test_a_conversation_is_read_turn_by_turn(nb):
    sheet = shown(nb, CHATS)
    expect(sheet.cell(0, 1)).to_contain_text("system: You explain")
    sheet.cell(0, 1).dblclick()
    turns = sheet.drawer.locator(".hfnb-turns").first
    expect(turns.locator("li").first).to_contain_text("system")
    says(nb, "import hf_nb\nfirst = hf_nb.data.preview('hfnb-demo/chats', limit=1).to_arrow().to_pylist()[0]")
    wanted = knows(nb, "[turn['content'] for turn in first['messages']]")
    told = [text.strip() for text in turns.locator(".hfnb-whole").all_text_contents()]
    assert len(told) == len(wanted)
    assert all(text.startswith((was or "").strip()) for text, was in zip(told, wanted, strict=True))
    assert violations(sheet.here) == []
    nb.screenshot("explorer-chat")
    sheet.drawer.locator("h3").press("Escape")


def plain(text):
    """What turns the direction of a text is named, not obeyed."""
    return text.replace("\u202e", "⟨U+202E⟩").replace("\u2069", "⟨U+2069⟩")


def test_what_strangers_wrote_is_text_everywhere(nb, trap):
    nb.run(ODD - 1)
    sheet = shown(nb, ODD)
    expect(sheet.cell(0, 0)).to_have_text(IMG)
    expect(sheet.heading(0)).to_contain_text(IMG)
    sheet.settled()

    def harmless():
        sheet.here.evaluate(POKE)
        assert sheet.here.locator(f":is({FOREIGN})").count() == 0
        assert sheet.frame.evaluate("one => one.scrollWidth <= one.clientWidth + 1")

    harmless()
    nb.screenshot("explorer-hostile")
    for column in range(len(NAMES)):
        box = sheet.menu(column)
        box.get_by_placeholder("contains …").fill("onerror")
        box.get_by_placeholder("contains …").press("Enter")
        sheet.says("1 found · all rows")
        expect(sheet.chips).to_contain_text("contains “onerror”")
        harmless()
        nb.page.keyboard.press("Escape")
        sheet.clear()
        sheet.sort(column)
        sheet.says(re.compile(r"of 5 in this view.*sorted by .+ · all rows"))
        expect(sheet.cell(4, column)).not_to_have_text("")
        assert sheet.column(column, range(5)) == [plain(text) for text in sorted(CELLS)]
        sheet.clear()
    sheet.search.fill(IMG)
    sheet.search.press("Enter")
    sheet.says("found · all rows")
    harmless()
    sheet.clear()


def test_a_hostile_row_in_full_is_text_and_bounded(nb, trap):
    sheet = Sheet(nb, ODD)
    # the first column may be out of sight, and not drawn
    sheet.bar.evaluate("one => { one.scrollLeft = 0; }")
    sheet.cell(0, 0).dblclick()
    expect(sheet.drawer).to_contain_text(IMG)
    expect(sheet.drawer).to_contain_text("<b>user</b>")
    more = sheet.drawer.get_by_role("button", name=re.compile(r"^Show all 10,000,003"))
    more.click()
    expect(sheet.drawer).to_contain_text(
        re.compile(r"The first (399,\d{3}|400,000) of 10,000,003 characters")
    )
    sheet.here.evaluate(POKE)
    assert sheet.drawer.locator(f":is({FOREIGN})").count() == 0
    assert violations(sheet.here) == []
    nb.screenshot("explorer-hostile-row")
    sheet.drawer.locator("h3").press("Escape")
    sheet.button("Take along").click()
    box = sheet.here.get_by_role("dialog", name="Take along")
    expect(box.locator("pre")).to_be_visible()
    box.get_by_role("button", name="Take", exact=True).click()
    expect(sheet.toasts.filter(has_text="df is in the notebook: 5 rows")).to_be_visible()
    assert knows(
        nb, "list(df.columns) == list(odd.columns) and df[names[0]].tolist() == odd[names[0]].tolist()"
    )
    nb.page.keyboard.press("Escape")


def test_the_trap_of_these_tests_works(nb):
    nb.page.evaluate(TRAP)
    nb.run(CONTROLS)
    nb.page.wait_for_function("() => window.hfnbRan")
