"""`explore`: a table to look around in."""

from __future__ import annotations

from typing import Any

import click

from hf_nb.commands import of_table
from hf_nb.commands.tree import Verb, call


@click.command(cls=Verb, short_help="Look around in a table of any size: scroll, sort, filter, ask.")
@of_table.of_table
def explore(table: Any, **how: Any) -> object:
    r"""WHAT in a cell, to scroll through, sort, filter, search and ask with SQL.

    \b
    %hf explore hfnb-demo/digits
    %hf explore $df
    """
    said = {name: value for name, value in how.items() if value}
    asked = click.get_current_context().obj
    variable = asked.objects.get(id(table))
    if variable and not asked.code:  # for the code that the explorer shows
        said["name"] = variable
    return call("hf_nb.data.explore", table, **said)
