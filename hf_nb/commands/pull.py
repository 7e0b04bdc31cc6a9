"""`pull`: a repository, or some of its files, onto this disk."""

import click

from hf_nb.commands.tree import Verb, call


@click.command(cls=Verb, short_help="Download a repository, or some of its files.")
@click.argument("repo")
@click.argument("files", nargs=-1)
@click.option(
    "--kind",
    "--type",
    "--repo-type",
    type=click.Choice(["model", "dataset", "space"]),
    help="When the id alone does not say it.",
)
@click.option("--revision", help="A branch, tag or commit.")
@click.option("--include", multiple=True, metavar="PATTERN", help="Only these; may be repeated.")
@click.option("--exclude", multiple=True, metavar="PATTERN", help="Not these; may be repeated.")
@click.option("--to", "--local-dir", "to", metavar="FOLDER", help="Into this folder, not into the cache.")
@click.option("--dry-run", is_flag=True, help="Say what would come, how big it is, and whether it fits.")
@click.option("--verify", is_flag=True, help="Check what is here already too, and mend what is damaged.")
def pull(repo: str, files: tuple[str, ...], **how: object) -> object:
    r"""Download REPO, or only FILES of it. What is here is not fetched again; a line that was stopped goes on.

    \b
    %hf pull hfnb-demo/sentiment-en
    %hf pull hfnb-demo/sentiment-en config.json tokenizer.json
    %hf pull datasets/hfnb-demo/digits --include "*.parquet" --dry-run
    """
    return call("hf_nb.pull", repo, *files, **how)
