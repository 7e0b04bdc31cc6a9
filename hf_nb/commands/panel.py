"""`panel`: a panel in the notebook."""

from __future__ import annotations

import click

from hf_nb.commands.tree import Verb, call
from hf_nb.errors import BadInput

NAMES = ("models", "datasets", "spaces", "playground", "compare", "inference")
INSTEAD = {
    "models": "The same as text: %hf search models",
    "datasets": "The same as text: %hf search datasets",
    "spaces": "The same as text: %hf search spaces",
    "playground": "The same as text: hf-nb infer",
    "compare": "The same as text: hf-nb compare",
    "inference": "The same as text: %hf stats",
}


@click.command(
    cls=Verb,
    short_help="Browse models, datasets and Spaces, try and compare models, watch work: click instead of typing.",
)
@click.argument("name", required=False, default="models", type=click.Choice(NAMES, case_sensitive=False))
@click.argument("text", nargs=-1)
@click.option("--task", help="Begin with this task, for example text-classification.")
@click.option(
    "-m", "--model", "models", multiple=True, help="Playground, compare: begin with this model; repeatable."
)
def panel(name: str, text: tuple[str, ...], *, task: str | None, models: tuple[str, ...]) -> object:
    r"""A panel in the notebook; in JupyterLab the same ones are in the sidebar.

    \b
    %hf panel models sentiment
    %hf panel models --task translation
    %hf panel datasets chat
    %hf panel spaces
    %hf panel playground --task translation
    %hf panel compare -m hfnb-demo/chat-en -m hfnb-demo/pydoc-gpt
    %hf panel inference
    """
    asked = click.get_current_context().obj
    if asked.face == "terminal" and not asked.code:
        raise BadInput("A panel is for a notebook, and this is a terminal.", INSTEAD[name])
    if models and name not in ("playground", "compare"):
        raise BadInput(
            f"The {name} panel does not begin with a model.", f"%hf panel playground -m {models[0]}"
        )
    if name == "playground" and len(models) > 1:
        said = " ".join(f"-m {one}" for one in models)
        raise BadInput("The playground tries one model at a time.", f"%hf panel compare {said}")
    given = (
        {"contenders": list(models)} if name == "compare" and models else {"model": next(iter(models), None)}
    )
    return call("hf_nb.panel", name, text=" ".join(text) or None, task=task, **given)
