"""`infer`: run a task on a model."""

import click

from hf_nb.commands.tree import Verb, call


@click.command(cls=Verb, body=True, short_help="Run a model on a text.")
@click.argument("text", nargs=-1)
@click.option("-m", "--model", help="A model's id, or a folder.")
@click.option("--task", help="Needed when neither the model nor the default says it.")
@click.option("--revision", help="A branch, tag or commit of the model.")
@click.pass_context
def infer(
    ctx: click.Context, text: tuple[str, ...], model: str | None, task: str | None, revision: str | None
) -> object:
    r"""Run a model on TEXT, or on the body of the cell.

    \b
    %hf infer "I love it"
    %%hf infer -m hfnb-demo/sentiment-en
    The room was small, but we loved the view.
    """
    body = ctx.obj.body
    if body is not None and text:
        raise click.UsageError(
            "The text is in the cell's body; leave it off the first line (options only).", ctx
        )
    if model is None and task is None:
        task = "text-classification"
    return call(
        "hf_nb.infer.run",
        " ".join(text) if body is None else body.removesuffix("\n"),
        model=model,
        task=task,
        revision=revision,
    )
