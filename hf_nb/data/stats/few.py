"""Summaries of some rows, taken from many places of a table: a few megabytes at most, and said to be a sample."""

# ruff: noqa: S608 -- SQL is made here: names are quoted by `query.names`, conditions parsed by `query.tree`
from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from hf_nb.data.query import engine, handing, scan, wanted
from hf_nb.data.query.names import quoted
from hf_nb.data.stats.way import way
from hf_nb.data.stats.whole import told
from hf_nb.errors import Costly

if TYPE_CHECKING:
    import pyarrow

    from hf_nb.data.parts import Part
    from hf_nb.data.query.wanted import Wanted
    from hf_nb.data.source import Source
    from hf_nb.values.summaries import Basis, Summary

BYTES = 4_000_000  # that are moved for it
PARTS = 4  # files that are looked into
PLACES = 8  # in all of them
ROWS = 1000  # from each


def summaries(source: Source, asked: Wanted, names: Sequence[str]) -> Iterator[Summary]:
    """Of the columns that can be had for so little. With conditions: of the sample's rows that fulfil them."""
    columns = {column.name: column for column in source.columns}
    light = [name for name in names if columns[name].kind not in {"image", "audio", "video", "binary"}]
    condition = wanted.condition(asked, source.schema)
    needed = list(dict.fromkeys([*light, *condition.columns]))
    rows = _sample(source, needed) if light else None
    if rows is None or not rows.num_rows:
        return
    called = wanted.names(source.schema)
    with engine.cursor() as duck:
        complete = rows.num_rows == source.rows
        if condition.sql:
            rows = _met(duck, rows, called, condition.sql)
        for name in light:
            import pyarrow

            duck.register("t", pyarrow.table({"v": handing.known(rows.column(name))}))
            over = way(rows.schema.field(name), columns[name]).over("v")
            total = source.rows if asked.all else None
            basis: Basis = "all" if complete else "sample"
            yield told(duck, name, over, columns[name].labels, basis=basis, of=total).summary


def _met(duck: object, rows: pyarrow.Table, called: dict[str, str], condition: str) -> pyarrow.Table:
    import numpy
    import pyarrow

    name = quoted(handing.id_name(called))
    duck.register("t", handing.numbered(rows, called, numpy.arange(rows.num_rows)))  # type: ignore[attr-defined]
    met = duck.sql(f"SELECT {name} AS id FROM t WHERE {condition}").fetchnumpy()["id"]  # type: ignore[attr-defined]
    return rows.take(pyarrow.array(met))


def _sample(source: Source, columns: Sequence[str]) -> pyarrow.Table | None:
    """Rows from places spread over the files; None where even the smallest piece is too much."""
    import pyarrow

    parts = _spread(source.parts, PARTS)
    places = max(1, PLACES // len(parts))
    left, tables = BYTES, []
    for part in parts:
        have = [name for name in columns if name in part.schema.names]
        for start, count in _places(part, places):
            price = part.cost(start, count, have) if scan.remote(source) else 0
            if price > left:
                continue
            left -= price
            tables.append(part.read(start, count, have))
    if not tables:
        try:
            return source.read(0, ROWS // 10, columns)
        except Costly:
            return None
    return pyarrow.concat_tables(tables, promote_options="permissive")


def _places(part: Part, count: int) -> list[tuple[int, int]]:
    """Where a file is looked into: all over it where its rows can be found, else at its beginning."""
    if part.rows is None and not hasattr(part, "footer"):
        return [(0, ROWS)]
    rows = part.count()
    if rows <= count * ROWS:
        return [(0, rows)]
    return [(at * (rows - ROWS) // max(1, count - 1), ROWS) for at in range(count)]


def _spread(parts: Sequence[Part], count: int) -> list[Part]:
    if len(parts) <= count:
        return list(parts)
    return [parts[at * (len(parts) - 1) // (count - 1)] for at in range(count)]
