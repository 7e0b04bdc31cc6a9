"""`info`: one repository."""

import click

from hf_nb.commands.of_kind import OF_KIND
from hf_nb.commands.tree import Verb, call


@click.command(cls=Verb, short_help="Read a card, its files and numbers.")
@click.argument("repo")
@OF_KIND
@click.option("--revision", help="A branch, tag or commit; or write owner/name@revision.")
@click.option("--files", is_flag=True, help="Every file with its size.")
@click.option("--card", is_flag=True, help="The card's whole text.")
def info(repo: str, kind: str | None, revision: str | None, files: bool, card: bool) -> object:  # noqa: FBT001 -- click passes them by name
    r"""What the Hub knows of REPO: owner/name, datasets/owner/name, spaces/owner/name, or its address in a browser.

    \b
    %hf info hfnb-demo/sentiment-en
    %hf info datasets/hfnb-demo/digits --files
    %hf info hfnb-demo/sentiment-en@main --card
    """
    return call("hf_nb.info", repo, kind=kind, revision=revision, files=files, card=card)
