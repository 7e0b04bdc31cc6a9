"""`stats`: what the answers of this session came to."""

import click

from hf_nb.commands.tree import Verb, call
from hf_nb.values import Code, Text


@click.command(cls=Verb, short_help="See how many answers there were, how fast, at what cost.")
@click.option("--prometheus", is_flag=True, help="As text for Prometheus.")
def stats(*, prometheus: bool) -> object:
    r"""How many answers there were, how fast they came, what they cost and what went wrong, by method and model.

    In a terminal every command is a session of its own, so there it has nothing to count.

    \b
    %hf stats
    %hf stats --json
    %hf stats --prometheus
    """
    made = call("hf_nb.infer.stats")
    if not prometheus:
        return made
    return Code(f"{made.source}.prometheus()") if isinstance(made, Code) else Text(made.prometheus())
