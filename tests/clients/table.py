"""Which client did which operation, filled from the tests that ran and printed at the end.

@pytest.mark.cell("hub", "list models")     this test fills that cell; of several tests the worst counts
table.note("latency", "model info", "ok")   a cell filled by the test itself, with a word of its own
"""

from __future__ import annotations

from dataclasses import dataclass, field

NOT_OFFERED = "–"
_ORDER = ("failed", "skipped", "ok")  # the worst of a cell's tests is the cell


@dataclass
class Table:
    """Columns in the order they were first named, and so are the rows that were not named beforehand."""

    title: str
    corner: str
    rows: tuple[str, ...] = ()  # these first, in this order
    cells: dict[tuple[str, str], str] = field(default_factory=dict)

    def take(self, row: str, column: str, outcome: str) -> None:
        """One more test of a cell."""
        before = self.cells.get((row, column), "ok")
        self.cells[row, column] = min(before, outcome, key=_ORDER.index)

    def note(self, row: str, column: str, word: str) -> None:
        """What the cell says."""
        self.cells[row, column] = word

    def lines(self) -> list[str]:
        """As printed."""
        filled = dict.fromkeys(row for row, _ in self.cells)
        rows = [
            *(row for row in self.rows if row in filled),
            *(row for row in filled if row not in self.rows),
        ]
        columns = list(dict.fromkeys(column for _, column in self.cells))
        grid = [[self.corner, *columns]]
        grid += [[row, *(self.cells.get((row, column), NOT_OFFERED) for column in columns)] for row in rows]
        widths = [max(map(len, column)) for column in zip(*grid, strict=True)]
        return [
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in grid
        ]
