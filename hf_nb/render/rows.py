"""A stretch of a table: what it is and where from, its rows, how to see the next ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hf_nb.render import digits, grid, page, plain, stored, units
from hf_nb.render.stored import Cell, fit, marks, thumbs
from hf_nb.values.data import Column, Origin
from hf_nb.values.rows import Cost, Rows, Saved

# An output is stored with its notebook.
MOST_ROWS, MOST_COLUMNS, MOST_CELLS, MOST_SIGNS = 200, 60, 2_000, 60_000
SIGNS, LONG = 160, 40
NAMED, LAST = 8, 20


def text(value: Rows | Cost | Saved) -> str:
    """Never wider than the screen; columns that do not fit are named below."""
    if isinstance(value, Cost):
        return _cost(value)
    if isinstance(value, Saved):
        return _saved(value)
    columns = [
        fit.Shown(
            _name(column),
            tuple(_short([*map(fit.word, _cells(value, at, column, plain.width()))], column)),
            right=column.kind == "number",
            firm=column.kind in ("number", "bool", "time", "label", "image", "audio", "video"),
        )
        for at, column in enumerate(value.columns[:MOST_COLUMNS])
    ]
    parts = [*plain.filled(_head(value))]
    shown = 0
    if columns and len(value):
        drawn, shown = fit.table(columns)
        parts.append(drawn)
    parts += _types(value)
    if 0 < shown < len(value.columns):
        parts.append(_unseen(value.columns[shown:]))
    return "\n".join([*parts, *_below(value)])


def html(value: Rows | Cost | Saved) -> str:
    """The house's grid: row numbers, names with their types, small pictures; the schema folded below."""
    if not isinstance(value, Rows):
        return page.frame(page.foot(*text(value).split("\n")))
    name, *facts = _head(value)
    soft = " · ".join(map(page.escape, facts))
    parts = [f'<div class="head"><span class="name">{_linked(value.origin, name)}</span>']
    parts.append(f'<span class="soft">{soft}</span></div>')
    parts += [_grid(value), _schema(value), page.foot(*_below(value))]
    return page.frame("".join(parts), "rows")


def where(origin: Origin) -> Iterator[str]:
    """Its name, and which part of it."""
    yield "answer" if origin.place == "query" else origin.name
    if origin.config and origin.config != "default":
        yield origin.config
    if origin.split and not _alone(origin):
        yield origin.split


def _alone(origin: Origin) -> bool:
    """Whether it is one file, of which nobody said that it is for training."""
    one = origin.place in ("disk", "url") and "*" not in origin.name and "." in origin.name.rpartition("/")[2]
    return one and origin.split == "train" and origin.config in (None, "", "default")


def _head(rows: Rows) -> list[str]:
    parts = [*where(rows.origin), _which(rows)]
    if rows.origin.revision:
        parts.append(f"commit {rows.origin.revision[:7]}")
    return [marks.visible(marks.cut(part, 200)) for part in parts]


def _which(rows: Rows) -> str:
    total = (
        f" of {rows.total:,}"
        if rows.total is not None
        else f" of at least {rows.least:,}"
        if rows.least
        else ""
    )
    found = "" if rows.scanned is None or rows.of is None else " found"
    if not len(rows):
        return "no rows" if not rows.total else f"no rows at {rows.offset:,}{total}"
    if rows.offset == 0 and rows.total == len(rows):
        return f"{len(rows):,} {'row' if len(rows) == 1 else 'rows'}{found}"
    last = rows.offset + len(rows) - 1
    return f"rows {rows.offset:,}–{last:,}{total}{found}"


def _cells(rows: Rows, at: int, column: Column, chars: int) -> list[Cell]:
    return stored.shown_column(rows.table.column(at).slice(0, MOST_ROWS), column, chars)


def _name(column: Column) -> str:
    return marks.visible(marks.cut(column.name, 40)) or "(no name)"


def _short(said: list[str], column: Column) -> list[str]:
    """Numbers with sensible digits; those that have more are rounded, not cut."""
    return digits.even(said, exact=column.stored.startswith("decimal")) if column.kind == "number" else said


def _types(rows: Rows) -> list[str]:
    """One line or two: every column with its type, as far as they fit."""
    if not rows.columns:
        return ["no columns"]
    named = [f"{_name(one)}: {marks.visible(one.type)}" for one in rows.columns[:NAMED]]
    if more := len(rows.columns) - NAMED:
        named += [f"{more:,} more"] if more > 0 else []
    return plain.filled([f"columns  {named[0]}", *named[1:]])


def _unseen(columns: Sequence[Column]) -> str:
    first = columns[0].name
    step = f' (--columns "{first}")' if first.isprintable() and len(first) <= LONG else ""
    return f"{len(columns):,} {'column does' if len(columns) == 1 else 'columns do'} not fit here{step}"


