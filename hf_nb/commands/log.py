"""`log`: commits."""

import click

from hf_nb.commands.of_kind import OF_KIND
from hf_nb.commands.tree import Verb, call


@click.command(cls=Verb, short_help="Read the commits, newest first.")
@click.argument("repo")
@click.argument("revision", required=False)
@click.option("--limit", "-n", type=int, default=20, show_default=True, help="Commits to show.")
@OF_KIND
def log(repo: str, revision: str | None, limit: int, kind: str | None) -> object:
    r"""The commits of REPO, from REVISION on: a branch, a tag, a commit, main~3, or a day.

    \b
    %hf log hfnb-demo/sentiment-en
    %hf log hfnb-demo/sentiment-en v1.0 --limit 5
    %hf log hfnb-demo/sentiment-en 2026-03-20
    """
    return call("hf_nb.log", repo, *filter(None, (revision,)), limit=limit, kind=kind)
