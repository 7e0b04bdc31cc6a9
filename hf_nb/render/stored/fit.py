"""A table of cells in plain text, as wide as the screen and no wider."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hf_nb.render import plain
from hf_nb.render.stored import Cell

NARROW = 12  # a text is not made narrower than that; rather a column goes


@dataclass(frozen=True)
class Shown:
    """A column as it will be drawn. `right`: numbers; `firm`: never cut short."""

    heading: str
    cells: tuple[str, ...]
    right: bool = False
    firm: bool = False


def word(cell: Cell) -> str:
    """A cell as a text; an ellipsis where it goes on."""
    if cell is None:
        return "–"
    if isinstance(cell, str):
        return cell
    return f"{cell['text']}…" if "more" in cell else str(cell["text"])


def table(columns: Sequence[Shown], room: int | None = None) -> tuple[str, int]:
    """The text, and how many of the columns are in it: the first ones, the first always."""
    room = room or plain.width()
    wide = [max(map(plain.measure, (one.heading, *one.cells)), default=0) for one in columns]
    count = len(columns)
    while count > 1 and _least(columns, wide, count) > room:
        count -= 1
    kept = list(columns[:count])
    at_most = _shares(kept, wide[:count], room)
    rows = zip(*((one.heading, *one.cells) for one in kept), strict=True)
    lines = [
        plain.GAP.join(
            _padded(cell, most, right=one.right) for cell, most, one in zip(row, at_most, kept, strict=True)
        ).rstrip()
        for row in rows
    ]
    return "\n".join(lines), count


def _least(columns: Sequence[Shown], wide: Sequence[int], count: int) -> int:
    cells = (
        size if one.firm else min(size, NARROW)
        for one, size in zip(columns[:count], wide[:count], strict=True)
    )
    return sum(cells) + len(plain.GAP) * (count - 1)


def _shares(columns: Sequence[Shown], wide: Sequence[int], room: int) -> list[int]:
    """Columns that can be cut share what is left, and none gets more than it needs."""
    left = room - len(plain.GAP) * (len(columns) - 1)
    made = [size if one.firm else 0 for one, size in zip(columns, wide, strict=True)]
    left -= sum(made)
    waiting = sorted((at for at, one in enumerate(columns) if not one.firm), key=lambda at: wide[at])
    for number, at in enumerate(waiting):
        made[at] = max(1, min(wide[at], left // (len(waiting) - number)))
        left -= made[at]
    return [min(size, room) for size in made]


def _padded(cell: str, wide: int, *, right: bool) -> str:
    cell = plain.clean(cell)
    size = plain.measure(cell)
    if size > wide:
        cell, size = _cut(cell, wide)
    padding = " " * (wide - size)
    return padding + cell if right else cell + padding


def _cut(cell: str, wide: int) -> tuple[str, int]:
    """As much of it as fits, and an ellipsis."""
    used, at = 0, 0
    for at, sign in enumerate(cell):  # noqa: B007 -- where it ends is wanted
        used += plain.measure(sign)
        if used > wide - 1:
            used -= plain.measure(sign)
            break
    return f"{cell[:at].rstrip('…')}…", plain.measure(cell[:at].rstrip("…")) + 1
