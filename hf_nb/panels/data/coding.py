"""The same rows in code: a line, Python, SQL, and as `datasets`, polars and duckdb say it, where they can."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hf_nb.data.query import names
from hf_nb.data.query import wanted as conditions
from hf_nb.panels.data import asked, held, tables
from hf_nb.panels.data.counted import counted
from hf_nb.panels.data.elsewhere import in_datasets, in_duckdb, in_polars
from hf_nb.panels.in_code import line, python

if TYPE_CHECKING:
    from hf_nb.data.query.wanted import Wanted
    from hf_nb.data.source import Source
    from hf_nb.panels.data.asked import Of
    from hf_nb.panels.desk import Ask

# Rows that a line shows where all are meant; a file takes more.
LINE_ROWS = 100_000
# What a query gave, where more is asked of that.
ANSWER = "answer"


@dataclass(frozen=True)
class Meant:
    """What is to be said: a table, a view of it, columns (none: all), the first row and how many."""

    of: Of
    source: Source
    wanted: Wanted
    columns: list[str] | None
    first: int
    count: int | None
    asked: Source | None = None  # the table that a query is about, where others are to read it

    @property
    def table(self) -> Source:
        """The table whose files they are."""
        return self.asked or self.source

    @property
    def plain(self) -> bool:
        """All rows as they stand."""
        return self.wanted.all and self.wanted.sort is None

    @property
    def sql(self) -> str:
        """The view as SQL over `t`, with the columns and rows that are meant."""
        return self.over()

    def over(self, *tables: str) -> str:
        """The same after these tables were made, each `name AS (…)`."""
        name = ANSWER if self.of.sql else "t"
        said = conditions.sql(self.wanted, self.source.schema, name)
        if self.columns is not None:
            called = conditions.names(self.source.schema)
            said = said.replace("*", ", ".join(names.quoted(called[one]) for one in self.columns), 1)
        if self.count is not None:
            said += f" LIMIT {self.count}" + (f" OFFSET {self.first}" if self.first else "")
        elif self.of.sql and self.plain and self.columns is None and not tables:
            return self.of.sql
        made = [*tables, *([f"{ANSWER} AS (\n{self.of.sql}\n)"] if self.of.sql else [])]
        return f"WITH {', '.join(made)}\n{said}" if made else said


def codes(
    ask: Ask,
    *,
    of: dict[str, Any],
    view: dict[str, Any] | None = None,
    columns: list[str] | None = None,
    rows: list[int] | None = None,
) -> dict[str, Any]:
    """`data.codes`."""
    with counted(ask):
        one = meant(ask, asked.of(of), view, columns, rows)
        if one.of.sql is not None:
            table = tables.source(ask, dataclasses.replace(one.of, sql=None))
            one = dataclasses.replace(one, asked=table)
        return {
            **in_hf_nb(one),
            "sql": one.sql,
            "datasets": in_datasets(one),
            "polars": in_polars(one),
            "duckdb": in_duckdb(one),
        }


def meant(
    ask: Ask,
    of: Of,
    view: Mapping[str, Any] | None,
    columns: Sequence[str] | None,
    rows: list[int] | None,
) -> Meant:
    """A selection as a page says it."""
    source = tables.source(ask, of)
    first, count = asked.first_last(rows)
    source.check(columns)
    chosen = None if columns is None or list(columns) == source.schema.names else list(columns)
    return Meant(of, source, asked.wanted(view), chosen, first, count)


def in_hf_nb(one: Meant) -> dict[str, str]:
    """`%hf preview …` and `hf_nb.data.preview(…)`; a query is `%%hf sql`."""
    if one.of.sql is not None:
        return _queried(one)
    named = _named(one)
    if one.of.in_memory:
        name = held.name_of(one.of.what) or "df"
        call = _of_name(python("hf_nb.data.preview", [one.of.what], named), one.of.what, name)
        return {"magic": call, "python": call}
    words = [one.of.what]
    for key, value in named.items():
        said = ",".join(value) if isinstance(value, list) else str(value)
        words += [f"--{key}", said]
    if any("," in column for column in one.columns or ()):  # the line would take it for two
        call = python("hf_nb.data.preview", [one.of.what], named)
        return {"magic": call, "python": call}
    return line("preview", *words, python=python("hf_nb.data.preview", [one.of.what], named))


def _named(one: Meant) -> dict[str, Any]:
    of, wanted = one.of, one.wanted
    where = conditions.condition(dataclasses.replace(wanted, search=""), one.source.schema).sql
    sort = wanted.sort and f"{wanted.sort[0]}:{'desc' if wanted.sort[1] else 'asc'}"
    total = one.source.rows
    count = one.count or (min(total, LINE_ROWS) if total else None)
    named: dict[str, Any] = {"config": of.config, "split": of.split, "revision": of.revision, "where": where}
    named |= {
        "search": wanted.search,
        "sort": sort,
        "columns": one.columns,
        "offset": one.first,
        "limit": count,
    }
    return {name: value for name, value in named.items() if value not in (None, "", 0)}


def _queried(one: Meant) -> dict[str, str]:
    of = one.of
    where = {"config": of.config, "split": of.split, "revision": of.revision}
    where = {name: value for name, value in where.items() if value}
    opened = python("hf_nb.data.open", [of.what], where).partition("\n\n")[2]
    if of.in_memory:
        opened = held.name_of(of.what) or "df"
    call = (
        python("hf_nb.data.sql", [one.sql], {"t": "\0"})
        .replace('"\\u0000"', opened)
        .replace("'\\x00'", opened)
    )
    return {"magic": call, "python": call}


def _of_name(call: str, handle: str, name: str) -> str:
    """The variable in the place of its handle."""
    return call.replace(f'"{handle}"', name, 1)
