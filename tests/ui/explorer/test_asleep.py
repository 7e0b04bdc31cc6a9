"""An explorer beside a cell that sleeps: it is answered, and the stop button ends the cell, not the explorer."""

import time

import pytest
from playwright.sync_api import expect

from tests.ui.explorer.sheet import Sheet
from tests.ui.panels.axe import violations

pytestmark = pytest.mark.slow
LOAD, MAKE, SHOW, SLEEP = range(4)
N = 1_000_000
TABLE = f"import numpy as np, pandas as pd\nrows = pd.DataFrame({{'id': np.arange({N}), 'back': np.arange({N})[::-1]}})"
# As long as a test may take: that it is answered in time is that the cell still sleeps.
NAP = "import time\ntime.sleep(300)"


@pytest.fixture(scope="module")
def nb(opened):
    notebook = opened("asleep.ipynb", TABLE, "%hf explore $rows", NAP)
    notebook.run(MAKE)
    notebook.run(SHOW)
    return notebook


def asleep(nb):
    """The cell is begun and has no end yet; what the foot of the page says is the word of the kernel's last thread."""
    expect(nb.cell(SLEEP).locator(".jp-InputPrompt")).to_have_text("[*]:")


def test_beside_a_sleeping_cell_it_is_answered_and_outlives_its_interruption(nb):
    sheet = Sheet(nb, SHOW)
    expect(sheet.cell(0, 0)).to_have_text("0")
    sheet.settled()
    took = {}

    def answered(what, do, cell, text):
        began = time.monotonic()
        do()
        expect(cell).to_have_text(text, timeout=60_000)
        took[what] = time.monotonic() - began
        asleep(nb)

    nb.begin(SLEEP)
    asleep(nb)
    sheet.here.scroll_into_view_if_needed()
    half = N // 2
    answered("to the middle", lambda: sheet.scroll(0.5), sheet.cell(half, 0), str(half))
    answered("in order", lambda: sheet.sort(1), sheet.cell(0, 0), str(N - 1))
    sheet.cell(0, 1).dblclick()
    fields = sheet.drawer.locator(".hfnb-field-of .hfnb-whole")
    answered("a row in full", lambda: None, fields.first, str(N - 1))
    assert violations(sheet.here) == []
    nb.screenshot("explorer-asleep")
    sheet.drawer.locator("h3").press("Escape")
    print("\nanswered beside a sleeping cell:", ", ".join(f"{what} {took[what]:.2f} s" for what in took))

    nb.stop()
    expect(nb.output(SLEEP)).to_contain_text("KeyboardInterrupt")
    nb.wait_idle()
    expect(sheet.strip).to_have_count(0)
    sheet.scroll(1)
    expect(sheet.cell(N - 1, 0)).to_have_text("0")
    sheet.sort(0)
    expect(sheet.cell(0, 0)).to_have_text("0")
    sheet.sort(0)
    expect(sheet.cell(0, 0)).to_have_text(str(N - 1))
    expect(sheet.failed).to_have_count(0)
