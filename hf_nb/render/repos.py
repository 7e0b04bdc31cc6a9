"""A list of repositories."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

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
    "parameters": "largest first",
    "size": "largest first",
    "downloads:asc": "fewest downloads first",
    "likes:asc": "fewest likes first",
    "updated:asc": "longest unchanged first",
    "created:asc": "oldest first",
    "parameters:asc": "smallest first",
    "size:asc": "smallest first",
}
# An output lives in its notebook: what is too long for a look is left to the DataFrame.
MOST_SHOWN = 200
# What fits a cell as it is needs no tooltip.
SHORT = 20
_NAMED, _TITLE, _WIDE = 3, 500, 36


def _access(row: Row) -> str:
    return ", ".join(word for word in (row.gated and "gated", row.private and "private") if word) or OPEN


def _some(words: tuple[str, ...], most: int = _NAMED) -> str:
    return (", ".join(words[:most]) + (" …" if len(words) > most else "")) or units.NONE


def _columns(row: Row) -> str:
    """How many, where there is more than one to name."""
    count = f"{len(row.columns)}: " if len(row.columns) > 1 else ""
    named = f"{count}{_some(row.columns)}"
    return named if len(named) <= _WIDE else f"{named[: _WIDE - 2].rstrip(' …')} …"


def _wait(row: Row) -> str:
    """About how long a download takes; nobody needs the seconds of an hour."""
    if row.seconds is None:
        return units.NONE
    for unit, length in (("days", 86_400), ("h", 3600), ("min", 60), ("s", 1)):
        if row.seconds >= 2 * length:
            return f"≈ {row.seconds / length:.0f} {unit}"
    return "≈ 1 s" if row.seconds >= 1 else "< 1 s"


ID = Field(plain.Column("id"), lambda row: row.id, lambda row: row.id)
TASK = Field(
    plain.Column("task", keep=3), lambda row: row.task or units.NONE, lambda row: row.task or units.NONE
)
LICENCE = Field(plain.Column("licence", keep=5), lambda row: row.licence or units.NONE)
LANGUAGE = Field(plain.Column("language", keep=7), lambda row: _some(row.languages))
PARAMETERS = Field(
    plain.Column("params", right=True, keep=1),
    lambda row: units.count(row.parameters),
    lambda row: "not known" if row.parameters is None else f"{row.parameters:,} parameters",
)
DOWNLOADS = Field(
    plain.Column("downloads", right=True, keep=4),
    lambda row: units.count(row.downloads),
    lambda row: f"{row.downloads or 0:,} downloads",
)
LIKES = Field(
    plain.Column("likes", right=True, keep=8),
    lambda row: units.count(row.likes),
    lambda row: f"{row.likes or 0:,} likes",
)
CREATED = Field(
    plain.Column("created", right=True, keep=1),
    lambda row: units.day(row.created),
    lambda row: str(row.created or ""),
)
UPDATED = Field(
    plain.Column("updated", right=True, keep=9),
    lambda row: units.day(row.updated),
    lambda row: str(row.updated or ""),
)
ACCESS = Field(plain.Column("access", keep=10), _access)
PROVIDERS = Field(
    plain.Column("served by", keep=2), lambda row: _some(row.providers), lambda row: ", ".join(row.providers)
)
ROWS = Field(
    plain.Column("rows", right=True, keep=1),
    lambda row: units.range_of(row.size) if row.rows is None else units.count(row.rows),
    lambda row: "from its size class" if row.rows is None else f"{row.rows:,} rows",
)
FEATURES = Field(
    plain.Column("columns", keep=1), _columns, lambda row: _some(row.columns, len(row.columns))[:_TITLE]
)
BYTES = Field(
    plain.Column("size", right=True, keep=1),
    lambda row: units.size(row.bytes),
    lambda row: "not known" if row.bytes is None else f"{row.bytes:,} bytes",
)
WAIT = Field(plain.Column("download", right=True, keep=2), _wait)
SDK = Field(plain.Column("sdk", keep=1), lambda row: row.sdk or units.NONE)
STAGE = Field(plain.Column("status", keep=2), lambda row: (row.stage or "unknown").lower().replace("_", " "))
HARDWARE = Field(plain.Column("hardware", keep=3), lambda row: row.hardware or units.NONE)

COLUMNS: dict[str, tuple[Field, ...]] = {
    "model": (ID, TASK, PARAMETERS, DOWNLOADS, LIKES, PROVIDERS, LICENCE, LANGUAGE, UPDATED, ACCESS),
    "dataset": (ID, TASK, ROWS, BYTES, WAIT, FEATURES, DOWNLOADS, LIKES, LICENCE, LANGUAGE, UPDATED, ACCESS),
    "space": (ID, SDK, STAGE, HARDWARE, LIKES, LICENCE, UPDATED, ACCESS),
}
# Long words of little variety: cut where a line is short, whole on hover.
CUT = (TASK, PROVIDERS, FEATURES)
NAMES = {"model": ("model", "models"), "dataset": ("dataset", "datasets"), "space": ("Space", "Spaces")}


def text(value: SearchResult | Row) -> str:
    """A table, then what to do next."""
    if isinstance(value, Row):
        fields = _filled(COLUMNS[value.kind], (value,))
        return plain.table([field.column for field in fields], [[field.show(value) for field in fields]])
    if not value.rows:
        return "\n".join(_nothing(value, goes_on="--look"))
    fields = _fields(value)
    table = plain.table(
        [field.column for field in fields], [[field.show(row) for field in fields] for row in value.rows]
    )
    return "\n".join([table, "", *_summary(value, notebook=False)])


def html(value: SearchResult | Row) -> str:
    """The same table, with exact numbers on hover and ids that lead to their pages."""
    rows = (value,) if isinstance(value, Row) else value.rows[:MOST_SHOWN]
    if not rows:
        assert isinstance(value, SearchResult)
        first, *rest = _nothing(value, goes_on="%hf search --more")
        return page.frame(f"<div>{page.escape(first)}</div>{page.foot(*rest) if rest else ''}")
    fields = _filled(COLUMNS[value.kind], rows) if isinstance(value, Row) else _fields(value)
    hub = "" if isinstance(value, Row) else value.hub
    head = "".join(f'<th scope="col"{_classes(field)}>{field.column.heading}</th>' for field in fields)
    body = "".join(f"<tr>{''.join(_cell(field, row, hub) for field in fields)}</tr>" for row in rows)
    foot = "" if isinstance(value, Row) else page.foot(*_summary(value, notebook=True))
    return page.frame(
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{foot}'
    )


def _fields(result: SearchResult) -> list[Field]:
    """What it was sorted by is among them."""
    fields = COLUMNS[result.kind]
    if str(result.query.get("sort", "")).startswith("created"):
        fields = tuple(CREATED if field is UPDATED else field for field in fields)
    return _filled(fields, result.rows)


def _filled(fields: tuple[Field, ...], rows: tuple[Row, ...]) -> list[Field]:
    """Without columns in which no row has anything to say."""
    return [
        field
        for field in fields
        if field is ID or any(field.show(row) not in (units.NONE, OPEN) for row in rows)
    ]


def _cell(field: Field, row: Row, hub: str) -> str:
    exact = field.exact(row) if field.exact else ""
    title = (
        f' title="{page.escape(exact)}"' if exact not in ("", field.show(row)) or len(exact) > SHORT else ""
    )
    shown = page.escape(field.show(row))
    if field is not ID:
        return f"<td{_classes(field)}{title}>{shown}</td>"
    if hub.startswith("https://"):  # the offline Hub's port changes, and an output that stays should not
        address = page.escape(f"{hub}/{quote(full_id(row))}")
        shown = f'<a href="{address}" target="_blank" rel="noopener noreferrer">{shown}</a>'
    return f'<td class="id"{title}><code>{shown}</code></td>'


def _classes(field: Field) -> str:
    return ' class="num"' if field.column.right else ' class="cut"' if field in CUT else ""


def _count(result: SearchResult) -> str:
    return f"{len(result.rows):,} {NAMES[result.kind][len(result.rows) != 1]}"


def _summary(result: SearchResult, *, notebook: bool) -> list[str]:
    """How many of how many, in which order; what stopped it; where it goes on."""
    order = ORDERS.get(result.query.get("sort", "trending"), "")
    short = bool(result.checked) and len(result.rows) < result.query.get("limit", 0)
    first = "The first " if result.more and not result.before and not short else ""
    last = result.before + len(result.rows)
    which = f"{NAMES[result.kind][1].capitalize()} {result.before + 1:,} to {last:,}" if result.before else ""
    lines = [f"{which or first + _count(result)}, {order}{_looked(result)}"]
    if result.stopped:
        lines = [f"{lines[0]}.", f"Partial, {_stopped(result)}{_again(result, notebook=notebook)}"]
    elif result.more:
        lines[0] += f"; {_further(result, notebook=notebook)}"
    details = f"Details: %hf info {full_id(result.rows[0])}"
    if notebook or len(lines[0]) + len(details) + 2 > plain.width():
        lines.append(details)
    else:
        lines[0] = f"{lines[0].removesuffix('.')}. {details}"
    notes = [result.note.rstrip(".") + "."] if result.note else []
    if notebook and len(result.rows) > MOST_SHOWN:
        notes.append(f"{MOST_SHOWN} rows are shown; .to_pandas() has all {len(result.rows):,}.")
    if result.kind == "dataset" and not any(row.columns for row in result.rows):
        notes.append("Columns and exact rows: --details.")
    if result.mbit and any(row.seconds is not None for row in result.rows):
        notes.append(f"Download times are for {result.mbit:g} Mbit/s (setting download_mbit).")
    return [*lines, *([" ".join(notes)] if notes else [])]


def _looked(result: SearchResult) -> str:
    """Honest about filters the Hub lacks: they were applied to what it listed."""
    if not result.checked or result.looked is None:
        return ""
    return f" ({result.looked:,} looked at, {_listed(result.checked)} checked here)"


def _further(result: SearchResult, *, notebook: bool) -> str:
    if result.checked and len(result.rows) < result.query.get("limit", 0):
        return "look further: " + ("%hf search --more" if notebook else f"--look {(result.looked or 1) * 10}")
    return "there are more: " + (
        "%hf search --more" if notebook else f"--limit {result.before + 2 * len(result.rows)}"
    )


def _stopped(result: SearchResult) -> str:
    wanted = result.query.get("limit", len(result.rows))
    return f"{len(result.rows):,} of {wanted:,}: {result.stopped}"


def _again(result: SearchResult, *, notebook: bool) -> str:
    return " Try again: %hf search --more" if notebook else " Try again."


def full_id(row: Row) -> str:
    """As `info` takes it: a dataset and a Space say what they are."""
    return row.id if row.kind == "model" else f"{row.kind}s/{row.id}"


def _nothing(result: SearchResult, *, goes_on: str) -> list[str]:
    """What was asked for in vain, and what to try."""
    kinds = NAMES[result.kind][1]
    if result.before:
        return [f"No further {kinds}: these were all {result.before:,}."]
    asked = [
        f"{key.replace('_', ' ')} {_value(value)}" if key != "text" else f'"{value}"'
        for key, value in result.query.items()
        if key not in ("sort", "limit")
    ]
    if not asked:
        return [f"This Hub has no {kinds}."]
    if result.more:
        further = f"--look {(result.looked or 1) * 10}" if goes_on == "--look" else goes_on
        return [
            f"None of the first {result.looked:,} {kinds} looked at match {', '.join(asked)}.",
            f"Look further: {further}",
        ]
    return [f"No {kinds} match {', '.join(asked)}{_looked(result)}.", _wider(result)]


def _value(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _wider(result: SearchResult) -> str:
    if len([key for key in result.query if key not in ("sort", "limit", "text")]) > 0:
        return "Try with fewer filters."
    return f"Try a shorter word, or all of them: %hf search {result.kind}s"
