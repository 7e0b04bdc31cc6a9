"""`embed`: texts as vectors."""

from __future__ import annotations

from typing import Any

import click

from hf_nb.commands import answering
from hf_nb.commands.tree import OBJECT, Verb, call


@click.command(cls=Verb, body=True, short_help="Turn texts into vectors.")
@click.argument("texts", nargs=-1, type=OBJECT)
@click.option("-m", "--model", type=OBJECT, help="A model's id, a folder, or $model of the notebook.")
@click.option("--provider", metavar="NAME", help="auto, local, hf, a server of yours, or hashing.")
@click.option("--timeout", type=click.FloatRange(min=0), help="Seconds for all of it.")
@answering.anew
@click.pass_context
def embed(
    ctx: click.Context,
    texts: tuple[Any, ...],
    model: str | None,
    provider: str | None,
    timeout: float | None,
    *,
    fresh: bool,
) -> object:
    r"""Turn each TEXT into a vector: words in quotes, the lines of the cell, or a list or column of the notebook.

    \b
    %hf embed "A quiet room." "A silent chamber."
    %hf embed $df["review"]
    %%hf embed -o vectors
    The soup was cold.
    The train was late.
    """
    return call(
        "hf_nb.infer.embed",
        _texts(ctx, texts),
        model=model,
        provider=provider or "auto",
        timeout=timeout,
        fresh=fresh,
    )


def _texts(ctx: click.Context, texts: tuple[Any, ...]) -> Any:
    body = ctx.obj.body
    if body is not None:
        if texts:
            raise click.UsageError(
                "The texts are the lines of the cell; leave them off the first line (options only).", ctx
            )
        return [line for line in body.splitlines() if line.strip()]
    return texts[0] if len(texts) == 1 and not isinstance(texts[0], str) else list(texts)
