"""`settings`: what is set, and where it comes from."""

import click

from hf_nb.commands.tree import Verb
from hf_nb.plumbing import session
from hf_nb.values import Table


@click.command(cls=Verb, short_help="See what is set, and where.")
def settings() -> object:
    """Every setting with its value, its source and what it does."""
    rows = session.current().settings.table()
    return Table(
        ("setting", "value", "from", "what it does"),
        tuple((row.name, row.value, row.source, row.help) for row in rows),
    )
