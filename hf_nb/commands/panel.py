"""`panel`: a panel in the notebook."""

from __future__ import annotations

import click

from hf_nb.commands.tree import Verb, call
from hf_nb.errors import BadInput

NAMES = ("models", "datasets", "spaces", "inference")
INSTEAD = {
    "models": "The same as text: %hf search models",
    "datasets": "The same as text: %hf search datasets",
    "spaces": "The same as text: %hf search spaces",
    "inference": "The same as text: %hf stats",
}


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
    asked = click.get_current_context().obj
    if asked.face == "terminal" and not asked.code:
        raise BadInput("A panel is for a notebook, and this is a terminal.", INSTEAD[name])
    return call("hf_nb.panel", name, text=" ".join(text) or None, task=task)
