"""The cells of a table that answer a question: the answer, then the table with them marked."""

from __future__ import annotations

from hf_nb.render import page, plain, source
from hf_nb.render.grid import Html, grid
from hf_nb.values import Cells

SHOWN = 10  # rows of the table, besides those that answer
HOW = {"SUM": "the sum of", "AVERAGE": "the mean of", "COUNT": "the number of"}


def text(cells: Cells) -> str:
    """The answer, then the rows; cells that answer stand in brackets."""
    columns, rows = _columns(cells), _rows(cells)
    marked = [
        [f"[{cell}]" if (at, i) in cells.places else cell for i, cell in enumerate(row)] for at, row in rows
    ]
    more = _left_out(cells, len(rows))
    return "\n".join(
        [_said(cells), plain.table(columns, marked), *([more] if more else []), source.text(cells.source)]
    )


def html(cells: Cells) -> str:
    """The same, drawn."""
    drawn = [
        [
            Html(f'<mark class="found">{page.escape(cell)}</mark>') if (at, i) in cells.places else cell
            for i, cell in enumerate(row)
        ]
        for at, row in _rows(cells)
    ]
    more = _left_out(cells, len(drawn))
    rest = f'<div class="soft">{more}</div>' if more else ""
    answer = f'{page.escape(cells.answer)}<span class="soft">{page.escape(_how(cells))}</span>'
    return page.frame(
        f'<div class="answer">{answer}</div>'
        f"{grid(_columns(cells), drawn, wide=-1)}{rest}{source.html(cells.source)}",
        "spans",
    )


def _said(cells: Cells) -> str:
    how = _how(cells)
    return f"{cells.answer}  ({how})" if how else cells.answer


def _how(cells: Cells) -> str:
    words = HOW.get(cells.how.upper())
    if words is None:
        return ""
    return f"{words} {len(cells.places)} {'cell' if len(cells.places) == 1 else 'cells'}"


def _columns(cells: Cells) -> list[plain.Column]:
    return [
        plain.Column(name, right=all(_is_number(cell) for cell in found), keep=i)
        for i, (name, found) in enumerate(cells.table.items())
    ]


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", "").replace(" ", "").rstrip("%") or "-")
    except ValueError:
        return False
    return True


def _rows(cells: Cells) -> list[tuple[int, list[str]]]:
    """The first rows, and every one with a cell that answers."""
    answering = {row for row, _ in cells.places}
    every = zip(*cells.table.values(), strict=True)
    return [(at, list(row)) for at, row in enumerate(every) if at < SHOWN or at in answering]


def _left_out(cells: Cells, shown: int) -> str:
    left = len(next(iter(cells.table.values()), ())) - shown
    return f"… {left:,} more {'row' if left == 1 else 'rows'}" if left else ""
