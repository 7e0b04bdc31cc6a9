"""Tables in plain text, never wider than the screen."""

import contextlib
import shutil
import unicodedata
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass

NARROWEST = 60
WIDEST = 120
GAP = "  "


@dataclass(frozen=True)
class Column:
    """A heading; `right` for numbers; `keep` says how soon it is dropped when room runs out (0: never)."""

    heading: str
    right: bool = False
    keep: int = 0


_uncut: ContextVar[bool] = ContextVar("hf_nb_uncut", default=False)
NO_EDGE = 1_000_000


@contextlib.contextmanager
def uncut(wanted: bool = True) -> Iterator[None]:  # noqa: FBT001, FBT002 -- a switch
    """Tables as wide as they come."""
    token = _uncut.set(wanted)
    try:
        yield
    finally:
        _uncut.reset(token)


def width() -> int:
    """Columns of the screen, within reason."""
    if _uncut.get():
        return NO_EDGE
    return max(NARROWEST, min(shutil.get_terminal_size((100, 24)).columns, WIDEST))


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]], room: int | None = None) -> str:
    """Columns that do not fit are left out, the least important first; the first one is cut as a last resort."""
    room = room or width()
    cells = [[column.heading for column in columns], *[[clean(cell) for cell in row] for row in rows]]
    shown = list(range(len(columns)))
    widths = [max(measure(row[i]) for row in cells) for i in range(len(columns))]
    while sum(widths[i] for i in shown) + len(GAP) * (len(shown) - 1) > room:
        droppable = [i for i in shown if columns[i].keep]
        if not droppable:
            break
        shown.remove(max(droppable, key=lambda i: columns[i].keep))
    rest = sum(widths[i] for i in shown[1:]) + len(GAP) * (len(shown) - 1)
    widths[shown[0]] = min(widths[shown[0]], max(room - rest, 16))
    return "\n".join(
        GAP.join(_cell(row[i], widths[i], right=columns[i].right) for i in shown).rstrip() for row in cells
    )


def filled(parts: Sequence[str], room: int | None = None) -> list[str]:
    """Parts with dots between them, in lines that break only there, as far as they fit."""
    room = room or width()
    lines: list[str] = []
    for part in map(clean, parts):
        if lines and measure(f"{lines[-1]} · {part} ·") <= room:
            lines[-1] += f" · {part}"
        else:
            lines.append(f"  {part}" if lines else part)
    return [*(f"{line} ·" for line in lines[:-1]), *lines[-1:]]


def clean(cell: str) -> str:
    """One line, without control characters (a terminal obeys them)."""
    return "".join(char if char.isprintable() else " " for char in cell)


def measure(cell: str) -> int:
    """Columns on a screen: wide characters count twice, combining ones not at all."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in cell
    )


def _cell(cell: str, wide: int, *, right: bool) -> str:
    while measure(cell) > wide:
        cell = f"{cell[:-2]}…"
    padding = " " * (wide - measure(cell))
    return padding + cell if right else cell + padding
