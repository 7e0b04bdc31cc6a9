"""An explorer whose Hub refuses every connection: what it says, what stays, and how it goes on later."""

import pytest
from playwright.sync_api import expect

from tests.ui.explorer.sheet import Sheet
from tests.ui.panels.axe import violations

pytestmark = pytest.mark.slow
SHOW_JOURNEYS, SHOW_FRESH = 1, 2


@pytest.fixture(scope="module")
def nb(opened):
    return opened("refused.ipynb", "%hf explore hfnb-lab/journeys", "%hf explore hfnb-demo/tiny-pictures")


def test_where_connections_are_refused_it_says_so_keeps_what_is_there_and_goes_on_later(nb, hub):
    nb.run(SHOW_JOURNEYS)
    sheet = Sheet(nb, SHOW_JOURNEYS)
    expect(sheet.cell(0, 0)).to_have_text("0")
    sheet.settled()
    first = sheet.column(1, range(3))
    with hub.fault("refuse"):  # the Hub, and where its files lie
        sheet.scroll(0.9)
        expect(sheet.failed).to_be_visible(timeout=60_000)
        expect(sheet.failed.locator(".hfnb-soft")).not_to_be_empty()
        assert violations(sheet.here) == []
        nb.screenshot("explorer-refused-connection")
        sheet.failed.get_by_role("button", name="Try again").click()
        expect(sheet.foot).not_to_contain_text("reading", timeout=60_000)
        expect(sheet.failed).to_be_visible()
        sheet.scroll(0)
        assert sheet.column(1, range(3)) == first
    sheet.scroll(0.9)
    expect(sheet.foot).not_to_contain_text("rows 0")  # it has gone there
    expect(sheet.failed).to_be_visible()
    at = sheet.first_in_sight()
    sheet.failed.get_by_role("button", name="Try again").click()
    expect(sheet.cell(at, 0)).to_have_text(str(at), timeout=30_000)
    expect(sheet.failed).to_have_count(0)


def test_a_table_that_was_refused_is_opened_once_the_hub_is_back(nb, hub):
    with hub.fault("refuse"):
        nb.run(SHOW_FRESH)
        sheet = Sheet(nb, SHOW_FRESH)
        expect(sheet.failed).to_be_visible(timeout=60_000)
        expect(sheet.failed.locator(".hfnb-soft")).not_to_be_empty()
        expect(nb.output(SHOW_FRESH)).not_to_contain_text("Traceback")
        sheet.here.scroll_into_view_if_needed()
        assert violations(sheet.here) == []
        assert sheet.tall() < 200, "no more room than what it says takes"
        nb.screenshot("explorer-refused-opening")
    sheet.failed.get_by_role("button", name="Try again").click()
    expect(sheet.cell(0, 0)).to_be_visible(timeout=30_000)
    expect(sheet.failed).to_have_count(0)
    sheet.says("of 1,000")
    assert sheet.tall() > 300
