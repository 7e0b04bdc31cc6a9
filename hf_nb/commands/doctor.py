"""`doctor`: why it fails or is slow."""

import click

from hf_nb.commands.tree import Verb, call


@click.command(cls=Verb, short_help="Find out why it fails or is slow.")
def doctor() -> object:
    r"""Look at the Hub, the network, the token, the disk, the settings and the software, in five seconds.

    Nothing secret is in what it says: paste it into a report.

    \b
    %hf doctor
    %hf doctor --json
    """
    return call("hf_nb.doctor")
