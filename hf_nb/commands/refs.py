"""`refs`: branches, tags and pull requests."""

import click

from hf_nb.commands.of_kind import OF_KIND
from hf_nb.commands.tree import Verb, call


@click.command(cls=Verb, short_help="List branches, tags and pull requests.")
@click.argument("repo")
@OF_KIND
def refs(repo: str, kind: str | None) -> object:
    r"""Every branch, tag and pull request of REPO, and the commit it stands at.

    \b
    %hf refs hfnb-demo/sentiment-en
    %hf refs datasets/hfnb-demo/digits
    """
    return call("hf_nb.refs", repo, kind=kind)
