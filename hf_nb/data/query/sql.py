"""SQL over sources: `run("select label, count(*) from t group by all", {"t": source})`.

Parquet is read by DuckDB itself, through our files (`fs`): it plans which columns and row groups it needs, and every
byte is counted. What lies in memory is handed over as it is; any other source comes as a stream.
"""

# ruff: noqa: S608 -- SQL is made here: names are quoted by `query.names`, conditions parsed by `query.tree`
from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from hf_nb.data.files import meter
from hf_nb.data.query import engine, fs, handing, head, keeping, price, result, scan, tree, wanted
from hf_nb.data.query.coming import Coming, settled
from hf_nb.data.query.names import nearest, quoted
from hf_nb.errors import BadInput, Refused
from hf_nb.plumbing.extras import require

if TYPE_CHECKING:
    import duckdb
    import pyarrow

    from hf_nb.data.source import Source

# What may stand where a table would: nothing that opens a file or takes SQL as a text.
FUNCTIONS = {"range", "generate_series", "unnest", "repeat", "repeat_row", "json_each", "json_tree"}


def run(query: str, tables: Mapping[str, Source]) -> Source:
    """The answer as a source: in memory, or in a file of this process where it is large."""
    used = check(query, tables)
    return settled([tables[name] for name in used], lambda: _run(query, tables, used))


def _run(query: str, tables: Mapping[str, Source], used: Mapping[str, int]) -> Source:
    _agreed(query, {name: tables[name] for name in used})
    first = head.rows(tree.query(query))
    with contextlib.ExitStack() as around:
        duck = around.enter_context(engine.cursor(alone=True))
        for name, times in used.items():
            if first is not None and not scan.held(tables[name]):
                rows = tables[name].read(0, first, scan_columns(query, tables[name], name) or None)
                duck.register(name, handing.table(rows, wanted.names(tables[name].schema)))
            else:
                _hand_over(duck, around, name, tables[name], several=times > 1)
        reader = _asked(duck, query).to_arrow_reader(keeping.BATCH)
        answer = keeping.kept(reader)
    noted, features = _remembered(answer.schema, [tables[name] for name in used])
    if noted:
        answer = answer.replace_schema_metadata(
            {b"huggingface": json.dumps({"info": {"features": noted}}).encode()}
        )
    made = result.source(answer, _named(query))
    made.features = features
    return made


def check(query: str, tables: Mapping[str, Source]) -> dict[str, int]:
    """Refuses what is not one SELECT over these tables; says which of them it uses, and how often."""
    parsed = tree.query(query)
    by = {name.lower(): name for name in tables}
    used: dict[str, int] = {}
    for name in tree.tables(parsed):
        if name.lower() not in by:
            near = nearest(name, tables)
            raise BadInput(
                f"There is no table {name!r}.",
                f"Did you mean {near[0]!r}?" if near else f"Tables: {', '.join(list(tables)[:10]) or 'none'}",
            )
        used[by[name.lower()]] = used.get(by[name.lower()], 0) + 1
    if strange := sorted(tree.functions(parsed) - FUNCTIONS):
        raise Refused(
            f"A query may not call {strange[0]}().",
            "It reads the tables it is given: open files with data.open().",
        )
    return used


def _agreed(query: str, tables: Mapping[str, Source]) -> None:
    """Refuses what will move more than was agreed before it moves anything; what may end early is let begin."""
    said = price.of(query, tables)
    if not said.early:
        meter.may(said.bytes, "The query" if said.exact else "At most, the query")


def scan_columns(query: str, source: Source, table: str = "t") -> tuple[str, ...]:
    """The columns of the source that a query over `table` looks at; none for a bare count(*)."""
    check(query, {table: source})
    parsed = tree.query(query)
    shown = any(part.get("type") == "SHOW_REF" for part in tree.walk(parsed))
    if not shown and tree.columns(parsed) == []:
        return ()
    schema = source.schema
    called = wanted.names(schema)
    with engine.cursor() as duck:
        duck.register(table, handing.table(schema.empty_table(), called))
        plan = json.loads(duck.execute(f"EXPLAIN (FORMAT json) {query}").fetchall()[0][1])
    touched = {said for part in tree.walk(plan) for said in _projected(part)}
    return tuple(name for name, sql in called.items() if _among(sql, touched))


def _asked(duck: duckdb.DuckDBPyConnection, query: str) -> duckdb.DuckDBPyRelation:
    """The query, not begun yet. Only `execute` says where in the text a mistake stands, and it fails before it runs."""
    foreign = require("duckdb", "data", "Queries over tables")
    try:
        return duck.sql(query)
    except (foreign.BinderException, foreign.CatalogException):
        duck.execute(query)
        raise


def _projected(part: Mapping[str, Any]) -> list[str]:
    if "ARROW_SCAN" not in str(part.get("name")):
        return []
    said = part.get("extra_info", {}).get("Projections", [])
    return [said] if isinstance(said, str) else list(said)


def _among(name: str, touched: set[str]) -> bool:
    """A field of a nested column is said as `column.field`."""
    return name in touched or any(one.startswith(f"{name}.") for one in touched)


def _hand_over(
    duck: duckdb.DuckDBPyConnection,
    around: contextlib.ExitStack,
    name: str,
    source: Source,
    *,
    several: bool,
) -> None:
    called = wanted.names(source.schema)
    files = [getattr(part, "file", None) for part in source.parts]
    if all(
        file is not None and hasattr(part, "footer") for file, part in zip(files, source.parts, strict=True)
    ):
        handing_over = around.enter_context(fs.opened([file for file in files if file is not None]))
        duck.execute(fs.view(name, handing_over, called))
    elif scan.held(source):
        duck.register(name, handing.table(source.read(0, source.count()), called))
    else:
        stream = Coming(_stream(source, called), handing.table(source.read(0, 0), called))
        around.enter_context(stream.watched())
        if several:  # a stream can be read once
            duck.register("coming", stream.reader())
            duck.execute(f"CREATE TEMP TABLE {quoted(name)} AS SELECT * FROM coming")
            duck.unregister("coming")
        else:
            duck.register(name, stream.reader())


def _stream(source: Source, called: Mapping[str, str]) -> Iterator[pyarrow.Table]:
    columns = source.schema.names
    for _, rows in scan.scan(source, columns, scan.spans(source, columns), f"Reading {source.origin.name}"):
        yield handing.table(rows, called)


def _remembered(schema: pyarrow.Schema, sources: list[Source]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is known of columns that came through as they were: that numbers are labels, that bytes are a picture."""
    noted: dict[str, Any] = {}
    features: dict[str, Any] = {}
    for source in sources:
        said = (source.schema.metadata or {}).get(b"huggingface")
        try:
            known = json.loads(said)["info"]["features"] if said else {}
        except (ValueError, KeyError, TypeError):
            known = {}
        for field in schema:
            at = source.schema.get_field_index(field.name)
            if at < 0 or source.schema.field(at).type != field.type:
                continue
            if isinstance(known, dict) and field.name in known:
                noted.setdefault(field.name, known[field.name])
            if field.name in source.features:
                features.setdefault(field.name, source.features[field.name])
    return noted, features


def _named(query: str) -> str:
    said = " ".join(query.split())
    return said if len(said) <= 80 else f"{said[:79]}…"
