"""`last` and `tb`: what the notebook's last commands left."""

import traceback as stacks

import click

from hf_nb.commands.tree import Answer, Memory, Verb
from hf_nb.plumbing import redact
from hf_nb.values import Text


@click.command(cls=Verb, short_help="Show the last result again.")
@click.pass_context
def last(ctx: click.Context) -> object:
    r"""The last result again, in another format or under a name.

    \b
    %hf last --json
    %hf last -o kept
    """
    memory = _memory(ctx)
    if memory is None or memory.value is None:
        raise click.UsageError("There is no result yet.", ctx)
    return memory.value


@click.command("tb", cls=Verb, short_help="The whole stack of the last error.")
@click.pass_context
def traceback(ctx: click.Context) -> object:
    """Where the last error came from, line by line, for a bug report. Tokens are taken out."""
    memory = _memory(ctx)
    if memory is None or memory.error is None:
        raise click.UsageError("No command has failed yet.", ctx)
    return Text(redact.text("".join(stacks.format_exception(memory.error)).rstrip()))


def _memory(ctx: click.Context) -> Memory | None:
    if not isinstance(ctx.obj, Answer) or ctx.obj.face != "notebook":
        raise click.UsageError("This is for a notebook, which keeps its last result and error.", ctx)
    return ctx.obj.memory
