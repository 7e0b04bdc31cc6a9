"""`loaded`: the models in memory."""

from __future__ import annotations

import click

from hf_nb.commands.tree import Verb, call


@click.command(cls=Verb, short_help="See which models are in memory, and free them.")
@click.option("--unload", metavar="ID", help="Free this model's memory; the next call loads it again.")
def loaded(*, unload: str | None) -> object:
    r"""Which models are in this kernel's memory, how large they are and how often they were used.

    In a terminal every command is a process of its own, so there nothing stays in memory.

    \b
    %hf loaded
    %hf loaded --unload hfnb-demo/sentiment-en
    """
    return call("hf_nb.infer.unload", unload) if unload else call("hf_nb.infer.loaded")
