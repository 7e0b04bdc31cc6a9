"""A split as one DuckDB view, and the rows of it that fit a condition.

The view can read the split's files and nothing else on this disk, and no setting can be changed afterwards: a condition
is a stranger's SQL.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from hf_nb.data.serving import cells, rows
from hf_nb.data.serving.asked import Asked, Wrong

if TYPE_CHECKING:
    import duckdb

ROW = "__hf_index_id"
MEMORY, THREADS = "1GB", 2


def matching(asked: Asked) -> dict[str, Any]:
    """`/filter`."""
    import duckdb

    where = f"WHERE {asked['where']}" if asked["where"] else ""
    order = f"ORDER BY {asked['orderby']}" if asked["orderby"] else f"ORDER BY {ROW}"
    with opened(asked) as sql:
        try:
            total = sql.execute(f"SELECT count(*) FROM data {where}").fetchall()[0][0]  # noqa: S608 -- it is asked for
            found = sql.execute(
                f"SELECT * FROM data {where} {order} LIMIT ? OFFSET ?",  # noqa: S608 -- the same
                [asked["length"], asked["offset"]],
            ).to_arrow_table()
        except duckdb.InterruptException:
            raise Wrong("Stopped", "Nobody waits for it any more.") from None
        except duckdb.Error:
            raise Wrong("InvalidParameter", "A query parameter is invalid") from None
    return answer(asked, found, int(total))


def answer(asked: Asked, found: Any, total: int, *, partial: bool = False) -> dict[str, Any]:
    """Rows of the view as the API writes them, under their own numbers."""
    return {
        "features": cells.listed(asked.features),
        "rows": list(rows.shown(asked, found, found.column(ROW).to_pylist())),
        "num_rows_total": total,
        "num_rows_per_page": rows.PAGE,
        "partial": partial,
    }


@contextlib.contextmanager
def opened(asked: Asked) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the view `data`, stopped when nobody waits any more."""
    import duckdb

    asked.check()
    with duckdb.connect() as sql:
        asked.at_stop(sql.interrupt)
        try:
            sql.execute(f"SET memory_limit = '{MEMORY}'")
            sql.execute(f"SET threads = {THREADS}")
            sql.execute("SET max_temp_directory_size = '2GB'")
            sql.execute("SET TimeZone = 'UTC'")
            sql.execute("SET python_enable_replacements = false")  # no variable of ours is a table
            sql.execute(f"SET allowed_paths = [{', '.join(text(file['path']) for file in asked.files)}]")
            sql.execute("SET enable_external_access = false")
            sql.execute("SET lock_configuration = true")
            sql.execute(f"CREATE VIEW data AS {_union(asked)}")
            yield sql
        finally:
            asked.at_stop(None)


def text(value: str) -> str:
    """A text in SQL."""
    return "'" + value.replace("'", "''") + "'"


def named(name: str) -> str:
    """A column in SQL."""
    return '"' + name.replace('"', '""') + '"'


def _union(asked: Asked) -> str:
    before, parts = 0, []
    for file in asked.files:
        source = f"read_parquet({text(file['path'])}, file_row_number = true)"
        parts.append(
            f"SELECT * EXCLUDE (file_row_number), file_row_number + {before} AS {ROW} FROM {source}"  # noqa: S608 -- no stranger's word
        )
        before += file["rows"]
    return " UNION ALL BY NAME ".join(parts)
