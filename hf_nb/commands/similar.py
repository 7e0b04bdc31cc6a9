"""`similar`: how near texts are to one."""

from __future__ import annotations

from typing import Any

import click

from hf_nb.commands.tree import OBJECT, Verb, call


@click.command(cls=Verb, body=True, short_help="Compare a text with others by meaning.")
@click.argument("sentence", required=False)
@click.argument("others", nargs=-1, type=OBJECT)
@click.option("-m", "--model", type=OBJECT, help="A model's id, a folder, or $model of the notebook.")
@click.option("--provider", metavar="NAME", help="auto, local, hf, a server of yours, or hashing.")
@click.option("--timeout", type=click.FloatRange(min=0), help="Seconds for all of it.")
@click.pass_context
def similar(
    ctx: click.Context,
    sentence: str | None,
    others: tuple[Any, ...],
    model: str | None,
    provider: str | None,
    timeout: float | None,
) -> object:
    r"""How near each of OTHERS is to SENTENCE: words in quotes, a list of the notebook, or the lines of the cell.

    \b
    %hf similar "The soup was cold." "My soup arrived cold." "The train was late."
    %hf similar "A quiet room" $df["review"]
    %%hf similar "The soup was cold."
    My soup arrived cold.
    The train was late.
    """
    body = ctx.obj.body
    compared: Any = others[0] if len(others) == 1 and not isinstance(others[0], str) else list(others)
    if body is not None:
        lines = [line for line in body.splitlines() if line.strip()]
        compared = [*others, *lines]
        if sentence is None and lines:
            sentence, compared = lines[0], lines[1:]
    if sentence is None:
        raise click.UsageError("It wants a sentence, and others to compare it with.", ctx)
    return call(
        "hf_nb.infer.similar", sentence, compared, model=model, provider=provider or "auto", timeout=timeout
    )
