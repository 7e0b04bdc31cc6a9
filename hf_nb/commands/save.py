"""`save`: a table, or some of its rows, as a file."""

from __future__ import annotations

from typing import Any

import click

from hf_nb.commands import of_table
from hf_nb.commands.tree import Verb, call


@click.command(cls=Verb, short_help="Write a table, or some of its rows, to a file.")
@of_table.of_table
@click.argument("path")
@of_table.of_rows
@click.option("--offset", type=click.IntRange(0), default=0, help="Begin at this row.")
@click.option("--limit", type=click.IntRange(0), help="At most so many rows; all of them by default.")
@click.option("--replace", is_flag=True, help="Over a file that is there.")
@of_table.ALLOW
def save(table: Any, path: str, *, columns: tuple[str, ...], **how: Any) -> object:
    r"""WHAT as a file, by the ending of PATH: parquet, csv, tsv, jsonl, arrow or feather.

    \b
    %hf save hfnb-demo/digits digits.parquet --split test
    %hf save $df reviews.jsonl --where "stars < 3"
    """
    return call("hf_nb.data.save", table, path, columns=of_table.columns(columns), **how)
