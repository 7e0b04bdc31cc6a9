"""`logout`: forget a token."""

import click

from hf_nb.commands.tree import Verb, call


@click.command(cls=Verb, short_help="Forget a token.")
@click.argument("name", required=False)
@click.option("--all", "everything", is_flag=True, help="Every stored token.")
def logout(name: str | None, *, everything: bool) -> object:
    r"""Forget the token in use, or the one called NAME. It is not deleted on the Hub.

    \b
    %hf logout
    %hf logout work
    %hf logout --all
    """
    return call("hf_nb.logout", name, everything=everything)
