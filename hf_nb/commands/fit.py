"""`fit`: will it run here."""

from __future__ import annotations

import click

from hf_nb.commands.tree import Verb, call


@click.command(cls=Verb, short_help="Before any download: does a model fit this machine, and how fast is it?")
@click.argument("model", metavar="ID")
@click.option("--task", metavar="TASK", help="The task, where the model is good for several.")
@click.option("--tokens", type=click.IntRange(1), default=27, show_default=True, help="Length of the input.")
@click.option(
    "--new-tokens", type=click.IntRange(1), default=64, show_default=True, help="Length of the answer."
)
@click.option("--dtype", type=click.Choice(["fp32", "bf16", "fp16", "int8", "int4"]), help="Loaded as.")
@click.option("--revision", help="A branch, tag or commit; or write owner/name@revision.")
def fit(
    model: str, *, task: str | None, tokens: int, new_tokens: int, dtype: str | None, revision: str | None
) -> object:
    r"""What a model would take of this machine: memory and seconds, from its config, before it is downloaded.

    The model is built without its weights and watched at work; what its steps take here is measured and kept. At most
    300 KB are read.

    \b
    %hf fit hfnb-demo/sentiment-en
    %hf fit hfnb-demo/pydoc-gpt --new-tokens 200
    """
    return call(
        "hf_nb.fit", model, task=task, tokens=tokens, new_tokens=new_tokens, dtype=dtype, revision=revision
    )
