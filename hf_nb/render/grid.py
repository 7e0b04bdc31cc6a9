"""A table in HTML, from the same columns and cells as the one in plain text."""

from __future__ import annotations

from collections.abc import Sequence

from hf_nb.render import page
from hf_nb.render.plain import Column


class Html(str):
    """A cell that is HTML already; any other is escaped."""

    __slots__ = ()


def grid(columns: Sequence[Column], rows: Sequence[Sequence[str]], *, wide: int = 0) -> str:
    """Rows under headings; the column `wide` takes what room is left and may break its lines."""
    head = "".join(
        f'<th scope="col"{_class(column, i == wide)}>{page.escape(column.heading)}</th>'
        for i, column in enumerate(columns)
    )
    body = "".join(
        f"<tr>{''.join(_cell(column, row[i], wide=i == wide) for i, column in enumerate(columns))}</tr>"
        for row in rows
    )
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _cell(column: Column, cell: str, *, wide: bool) -> str:
    shown = cell if isinstance(cell, Html) else page.escape(cell)
    return f"<td{_class(column, wide)}>{shown}</td>"


def _class(column: Column, wide: bool) -> str:  # noqa: FBT001 -- a private flag
    if column.right:
        return ' class="num"'
    return ' class="wide"' if wide else ""
