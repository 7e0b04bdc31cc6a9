"""`lock`: hold a notebook to what it used."""

import click

from hf_nb.commands.tree import Noun, Verb, call


class Writing(Noun):
    """Without a word of its own: write the file."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            args = ["write", *args]
        return super().parse_args(ctx, args)


_FILE = click.option("--file", metavar="PATH", help="A lock file elsewhere than beside the notebook.")


@click.group(cls=Writing, short_help="Hold a notebook to the commits it used.")
def lock() -> None:
    r"""Write down the commits, checksums and licences of what this notebook used; where hf.lock lies, it is held to.

    \b
    %hf lock
    %hf lock --update hfnb-demo/sentiment-en
    %hf lock check --online
    """


@lock.command(cls=Verb, short_help="Write down what this session used.")
@click.option(
    "--update",
    is_flag=False,
    flag_value="",
    metavar="[ID]",
    help="Move this repository, or all, to where the Hub is now.",
)
@click.option("--fresh", is_flag=True, help="Only what this session used; forget the rest.")
@click.option("--strict/--no-strict", default=None, help="Refuse every repository that is not in it.")
@_FILE
@click.pass_context
def write(
    ctx: click.Context,
    update: str | None,
    fresh: bool,  # noqa: FBT001 -- click passes it by name
    strict: bool | None,  # noqa: FBT001 -- the same
    file: str | None,
) -> object:
    r"""Write hf.lock beside the notebook: every model, dataset and Space used, its commit, files, checksums, licence.

    \b
    %hf lock
    %hf lock --strict
    %hf lock --update
    %hf lock --update datasets/hfnb-demo/digits
    """
    if update is None:
        return call("hf_nb.lock.write", file=file, fresh=fresh, strict=strict)
    if fresh or strict is not None:
        raise click.UsageError("--update goes alone, or with --file.", ctx)
    return call("hf_nb.lock.update", *([update] if update else []), file=file)


@lock.command(cls=Verb, short_help="Read the lock file.")
@_FILE
def show(file: str | None) -> object:
    r"""What the lock file holds.

    \b
    %hf lock show
    """
    return call("hf_nb.lock.read", *([file] if file else []))


@lock.command(cls=Verb, short_help="See whether the lock still holds.")
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--online", is_flag=True, help="Also ask the Hub: what is gone, changed, or newer.")
@click.option("--contents", is_flag=True, help="Read every cached file whole and compare its checksum.")
@click.option("--strict", is_flag=True, help="A newer commit or another licence fails, too.")
def check(
    files: tuple[str, ...],
    online: bool,  # noqa: FBT001 -- click passes it by name
    contents: bool,  # noqa: FBT001 -- the same
    strict: bool,  # noqa: FBT001 -- the same
) -> object:
    r"""Whether what hf.lock holds is on this machine as it was locked, and on the Hub. The exit code is 1 if not.

    \b
    %hf lock check
    %hf lock check --online
    %hf lock check --online --strict notebooks/hf.lock
    """
    return call("hf_nb.lock.check", *files, online=online, contents=contents, strict=strict)
