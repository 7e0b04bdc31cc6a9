"""`limits`: what is used and left."""

import click

from hf_nb.commands.tree import Verb, call


@click.command(cls=Verb, short_help="See how often the Hub may be asked.")
def limits() -> object:
    r"""What is used and left of the Hub's limits and of your own.

    \b
    %hf limits
    %hf limits --json
    %hf settings requests_per_minute=60
    """
    return call("hf_nb.limits")
