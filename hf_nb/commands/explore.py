"""`explore`: a table to look around in."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

import click

from hf_nb.commands import of_table
from hf_nb.commands.tree import Verb, call
from hf_nb.errors import BadInput


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
    if asked.face == "terminal" and not asked.code:
        line = shlex.join(["%hf", "preview", str(table), *_words(said)])
        raise BadInput("The explorer is for a notebook, and this is a terminal.", f"Its rows: {line}")
    variable = asked.objects.get(id(table))
    if variable and not asked.code:  # for the code that the explorer shows
        said["name"] = variable
    return call("hf_nb.data.explore", table, **said)


def _words(said: Mapping[str, str]) -> Iterator[str]:
    for name, value in said.items():
        yield from (f"--{name}", value)
