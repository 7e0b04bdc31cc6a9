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


def in_duckdb(one: Meant) -> str | None:
    """DuckDB reads the files itself."""
    read, files = _read(one, 0), _files(one)
    if read is None or files is None:
        return None
    listed = ", ".join(_sql(file) for file in files)
    query = one.over(f"t AS (SELECT * FROM {read}([{listed}]))")  # noqa: S608 -- shown, not run; names are quoted
    quotes = '"""' if '"""' not in query else "'''"
    if quotes in query or "\\" in query:
        return f"import duckdb\n\nduckdb.sql({literal(query)}).df()"
    return f"import duckdb\n\nduckdb.sql({quotes}\n{query}\n{quotes}).df()"


def in_polars(one: Meant) -> str | None:
    """A lazy frame, collected."""
    read, files = _read(one, 1), _files(one)
    if read is None or files is None or one.of.sql or one.wanted.search or one.wanted.where:
        return None
    steps = [f"pl.{read}({literal(files[0] if len(files) == 1 else files)})"]
    for filter_ in one.wanted.filters:
        condition = _polars(filter_, one)
        if condition is None:
            return None
        steps.append(f".filter({condition})")
    if one.wanted.sort:
        column, down = one.wanted.sort
        steps.append(f".sort({literal(column)}, descending={down}, nulls_last=True)")
    if one.columns is not None:
        steps.append(f".select({literal(one.columns)})")
    if one.count is not None:
        steps.append(f".slice({one.first}, {one.count})")
    steps.append(".collect()")
    return "import polars as pl\n\n(\n    " + "\n    ".join(steps) + "\n)"


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
        if kind is None or files is None:
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
    endings = {_ending(part.name) for part in one.source.parts}
    found = READERS.get(endings.pop()) if len(endings) == 1 else None
    return found[which] if found else None


def _ending(name: str) -> str:
    return next((ending for ending in READERS if name.lower().endswith(ending)), "")


def _files(one: Meant) -> list[str] | None:
    """Addresses of its files, as other libraries take them."""
    of, source = one.of, one.source
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
    if kinds.get(filter_.column) not in ("number", "text", "label", "bool"):
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
            return _range(column, values, closed=filter_.closed)
    return None


def _range(column: str, values: list[Any], *, closed: bool) -> str:
    low, high = values
    ends = [] if low is None else [f"({column} >= {literal(low)})"]
    ends += [] if high is None else [f"({column} {'<=' if closed else '<'} {literal(high)})"]
    return " & ".join(ends) or f"{column}.is_not_null()"


def _sql(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
