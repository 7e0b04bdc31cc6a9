"""An explorer as a reader uses it: its cells, its line at the foot, its boxes.

sheet = Sheet(nb, 2)                the one under cell 2
sheet.cell(0, 1)                    first row, second column; sheet.heading(1) is that column's name
sheet.rows(4)                       the first rows in sight, as texts
sheet.scroll("end")                 as whoever drags the bar to its end
sheet.found("3 found · all rows")   waits for the line at the foot
"""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.ui.notebook import Notebook
from tests.ui.panels.cell import InCell

_DRAG = "(one, share) => { one.scrollTop = share * (one.scrollHeight - one.clientHeight); }"
PATIENCE = 30_000  # milliseconds, for what goes through millions of rows on a busy machine
_FIRST_IN_SIGHT = r"rows ([\d,]+)"


class Sheet(InCell):
    """One explorer."""

    def __init__(self, nb: Notebook, cell: int | None = None) -> None:
        super().__init__(nb, "explorer", cell)
        self.grid = self.here.get_by_role("grid")
        self.bar = self.here.locator(".hfnb-sheet")
        self.foot = self.here.locator(".hfnb-status-line")
        self.chips = self.here.locator(".hfnb-chips")
        self.question = self.here.locator(".hfnb-question")
        self.answered = self.here.locator(".hfnb-answered")

    def cell(self, row: int, column: int) -> Locator:
        """Both counted from 0, as the table has them; -1 is the number of the row."""
        return self.grid.locator(f"[data-hfnb-cell='{row} {column}']")

    def heading(self, column: int) -> Locator:
        """A column's name, with what is known of it."""
        return self.cell(-1, column)

    def bars(self, column: int) -> Locator:
        """The bars under it."""
        return self.heading(column).locator("[data-hfnb-bars]")

    def counts(self, column: int) -> list[tuple[str, int]]:
        """What its bars say: a range or a value, and its rows."""
        said = (
            self.bars(column)
            .get_by_role("option")
            .evaluate_all(
                "all => all.map(one => one.getAttribute('aria-label') ?? one.innerText.replace('\\n', ': '))"
            )
        )
        parted = [text.rsplit(": ", 1) for text in said]
        return [(name, int(rows.split(" / ")[0].replace(",", ""))) for name, rows in parted]

    def sort(self, column: int) -> None:
        """A click on its name."""
        self.heading(column).locator(".hfnb-sorts").click()

    def menu(self, column: int) -> Locator:
        """A column's menu, opened."""
        self.heading(column).locator("[data-hfnb-menu]").click()
        return self.here.locator(".hfnb-column-menu")

    def column(self, column: int, rows: range) -> list[str]:
        """The texts of some rows, waited for."""
        for row in (rows[0], rows[-1]):
            expect(self.cell(row, column)).not_to_have_text("")
        return [self.cell(row, column).inner_text() for row in rows]

    def scroll(self, share: float) -> None:
        """The bar dragged to a share of its way."""
        self.bar.evaluate(_DRAG, share)

    def brush(self, column: int, first: int, last: int, *, of: int) -> None:
        """From one bar to another, with the mouse."""
        box = self.bars(column).bounding_box()
        assert box
        mouse, step, y = self.nb.page.mouse, box["width"] / of, box["y"] + box["height"] / 2
        mouse.move(box["x"] + (first + 0.5) * step, y)
        mouse.down()
        mouse.move(box["x"] + (last + 0.5) * step, y, steps=4)
        mouse.up()

    def summed(self, columns: int) -> None:
        """So many columns have said what is in them, of all rows."""
        all_rows = self.here.locator(".hfnb-covers", has_text="all rows")
        expect(all_rows).to_have_count(columns, timeout=PATIENCE)
        self.settled()

    def says(self, text: str | re.Pattern[str]) -> None:
        """The line at the foot does."""
        expect(self.foot).to_contain_text(text, timeout=PATIENCE)

    def first_in_sight(self) -> int:
        """Its number, counted from 0, as the foot says it."""
        said = re.search(_FIRST_IN_SIGHT, self.foot.inner_text())
        assert said, self.foot.inner_text()
        return int(said[1].replace(",", ""))

    def moved(self) -> int:
        """Bytes that were moved so far."""
        said = self.foot.locator("[title$=bytes]").last.get_attribute("title") or ""
        return int(said.removesuffix(" bytes").replace(",", ""))

    def tall(self) -> float:
        """Its height on the page."""
        box = self.here.bounding_box()
        assert box
        return box["height"]

    def nodes(self) -> int:
        """Elements of the page that are its."""
        count: int = self.here.evaluate("one => one.querySelectorAll('*').length")
        return count

    def clear(self) -> None:
        """All rows again, as they stand."""
        if self.answered.count():
            self.answered.get_by_role("button").click()
        if self.chips.count():
            self.chips.get_by_role("button", name="Clear all").click()
        expect(self.chips).to_have_count(0)
