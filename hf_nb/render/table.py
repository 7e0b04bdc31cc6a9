"""Rows of plain cells."""

from collections.abc import Sequence

from hf_nb.render import page, plain
from hf_nb.values import Table


def text(table: Table) -> str:
    """The last columns go first when the screen is narrow."""
    columns = [
        plain.Column(heading, right=_numbers(table, i), keep=i) for i, heading in enumerate(table.columns)
    ]
    return plain.table(columns, [[_show(cell) for cell in row] for row in table.rows])


def html(table: Table) -> str:
    """Headings and cells, escaped."""

    def line(cells: Sequence[object], name: str) -> str:
        shown = (f"<{name}{kind}>{_marked(cell)}</{name}>" for kind, cell in zip(kinds, cells, strict=True))
        return f"<tr>{''.join(shown)}</tr>"

    kinds = [' class="num"' if _numbers(table, i) else "" for i in range(len(table.columns))]
    body = "".join(line(row, "td") for row in table.rows)
    return page.frame(
        f'<div class="scroll"><table><thead>{line(table.columns, "th")}</thead><tbody>{body}</tbody></table></div>'
    )


def _marked(cell: object) -> str:
    shown = page.escape(_show(cell))
    return f"<code>{shown}</code>" if shown.startswith(("%hf", "hf-nb ")) else shown


def _numbers(table: Table, column: int) -> bool:
    return bool(table.rows) and all(
        isinstance(row[column], (int, float)) and not isinstance(row[column], bool) for row in table.rows
    )


def _show(cell: object) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return f"{cell:g}" if isinstance(cell, float) else str(cell)
