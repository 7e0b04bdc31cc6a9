"""What a reader does with a repository in a panel, whatever its kind: takes it along, fetches it.

taken_along   from its open details: the id copied, its page opened, its code inserted and undone, the drawer shut
fetched       from its card: got, stopped, gone on with; at each step the kernel is asked what is on its disk
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

from playwright.sync_api import expect

from tests.ui.notebook import Notebook
from tests.ui.panels.axe import violations
from tests.ui.panels.cell import InCell
from tests.ui.panels.conftest import Filters
from tests.ui.panels.hands import Keyboard, Mouse

Reader = Mouse | Keyboard
CELLS = (
    """() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells.map(cell => cell.source)"""
)


def taken_along(nb: Notebook, panel: InCell, reader: Reader, repository: str, path: str = "") -> str:
    """The code that was inserted; `path`: what stands before the id in the address of its page."""
    page = nb.page
    name = repository.partition("/")[2]
    reader.press(panel.drawer.get_by_role("button", name="Copy the id"))
    expect(panel.toasts.last).to_contain_text("Id copied")
    assert page.evaluate("() => navigator.clipboard.readText()") == repository

    with page.context.expect_page() as opening:
        reader.press(panel.drawer.get_by_role("button", name="Open on the Hub"))
    expect(opening.value.locator("body")).to_contain_text(name)
    assert opening.value.url.endswith(f"/{path}{repository}")
    opening.value.close()

    before = page.evaluate(CELLS)
    reader.press(panel.drawer.get_by_role("button", name="Insert code"))
    expect(panel.toasts.last).to_contain_text("Inserted")
    (code,) = [cell for cell in page.evaluate(CELLS) if cell not in before] or ["nothing new"]
    nb.command("notebook:undo-cell-action")
    page.wait_for_function(f"before => JSON.stringify(({CELLS})()) === JSON.stringify(before)", arg=before)

    panel.here.scroll_into_view_if_needed()
    reader.enter(panel.here)
    reader.press(panel.drawer.locator("header .hfnb-button").locator("visible=true").first)
    expect(panel.drawer).to_have_count(0)
    expect(panel.head(repository)).to_be_focused()
    return str(code)


def fetched(
    nb: Notebook,
    panel: InCell,
    reader: Reader,
    repository: str,
    *,
    status: Callable[[Notebook, str], str],
    slowly: AbstractContextManager[object],
    picture: str,
) -> None:
    """`slowly`: while it is entered, the Hub does not send all of it."""
    reader.write(panel.search, repository.partition("/")[2])
    expect(panel.rows).to_have_count(1)
    row = panel.row(repository)
    assert status(nb, repository) == "available"
    with slowly:
        reader.press(panel.button(f"Get {repository}"))
        bar = row.get_by_role("progressbar")
        expect(bar).to_have_attribute("aria-valuenow", re.compile(r"[1-9]\d?"))
        expect(row).to_contain_text("Downloading")
        assert violations(panel.here) == []
        nb.screenshot(picture)
        reader.press(panel.button(f"Stop getting {repository}"))
        expect(panel.toasts.last).to_contain_text("What has come")
        expect(row).to_contain_text("Partly here")
    assert status(nb, repository) == "partial"
    reader.press(panel.button(f"Go on getting {repository}"))
    expect(panel.toasts.last).to_contain_text(f"{repository} is on this machine")
    expect(row).to_contain_text("On this machine")
    assert status(nb, repository) == "cached"
    with Filters(panel, reader):
        reader.tick(panel.tick("On this machine"))
    expect(panel.rows).to_have_count(1)
    with Filters(panel, reader):
        reader.press(panel.button("Clear all"))
