"""`describe`: what the columns of a table hold."""

from __future__ import annotations

from typing import Any

import click

from hf_nb.commands import of_table
from hf_nb.commands.tree import Verb, call


@click.command(cls=Verb, short_help="What the columns of a table hold, in numbers.")
@of_table.of_table
@click.option("--columns", metavar="A,B", multiple=True, help="Only these.")
@click.option("--where", default="", metavar="SQL", help='Of rows that meet it: "length(text) > 100".')
@click.option("--search", default="", metavar="WORDS", help="Of rows with these words in a text.")
@click.option(
    "--exact", is_flag=True, help="From all rows, whatever it takes; else each line says from how many."
)
@of_table.ALLOW
def describe(table: Any, *, columns: tuple[str, ...], **how: Any) -> object:
    r"""A line per column of WHAT: missing, distinct, lowest, mean, highest, or what is there most often.

    \b
    %hf describe hfnb-demo/digits
    %hf describe $df --columns stars,text
    """
    return call("hf_nb.data.describe", table, columns=of_table.columns(columns), **how)
