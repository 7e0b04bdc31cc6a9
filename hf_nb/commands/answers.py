"""`cache answers`: the answers of models that are kept."""

import click

from hf_nb.commands.tree import Verb, call


@click.command(cls=Verb, short_help="Answers of models that are kept.")
@click.option("--clear", is_flag=True, help="Remove them all.")
def answers(*, clear: bool) -> object:
    r"""How many answers of models are kept on this disk; what was used longest ago goes when room is needed.

    \b
    %hf cache answers
    %hf cache answers --clear
    %hf settings answers_cache=0
    """
    return call("hf_nb.infer.answers", clear=clear)
