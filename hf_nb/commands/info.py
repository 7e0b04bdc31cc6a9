"""`info`: one repository."""

import click

from hf_nb.commands.tree import Verb, call


@click.command(cls=Verb, short_help="Read a card, its files and numbers.")
@click.argument("repo")
@click.option(
    "--kind",
    "--type",
    type=click.Choice(["model", "dataset", "space"]),
    help="When the id alone does not say it.",
)
@click.option("--revision", help="A branch, tag or commit.")
def info(repo: str, kind: str | None, revision: str | None) -> object:
    r"""What the Hub knows of REPO: owner/name, datasets/owner/name or spaces/owner/name.

    \b
    %hf info hfnb-demo/sentiment-en
    %hf info datasets/hfnb-demo/digits
    """
    return call("hf_nb.info", repo, kind=kind, revision=revision)