def _below(rows: Rows) -> list[str]:
    """What it took, what is to be known, and how to go on."""
    lines = [marks.visible(note) for note in rows.notes]
    if rows.scanned is not None and rows.of is not None:
        lines.append(
            f"looked at all {rows.of:,} rows"
            if rows.exact
            else f"scanned {rows.scanned:,} of {rows.of:,} rows, and not the rest"
        )
    elif rows.scanned is not None and not rows.exact:
        lines.append(f"scanned {rows.scanned:,} rows, and not the rest")
    if rows.moved:
        of = f" of {units.size(rows.bytes)}" if rows.bytes else ""
        lines.append(
            f"fetched {units.size(rows.moved)}{of}, {rows.requests:,} request{'s' * (rows.requests != 1)}"
        )
    if rows.total and rows.offset >= rows.total and not len(rows):
        lines.append(f"its last row is {rows.total - 1:,}: --offset {max(0, rows.total - LAST)}")
    if rows.further and rows.left != 0 and len(rows):
        count = (
            "more rows" if rows.left is None else f"{rows.left:,} more {'row' if rows.left == 1 else 'rows'}"
        )
        lines.append(f"… {count}: {rows.further}")
    return lines


def _linked(origin: Origin, name: str) -> str:
    if origin.url and origin.url.startswith(("https://", "http://")):
        there = f'href="{page.escape(origin.url)}" target="_blank" rel="noopener noreferrer"'
        return f"<a {there}>{page.escape(name)}</a>"
    return page.escape(name)


def _grid(rows: Rows) -> str:
    if not rows.columns or not len(rows):
        return ""
    columns = rows.columns[:MOST_COLUMNS]
    count = min(len(rows), max(10, min(MOST_ROWS, MOST_CELLS // len(columns))))
    chars = max(20, min(SIGNS, MOST_SIGNS // (count * len(columns))))
    room = thumbs.Room()
    drawn = [
        _lines(rows, at, column, _cells(rows, at, column, chars)[:count], room)
        for at, column in enumerate(columns)
    ]
    numbers = rows.numbers or range(rows.offset, rows.offset + count)
    head = "".join(
        f'<th scope="col"{_class(one)}>{page.escape(_name(one))}'
        f"<span>{page.escape(marks.visible(one.type))}</span></th>"
        for one in columns
    )
    lines = "".join(
        f'<tr><th scope="row">{number:,}</th>{"".join(line)}</tr>'
        for number, *line in zip(numbers, *drawn, strict=False)
    )
    unseen = [f"{len(rows) - count:,} more rows"] if len(rows) > count else []
    unseen += (
        [f"{len(rows.columns) - len(columns):,} more columns"] if len(columns) < len(rows.columns) else []
    )
    more = page.foot(f"{' and '.join(unseen)} are not drawn here") if unseen else ""
    return (
        f'<div class="scroll"><table class="cells"><thead><tr><th></th>{head}</tr></thead>'
        f"<tbody>{lines}</tbody></table></div>{more}"
    )


def _class(column: Column) -> str:
    return ' class="num"' if column.kind == "number" else ""


def _lines(rows: Rows, at: int, column: Column, cells: Sequence[Cell], room: thumbs.Room) -> list[str]:
    said = [fit.word(cell) for cell in cells]
    short = _short(said, column)
    return [
        _drawn(
            column,
            cell,
            said[row],
            short[row],
            _picture(rows, at, row, room) if column.kind == "image" else None,
        )
        for row, cell in enumerate(cells)
    ]


def _drawn(column: Column, cell: Cell, said: str, short: str, picture: str | None) -> str:
    if picture:
        return f'<td><img src="{picture}" alt="{page.escape(said)}" title="{page.escape(said)}"></td>'
    if cell is None:
        return f'<td class="soft">{units.NONE}</td>'
    lost = short != said and float(short) != float(said)
    title = f' title="{page.escape(said)}"' if lost else ""
    if column.kind in ("text", "chat", "struct", "list") and len(said) > LONG:
        return f'<td class="long"><div>{page.escape(short)}</div></td>'
    return f"<td{_class(column)}{title}>{page.escape(short)}</td>"


def _picture(rows: Rows, at: int, row: int, room: thumbs.Room) -> str | None:
    one = rows.table.column(at)[row]
    try:
        data = one["bytes"] if "bytes" in getattr(one.type, "names", ()) else one
    except (KeyError, TypeError, IndexError):
        return None
    if not data.is_valid or not hasattr(data, "as_buffer"):
        return None
    return room.address(data.as_buffer().to_pybytes())


def _schema(rows: Rows) -> str:
    if not rows.columns:
        return '<div class="soft">no columns</div>'
    lines = [
        [_name(one), marks.visible(one.type), marks.visible(one.stored[:200])]
        for one in rows.columns[:MOST_ROWS]
    ]
    table = grid.grid(
        [plain.Column("column"), plain.Column("type"), plain.Column("stored as")], lines, wide=2
    )
    count = len(rows.columns)
    return f"<details><summary>{count:,} column{'s' * (count != 1)}</summary>{table}</details>"


def _cost(cost: Cost) -> str:
    of = f" of {units.size(cost.of)}" if cost.of else ""
    said = f"{cost.what} would move {units.size(cost.bytes)}{of}."
    if not cost.bytes:
        said = f"{cost.what} would move nothing: what it needs is here."
    if cost.agreed is not None and cost.bytes > cost.agreed:
        said += (
            f" More than {units.size(cost.agreed)} must be allowed: --allow {-(-cost.bytes // 1_000_000)}MB"
        )
    return said


def _saved(saved: Saved) -> str:
    rows = f"{saved.rows:,} {'row' if saved.rows == 1 else 'rows'}"
    return f"{saved.path}: {rows}, {units.size(saved.bytes)} of {saved.form}"
