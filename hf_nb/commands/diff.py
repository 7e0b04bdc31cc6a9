"""`diff`: what changed."""

import click

from hf_nb.commands.of_kind import OF_KIND
from hf_nb.commands.tree import Verb, call


@click.command(cls=Verb, short_help="See what changed between two revisions.")
@click.argument("repo")
@click.argument("old", required=False)
@click.argument("new", required=False)
@OF_KIND
def diff(repo: str, old: str | None, new: str | None, kind: str | None) -> object:
    r"""What changed in REPO from OLD to NEW (main): files, card, settings, columns, tensors. Nothing is downloaded.

    Without OLD: in the last commit. Revisions are branches, tags, commits, refs/pr/3, main~2, or days.

    \b
    %hf diff hfnb-demo/sentiment-en
    %hf diff hfnb-demo/sentiment-en v0.1..main
    %hf diff hfnb-demo/sentiment-en main refs/pr/3
    """
    return call("hf_nb.diff", repo, *filter(None, (old, new)), kind=kind)
