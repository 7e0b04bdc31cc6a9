"""`whoami`: the person behind the token in use."""

import click

from hf_nb.commands.tree import Verb, call


@click.command(cls=Verb, short_help="Who you are here, and what your token may do.")
def whoami() -> object:
    r"""Your name, your organisations, and what the token in use may do.

    \b
    %hf whoami
    """
    return call("hf_nb.whoami")
