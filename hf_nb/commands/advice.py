"""`advice`: what would save most time or money."""

from __future__ import annotations

import click

from hf_nb.commands.tree import Verb, call


@click.command(cls=Verb, short_help="See which changes would save most time or money.")
@click.option(
    "--take", type=click.IntRange(min=1), metavar="N", help="Do what advice N says, where it is a setting."
)
@click.option(
    "--undo", type=click.IntRange(min=1), metavar="N", help="The setting as it was before advice N."
)
@click.option("--no-trial", is_flag=True, help="Only what follows from what was seen; nothing is tried.")
@click.pass_context
def advice(ctx: click.Context, *, take: int | None, undo: int | None, no_trial: bool) -> object:
    r"""Which changes would have saved most time or money in this session, each with its gain and the line for it.

    Where questions were asked on this machine, both ways are tried with them, which takes a few seconds. In a notebook
    each has a button that does it, and takes it back; a change of code comes as a cell. In a terminal every command is
    a session of its own, so there it has nothing to go by.

    \b
    %hf advice
    %hf advice --take 1
    %hf advice --undo 1
    """
    if take is not None and undo is not None:
        raise click.UsageError("--take or --undo, one at a time.", ctx)
    if take is not None:
        return call("hf_nb.infer.take_advice", take)
    if undo is not None:
        return call("hf_nb.infer.undo_advice", undo)
    return call("hf_nb.infer.advice", measure=not no_trial)
