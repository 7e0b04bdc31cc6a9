"""`pick`: which model to take."""

from __future__ import annotations

import click

from hf_nb.commands.tree import Verb, call


@click.command(cls=Verb, short_help="Which model to take for a task, and why.")
@click.argument("task")
@click.option("--language", help="A code or a name, for example fr.")
@click.option("--licence", "--license", help="For example apache-2.0.")
@click.option("--memory", metavar="BYTES", help="What it may take at most: 500MB, 4GB.")
@click.option("--seconds", type=float, help="How long an answer may take here.")
@click.option("--dataset", metavar="NAME", help="Compare by what is stated of this one.")
@click.option("--limit", type=click.IntRange(1, 50), default=5, show_default=True, help="Rows to show.")
def pick(
    task: str,
    *,
    language: str | None,
    licence: str | None,
    memory: str | None,
    seconds: float | None,
    dataset: str | None,
    limit: int,
) -> object:
    r"""Models for TASK, the best first: stated results, use, speed on this machine and age, under what you ask.

    Each says its reasons; what was left out is named with why. Results are what cards state, and whose word it is.

    \b
    %hf pick text-classification --language en
    %hf pick text-generation --memory 2GB --seconds 5
    """
    return call(
        "hf_nb.pick",
        task,
        language=language,
        licence=licence,
        memory=memory,
        seconds=seconds,
        dataset=dataset,
        limit=limit,
    )
