"""The same rows in other libraries' words; None where they have none for it, or the files are not theirs to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hf_nb.panels.in_code import literal

if TYPE_CHECKING:
    from hf_nb.data.query.wanted import Filter
    from hf_nb.panels.data.coding import Meant

MOST_FILES = 40
# An ending, and how duckdb, polars and datasets read such files.
READERS: dict[str, tuple[str, str | None, str]] = {
    ".parquet": ("read_parquet", "scan_parquet", "parquet"),
    ".csv": ("read_csv", "scan_csv", "csv"),
    ".jsonl": ("read_json", "scan_ndjson", "json"),
}


# Signs that stand for others in the name of a file.
GLOB = frozenset("*?[")
FLOATS = ("double", "float", "halffloat")


def in_duckdb(one: Meant) -> str | None:
    """DuckDB reads the files itself; those of the Hub through its own client, which has the user's token."""
    read, files = _read(one, 0), _files(one)
    if read is None or files is None:
        return None
    hub = one.table.origin.place == "hub"
    listed = ", ".join(_sql(file if hub else _plain(file)) for file in files)
    before, asked = "import duckdb\n\n", "duckdb"
    if hub:
        before = "import duckdb\nfrom huggingface_hub import HfFileSystem\n\ndb = duckdb.connect()\n"
        before, asked = f"{before}db.register_filesystem(HfFileSystem())\n", "db"
    query = one.over(f"t AS (SELECT * FROM {read}([{listed}]))")  # noqa: S608 -- shown, not run; names are quoted
    quotes = '"""' if '"""' not in query else "'''"
    if quotes in query or "\\" in query:
        return f"{before}{asked}.sql({literal(query)}).df()"
    return f"{before}{asked}.sql({quotes}\n{query}\n{quotes}).df()"


def in_polars(one: Meant) -> str | None:
    """A lazy frame, collected."""
    read, files = _read(one, 1), _files(one)
    if read is None or files is None or one.of.sql or one.wanted.search or one.wanted.where:
        return None
    before, given = _polars_files(one, files)
    steps = [f"pl.{read}({given}{', try_parse_dates=True' if read == 'scan_csv' else ''})"]
    for filter_ in one.wanted.filters:
        condition = _polars(filter_, one)
        if condition is None:
            return None
        steps.append(f".filter({condition})")
    if one.wanted.sort:
        column, down = one.wanted.sort
        by = f"pl.col({literal(column)}).fill_nan(None)" if _floats(column, one) else literal(column)
        steps.append(f".sort({by}, descending={down}, nulls_last=True, maintain_order=True)")
    if one.columns is not None:
        steps.append(f".select({literal(one.columns)})")
    if one.count is not None:
        steps.append(f".slice({one.first}, {one.count})")
    steps.append(".collect()")
    return f"{before}\n(\n    " + "\n    ".join(steps) + "\n)"


def _polars_files(one: Meant, files: list[str]) -> tuple[str, str]:
    """What is imported, and the files. Polars knows one Hub: those of another come through the Hub's client."""
    before = "import polars as pl\n"
    origin = one.source.origin
    if origin.place == "hub" and not (origin.url or "").startswith("https://huggingface.co/"):
        opened = [f"HfFileSystem().open({literal(file)})" for file in files]
        given = opened[0] if len(opened) == 1 else f"[{', '.join(opened)}]"
        return f"{before}from huggingface_hub import HfFileSystem\n", given
    given = literal(files[0] if len(files) == 1 else files)
    return before, f"{given}, glob=False" if any(GLOB & {*file} for file in files) else given


def in_datasets(one: Meant) -> str | None:
    """`load_dataset`, which downloads the whole split first."""
    of, origin = one.of, one.source.origin
    if of.sql or not one.wanted.all or of.in_memory:
        return None
    if origin.place == "hub":
        words = [of.what, *([of.config] if of.config else [])]
        named: dict[str, Any] = {"split": of.split or "train"} | (
            {"revision": of.revision} if of.revision else {}
        )
    else:
        kind, files = _read(one, 2), _files(one)
        if kind is None or files is None or any(GLOB & {*file} for file in files):
            return None
        words, named = [kind], {"data_files": files, "split": "train"}
    given = ", ".join([*map(literal, words), *(f"{name}={literal(value)}" for name, value in named.items())])
    said = ["from datasets import load_dataset", "", f"rows = load_dataset({given})"]
    if one.wanted.sort:
        column, down = one.wanted.sort
        said.append(f"rows = rows.sort({literal(column)}, reverse={down})")
    if one.columns is not None:
        said.append(f"rows = rows.select_columns({literal(one.columns)})")
    if one.count is not None:
        said.append(f"rows = rows.select(range({one.first}, {one.first + one.count}))")
    return "\n".join(said)


def _read(one: Meant, which: int) -> str | None:
    endings = {_ending(part.name) for part in one.table.parts}
    found = READERS.get(endings.pop()) if len(endings) == 1 else None
    return found[which] if found else None


def _ending(name: str) -> str:
    return next((ending for ending in READERS if name.lower().endswith(ending)), "")


def _files(one: Meant) -> list[str] | None:
    """Addresses of its files, as other libraries take them."""
    of, source = one.of, one.table
    if of.in_memory or not 0 < len(source.parts) <= MOST_FILES:
        return None
    listed = [part.name for part in source.parts]
    if source.origin.place == "hub":
        at = f"@{of.revision}" if of.revision else ""
        return [f"hf://datasets/{source.origin.name}{at}/{name}" for name in listed]
    if source.origin.place == "disk":
        return listed
    return None if source.origin.place != "url" or len(listed) != 1 else [of.what]


def _polars(filter_: Filter, one: Meant) -> str | None:
    """A filter as an expression; None for times, which the page names in its own way."""
    kinds = {column.name: column.kind for column in one.source.columns}
    told = filter_.test in ("null", "filled")  # of a column of any kind
    if not told and kinds.get(filter_.column) not in ("number", "text", "label", "bool"):
        return None
    column, values = f"pl.col({literal(filter_.column)})", list(filter_.values)
    match filter_.test:
        case "null":
            return f"{column}.is_null()"
        case "filled":
            return f"{column}.is_not_null()"
        case "has":
            said = (
                f"{column}.str.to_lowercase().str.contains({literal(str(values[0]).lower())}, literal=True)"
            )
            return said if values and kinds[filter_.column] == "text" else None
        case "in":
            met = f"{column}.is_in({literal([value for value in values if value is not None])})"
            return f"({met} | {column}.is_null())" if None in values else met
        case "between":
            if _floats(filter_.column, one):  # what is no number is more than any other there
                column += ".fill_nan(None)"
            return _range(column, values, closed=filter_.closed)
    return None


def _floats(name: str, one: Meant) -> bool:
    return any(each.name == name and each.stored.startswith(FLOATS) for each in one.source.columns)


def _range(column: str, values: list[Any], *, closed: bool) -> str:
    low, high = values
    ends = [] if low is None else [f"({column} >= {literal(low)})"]
    ends += [] if high is None else [f"({column} {'<=' if closed else '<'} {literal(high)})"]
    return " & ".join(ends) or f"{column}.is_not_null()"


def _plain(path: str) -> str:
    """A file's name in which no sign stands for others."""
    return "".join(f"[{sign}]" if sign in GLOB else sign for sign in path)


def _sql(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
