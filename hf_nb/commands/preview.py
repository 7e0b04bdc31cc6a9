"""`preview`: rows of any table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from hf_nb.commands import of_table
from hf_nb.commands.tree import Verb, call


@click.command(cls=Verb, short_help="See rows of any dataset, file or DataFrame.")
@of_table.of_table
@click.option("--offset", type=click.IntRange(0), default=0, help="The first row, counted from 0.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="Rows to show.")
@of_table.of_rows
@click.option("--quote", is_flag=True, help="Say what it would move, and move nothing but what says it.")
@of_table.ALLOW
def preview(table: Any, *, columns: tuple[str, ...], quote: bool, **how: Any) -> object:
    r"""Rows of WHAT: a dataset's id, a path, an address, or an object of this notebook ($df).

    Only what these rows need is fetched, from anywhere in a table of any size.

    \b
    %hf preview hfnb-demo/digits --split test
    %hf preview reviews.csv --where "stars < 3" --sort stars:desc
    %hf preview $df --offset 2500000 --columns text,label
    %hf preview hfnb-demo/digits --limit 1000 --quote
    """
    verb = "hf_nb.data.cost" if quote else "hf_nb.data.preview"
    return _named(call(verb, table, columns=of_table.columns(columns), **how), table)


def _named(value: object, table: Any) -> object:
    """With the line for the next rows as it is typed here: a command, or with the variable's name."""
    from hf_nb.values import Rows

    asked = click.get_current_context().obj
    if not isinstance(value, Rows) or not value.further:
        return value
    variable = asked.objects.get(id(table))
    if variable and value.further.startswith("--"):
        return replace(value, further=f"%hf preview ${variable} {value.further}")
    if asked.face == "terminal":
        return replace(value, further=value.further.replace("%hf ", "hf-nb ", 1))
    return value
