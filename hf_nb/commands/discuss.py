"""`discuss`: what people say about a repository, and what they propose."""

import click

from hf_nb.commands.of_kind import OF_KIND
from hf_nb.commands.tree import Verb, call


@click.command(cls=Verb, body=True, short_help="Read and open discussions and pull requests.")
@click.argument("repo")
@click.argument("number", type=click.IntRange(1), required=False)
@click.option("--status", type=click.Choice(["open", "closed", "all"]), default="open", show_default=True)
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="Rows to show.")
@click.option("--title", help="Open a discussion; its text is the body of the cell.")
@click.option("--pr", is_flag=True, help="With --title: open a pull request.")
@OF_KIND
@click.pass_context
def discuss(
    ctx: click.Context,
    repo: str,
    number: int | None,
    status: str,
    limit: int,
    title: str | None,
    pr: bool,  # noqa: FBT001 -- click passes it by name
    kind: str | None,
) -> object:
    r"""List the discussions of REPO, read one, open one, or answer; closing and merging: %hf discussions.

    \b
    %hf discuss hfnb-demo/sentiment-en
    %hf discuss hfnb-demo/sentiment-en 3
    %%hf discuss hfnb-demo/sentiment-en --title "Which texts was it trained on?"
    The card names a data set, but no version.
    %%hf discuss hfnb-demo/sentiment-en 3
    Thank you, that helps.
    """
    text = (ctx.obj.body or "").strip("\n")
    if title is not None and number is not None:
        raise click.UsageError("A new discussion has no number yet: leave out the number or --title.", ctx)
    if title is not None:
        return call("hf_nb.discuss.open", repo, title, text, pull_request=pr, kind=kind)
    if pr:
        raise click.UsageError('A pull request needs a title: --pr --title "…"', ctx)
    if number is None:
        if text:
            raise click.UsageError(
                'To open a discussion with this text: --title "…"; to answer one: its number.', ctx
            )
        return call("hf_nb.discuss.list", repo, status=status, limit=limit, kind=kind)
    if text:
        return call("hf_nb.discuss.comment", repo, number, text, kind=kind)
    return call("hf_nb.discuss.read", repo, number, kind=kind)
