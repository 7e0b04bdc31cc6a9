"""`panel`: a panel in the notebook."""

from __future__ import annotations

import click

from hf_nb.commands.tree import Verb, call

NAMES = ("models", "datasets", "spaces", "inference")


@click.command(
    cls=Verb, short_help="Browse models, datasets and Spaces, watch running work: click instead of typing."
)
@click.argument("name", required=False, default="models", type=click.Choice(NAMES, case_sensitive=False))
@click.argument("text", nargs=-1)
@click.option("--task", help="Models and datasets: begin with this task, for example text-classification.")
def panel(name: str, text: tuple[str, ...], *, task: str | None) -> object:
    r"""A panel in the notebook; in JupyterLab the same ones are in the sidebar.

    \b
    %hf panel models sentiment
    %hf panel models --task translation
    %hf panel datasets chat
    %hf panel spaces
    %hf panel inference
    """
    return call("hf_nb.panel", name, text=" ".join(text) or None, task=task)
