"""`cache responses`: the copies of the Hub's answers."""

import click

from hf_nb.commands.tree import Verb, call


@click.command(cls=Verb, short_help="Answers of the Hub that are kept for a while.")
@click.option("--clear", is_flag=True, help="Remove them all.")
def responses(*, clear: bool) -> object:
    r"""How many of the Hub's answers about repositories are kept on this disk, and for how long.

    \b
    %hf cache responses
    %hf cache responses --clear
    %hf settings response_cache_minutes=60
    """
    return call("hf_nb.responses", clear=clear)
