"""A list of repositories."""

from collections.abc import Callable
from dataclasses import dataclass

from hf_nb.render import page, plain, units
from hf_nb.values import Row, SearchResult


@dataclass(frozen=True)
class Field:
    """One column: its heading, what it shows of a row, the exact value behind it, and how it is laid out."""

    column: plain.Column
    show: Callable[[Row], str]
    exact: Callable[[Row], str] | None = None


OPEN = "open"
ORDERS = {
    "trending": "by trending rank",
    "downloads": "most downloads first",
    "likes": "most likes first",
    "updated": "last updated first",
    "created": "newest first",
}


def _access(row: Row) -> str:
    return ", ".join(word for word in (row.gated and "gated", row.private and "private") if word) or OPEN


ID = Field(plain.Column("id"), lambda row: row.id)
TASK = Field(plain.Column("task", keep=2), lambda row: row.task or units.NONE)
LICENCE = Field(plain.Column("licence", keep=3), lambda row: row.licence or units.NONE)
LANGUAGE = Field(
    plain.Column("language", keep=5),
    lambda row: ", ".join(row.languages[:3]) + (" …" if len(row.languages) > 3 else "") or units.NONE,
)
PARAMETERS = Field(
    plain.Column("params", right=True, keep=1),
    lambda row: units.count(row.parameters),
    lambda row: f"{row.parameters or 0:,} parameters",
)
DOWNLOADS = Field(
    plain.Column("downloads", right=True, keep=4),
    lambda row: units.count(row.downloads),
    lambda row: f"{row.downloads or 0:,} downloads",
)
LIKES = Field(
    plain.Column("likes", right=True, keep=6),
    lambda row: units.count(row.likes),
    lambda row: f"{row.likes or 0:,} likes",
)
UPDATED = Field(
    plain.Column("updated", right=True, keep=7),
    lambda row: units.day(row.updated),
    lambda row: str(row.updated or ""),
)
ACCESS = Field(plain.Column("access", keep=8), _access)
ROWS = Field(plain.Column("rows", keep=1), lambda row: units.range_of(row.size))
SDK = Field(plain.Column("sdk", keep=1), lambda row: row.sdk or units.NONE)
STAGE = Field(plain.Column("status", keep=2), lambda row: (row.stage or "unknown").lower().replace("_", " "))

COLUMNS: dict[str, tuple[Field, ...]] = {
    "model": (ID, TASK, LANGUAGE, LICENCE, PARAMETERS, DOWNLOADS, LIKES, UPDATED, ACCESS),
    "dataset": (ID, TASK, LANGUAGE, LICENCE, ROWS, DOWNLOADS, LIKES, UPDATED, ACCESS),
    "space": (ID, SDK, STAGE, LICENCE, LIKES, UPDATED, ACCESS),
}
NAMES = {"model": ("model", "models"), "dataset": ("dataset", "datasets"), "space": ("Space", "Spaces")}


def text(value: SearchResult | Row) -> str:
    """A table, then what to do next."""
    if isinstance(value, Row):
        return plain.table(
            [field.column for field in COLUMNS[value.kind]],
            [[field.show(value) for field in COLUMNS[value.kind]]],
        )
    if not value.rows:
        return f"{_none(value)}\n{_wider(value)}"
    fields = _fields(value)
    table = plain.table(
        [field.column for field in fields], [[field.show(row) for field in fields] for row in value.rows]
    )
    return f"{table}\n\n{_summary(value)}"


def html(value: SearchResult | Row) -> str:
    """The same table, with exact numbers on hover."""
    rows = (value,) if isinstance(value, Row) else value.rows
    if not rows:
        assert isinstance(value, SearchResult)
        return page.frame(f"<div>{page.escape(_none(value))}</div>{page.foot(_wider(value))}")
    fields = COLUMNS[value.kind] if isinstance(value, Row) else _fields(value)
    head = "".join(f'<th scope="col"{_classes(field)}>{field.column.heading}</th>' for field in fields)
    body = "".join(f"<tr>{''.join(_cell(field, row) for field in fields)}</tr>" for row in rows)
    foot = "" if isinstance(value, Row) else page.foot(_summary(value))
    return page.frame(
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{foot}'
    )


def _fields(result: SearchResult) -> list[Field]:
    """Without columns in which no row has anything to say."""
    fields = COLUMNS[result.kind]
    return [
        field
        for field in fields
        if field is ID or any(field.show(row) not in (units.NONE, OPEN) for row in result.rows)
    ]


def _cell(field: Field, row: Row) -> str:
    title = f' title="{page.escape(field.exact(row))}"' if field.exact else ""
    shown = page.escape(field.show(row))
    return (
        f'<td class="wide"><code>{shown}</code></td>'
        if field is ID
        else f"<td{_classes(field)}{title}>{shown}</td>"
    )


def _classes(field: Field) -> str:
    return ' class="num"' if field.column.right else ""


def _count(result: SearchResult) -> str:
    return f"{len(result.rows)} {NAMES[result.kind][len(result.rows) != 1]}"


def _summary(result: SearchResult) -> str:
    details, order = (
        f"Details: %hf info {_full_id(result.rows[0])}",
        ORDERS.get(result.query.get("sort", "trending"), ""),
    )
    if not result.more:
        return f"{_count(result)}, {order}. {details}"
    more = f"there are more: --limit {len(result.rows) * 2}"
    return f"The first {_count(result)}, {order}; {more}. {details}"


def _full_id(row: Row) -> str:
    return row.id if row.kind == "model" else f"{row.kind}s/{row.id}"


def _none(result: SearchResult) -> str:
    asked = [
        f"{key} {value}" if key != "text" else f'"{value}"'
        for key, value in result.query.items()
        if key not in ("sort", "limit")
    ]
    return (
        f"No {NAMES[result.kind][1]} match {', '.join(asked)}."
        if asked
        else f"This Hub has no {NAMES[result.kind][1]}."
    )


def _wider(result: SearchResult) -> str:
    if len([key for key in result.query if key not in ("sort", "limit", "text")]) > 0:
        return "Try with fewer filters."
    return f"Try a shorter word, or all of them: %hf search {result.kind}s"
