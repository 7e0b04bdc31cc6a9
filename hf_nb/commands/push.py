"""`push`: a path, a notebook or an object, into a repository."""

from typing import Any

import click

from hf_nb.commands.objects import OBJECT
from hf_nb.commands.tree import Verb, call


@click.command(cls=Verb, short_help="Send files, a notebook, a table or a model to the Hub.")
@click.argument("repo")
@click.argument("what", nargs=-1, type=OBJECT)
@click.option(
    "--kind",
    "--type",
    "--repo-type",
    type=click.Choice(["model", "dataset", "space"]),
    help="When neither the id nor what is pushed says it.",
)
@click.option("--path-in-repo", metavar="PATH", help="Where in the repository; at its top by default.")
@click.option("-m", "--message", "--commit-message", "message", help="What the commit says.")
@click.option("--description", "--commit-description", "description", default="", help="More of it.")
@click.option(
    "--private/--public", default=True, help="A new repository is private unless this says --public."
)
@click.option("--create-pr", is_flag=True, help="Propose it as a pull request.")
@click.option("--revision", help="A branch to push to; made if it is new.")
@click.option("--dry-run", is_flag=True, help="Show what would go. Nothing leaves this machine.")
@click.option("--notebook", is_flag=True, help="The notebook this cell is in, as last saved.")
@click.option("--strip-outputs", is_flag=True, help="Notebooks without their outputs.")
@click.option("--include", multiple=True, metavar="PATTERN", help="Of a folder only these; may be repeated.")
@click.option("--exclude", multiple=True, metavar="PATTERN", help="Not these; may be repeated.")
@click.option("--config", default="default", metavar="NAME", help="Tables: the dataset's config.")
@click.option("--split", default="train", metavar="NAME", help="Tables: the dataset's split.")
@click.option("--card/--no-card", default=True, help="Write a card where there is none.")
@click.option(
    "--allow-secret",
    "allow_secrets",
    multiple=True,
    metavar="SPOT",
    help="A spot the scan named that holds no secret, for example train.py:12.",
)
def push(repo: str, what: tuple[Any, ...], **how: Any) -> object:
    r"""Send WHAT to REPO in one commit: a file, a folder, a notebook, or an object of this notebook.

    Everything is looked through for secrets first. A new repository is private.

    \b
    %hf push me/results results/ --dry-run
    %hf push me/reviews $df --split test
    %hf push me/classifier $model $tokenizer
    %hf push me/analysis --notebook --strip-outputs
    """
    return call("hf_nb.push", repo, *what, **how)
