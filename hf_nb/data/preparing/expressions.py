"""Expressions over one row, for a whole stretch of rows at once: `length(text) > 20`, in SQL."""

# ruff: noqa: S608 -- SQL is made here: names are quoted, expressions parsed by `query.tree`
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hf_nb.data.query import engine, handing, tree, wanted
from hf_nb.data.query.names import quoted
from hf_nb.errors import BadInput

if TYPE_CHECKING:
    import pyarrow

# Another answer every time: what was broken off could not go on.
_CHANGING = {
    "random", "setseed", "uuid", "gen_random_uuid", "uuidv4", "uuidv7", "nextval", "now", "today", "current_date",
    "current_time", "current_timestamp", "current_localtime", "current_localtimestamp", "get_current_time",
    "get_current_timestamp", "transaction_timestamp",
}  # fmt: skip


def checked(expression: str, schema: pyarrow.Schema) -> None:
    """Refuses what is no expression over one row of this table, before anything is read."""
    parsed = tree.condition(expression)
    called = {str(part.get("function_name", "")).lower() for part in tree.walk(parsed)}
    named = {one[-1].lower() for one in tree.columns(parsed) or ()} - {name.lower() for name in schema.names}
    if strange := sorted((called | named) & _CHANGING):
        raise BadInput(
            f"{strange[0]}() says something else every time.",
            "What was broken off could not go on: leave it out.",
        )
    empty = schema.empty_table()
    with engine.cursor() as duck:
        duck.register("t", handing.table(empty, wanted.names(schema)))
        duck.execute(f"SELECT 1 FROM t WHERE ({expression}\n) IS NULL")  # sums over rows are refused here
        duck.execute(f"SELECT ({expression}\n) FROM t")


def touched(expression: str, schema: pyarrow.Schema) -> set[str]:
    """The columns it looks at."""
    said = tree.columns(tree.condition(expression))
    called = {sql.lower(): name for name, sql in wanted.names(schema).items()}
    if said is None:
        return set(schema.names)
    return {called[part.lower()] for parts in said for part in parts[:2] if part.lower() in called}


def evaluated(expressions: Sequence[str], table: pyarrow.Table) -> list[pyarrow.ChunkedArray]:
    """A column per expression, in the rows' order: DuckDB's may be another, since a long IN is a join to it."""
    import numpy

    called = wanted.names(table.schema)
    listed = ", ".join(f"({one}\n) AS made{at}" for at, one in enumerate(expressions))
    ids = numpy.arange(table.num_rows, dtype=numpy.uint32)
    with engine.cursor() as duck:
        duck.register("t", handing.numbered(table, called, ids))
        query = f"SELECT {listed}, {quoted(handing.id_name(called))} AS of_row FROM t"
        found = duck.sql(query).to_arrow_table()
    if found.num_rows != table.num_rows:
        raise BadInput("An expression gives one value per row.", "For other rows: hf_nb.data.sql(…)")
    made: list[pyarrow.ChunkedArray] = list(found.columns[:-1])
    at = found.columns[-1].to_numpy()
    if (at == ids).all():
        return made
    order = numpy.argsort(at)
    return [one.take(order) for one in made]
