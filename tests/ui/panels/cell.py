"""A panel in a cell as a reader uses it, and what its kernel says of the same things.

panel = InCell(nb, "models")
panel.search, panel.rows, panel.row("hfnb-demo/topic-en"), panel.drawer
panel.ids()                     what is listed, in order
panel.button("Get …")           by its name
says(nb, "1 + 1")               what the notebook's kernel prints
"""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Locator, expect

from tests.ui.notebook import Notebook

ROWS = "[data-hfnb-key]"
_ASK = """async code => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const asked = kernel.requestExecute({ code, store_history: false, allow_stdin: false, silent: false });
  let said = '';
  let wrong = '';
  asked.onIOPub = message => {
    if (message.header.msg_type === 'stream') said += message.content.text;
    if (message.header.msg_type === 'error') wrong = `${message.content.ename}: ${message.content.evalue}`;
  };
  await asked.done;
  if (wrong) throw new Error(wrong);
  return said;
}"""


class InCell:
    """One panel."""

    empty: list[str]  # what axe said while nothing was in it

    def __init__(self, nb: Notebook, name: str, cell: int | None = None) -> None:
        self.nb = nb
        self.name = name
        self.where = nb.panel if cell is None else nb.output(cell)
        self.here = self.where.locator(f"[data-hfnb-panel={name}]")
        self.frame = self.here.locator(".hfnb-panel")
        self.search = self.here.locator("[data-hfnb-search]")
        self.rows = self.here.locator(ROWS)
        self.drawer = self.here.locator(".hfnb-drawer")
        self.strip = self.here.locator("[data-hfnb-state]")
        self.failed = self.here.locator(".hfnb-failed")
        self.toasts = self.here.locator(".hfnb-toast")
        self.heard = self.here.locator(".hfnb-panel > .hfnb-unseen[role=status]")

    def row(self, id: str) -> Locator:
        """A card."""
        return self.here.locator(f"[data-hfnb-key='{id}']")

    def head(self, id: str) -> Locator:
        """What opens it."""
        return self.row(id).locator("[data-hfnb-head]")

    def ids(self) -> list[str]:
        """What is listed, in its order."""
        found: list[str] = self.rows.evaluate_all("all => all.map(one => one.dataset.hfnbKey)")
        return found

    def lists(self, ids: list[str]) -> None:
        """Waits until it lists these, in this order."""
        expect(self.rows).to_have_count(len(ids))
        self.begins(ids)

    def begins(self, ids: list[str]) -> None:
        """Waits until it begins with these, in this order: a list that somebody walks through may have gone on."""
        keys = f"([panel, ids]) => JSON.stringify([...panel.querySelectorAll('{ROWS}')].slice(0, ids.length)"
        same = f"{keys}.map(one => one.dataset.hfnbKey)) === JSON.stringify(ids)"
        try:
            self.nb.page.wait_for_function(same, arg=[self.here.element_handle(), ids], timeout=15_000)
        except Exception:
            assert self.ids()[: len(ids)] == ids  # the difference, to be read
            raise

    def choice(self, label: str) -> Locator:
        """A filter."""
        return self.here.get_by_role("combobox", name=label, exact=True)

    def tick(self, label: str) -> Locator:
        """One that is on or off."""
        return self.here.get_by_role("checkbox", name=label)

    def button(self, name: str) -> Locator:
        """By its whole name."""
        return self.here.get_by_role("button", name=name, exact=True)

    def back_to_the_start(self) -> None:
        """Wide, nothing open, nothing looked for."""
        self.nb.page.set_viewport_size({"width": 1280, "height": 1000})
        if self.drawer.count():
            self.drawer.locator("h3").press("Escape")
        if (clear := self.button("Clear all")).count():
            clear.click()
        if (sort := self.choice("Sort")).count() and sort.input_value() != "trending":
            sort.select_option("trending")
        if self.search.count():
            self.search.fill("")
            self.search.press("Enter")
        self.settled()

    def settled(self) -> None:
        """Nothing is on its way."""
        expect(self.here.locator("[aria-busy=true], .hfnb-fetching > *")).to_have_count(0)


def says(nb: Notebook, code: str) -> str:
    """What the kernel prints, apart from all cells."""
    said: str = nb.page.evaluate(_ASK, code)
    return said.strip()


def knows(nb: Notebook, expression: str) -> Any:
    """A value of the kernel's."""
    return json.loads(says(nb, f"import json; print(json.dumps({expression}))"))
