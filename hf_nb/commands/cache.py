"""`cache`: what is on this disk, what stays, what goes. ls, rm, prune and verify are the official command's."""

import click

from hf_nb.commands.answers import answers
from hf_nb.commands.responses import responses
from hf_nb.commands.tree import Noun, Verb, call

KIND = click.option(
    "--kind",
    "--type",
    "--repo-type",
    type=click.Choice(["model", "dataset", "space"]),
    help="When the id alone does not say it.",
)


@click.group(cls=Noun, official="cache", short_help="What is on this disk, what stays, what goes.")
def cache() -> None:
    r"""The local cache, which every Hugging Face library shares.

    \b
    %hf cache status
    %hf cache pin hfnb-demo/sentiment-en
    %hf cache trim 20GB --dry-run
    """


@cache.command(cls=Verb, short_help="By revision: size, last used, pinned, whole or not.")
@click.argument("repo", required=False)
@KIND
@click.option(
    "--verify", is_flag=True, help="Compare every file with its checksum; nothing is asked of the Hub."
)
def status(repo: str | None, **how: object) -> object:
    r"""What is in the cache, or what of REPO, the last used first.

    \b
    %hf cache status
    %hf cache status hfnb-demo/sentiment-en --verify
    """
    return call("hf_nb.cache.status", *([repo] if repo else []), **how)


@cache.command(cls=Verb, short_help="Let a repository stay, whatever the budget says.")
@click.argument("repo")
@KIND
@click.option("--revision", help="Only this branch, tag or commit.")
def pin(repo: str, **how: object) -> object:
    r"""Let REPO stay in the cache, whatever the budget says.

    \b
    %hf cache pin hfnb-demo/sentiment-en
    """
    return call("hf_nb.cache.pin", repo, **how)


@cache.command(cls=Verb, short_help="Let it go again when room is needed.")
@click.argument("repo")
@KIND
@click.option("--revision", help="Only this commit.")
def unpin(repo: str, **how: object) -> object:
    r"""Let REPO go again when room is needed.

    \b
    %hf cache unpin hfnb-demo/sentiment-en
    """
    return call("hf_nb.cache.unpin", repo, **how)


@cache.command(cls=Verb, short_help="Remove what was used longest ago.")
@click.argument("to", required=False, metavar="[SIZE]")
@click.option("--dry-run", is_flag=True, help="Say what would go; remove nothing.")
def trim(to: str | None, **how: object) -> object:
    r"""Remove what was used longest ago until SIZE is left (without one: the setting cache_budget).

    What is pinned, in use, or being pulled by any process stays.

    \b
    %hf cache trim 20GB --dry-run
    %hf cache trim 500MB
    """
    return call("hf_nb.cache.trim", *([to] if to else []), **how)


cache.add_command(responses)
cache.add_command(answers)
