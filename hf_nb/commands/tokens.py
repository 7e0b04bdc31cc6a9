"""`tokens`: the tokens of this machine, by name."""

import click

from hf_nb.commands.tree import Noun, Verb, call


class Listing(Noun):
    """Without a word of its own: the list."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group(cls=Listing, short_help="Your tokens by name; switch and replace them.")
def tokens() -> None:
    r"""The tokens of this machine, by name. What they are is never shown.

    \b
    %hf tokens
    %hf tokens use work
    %hf tokens rotate work
    """


@tokens.command("list", cls=Verb, short_help="Every token by its name.")
def list_() -> object:
    r"""Names, what they may do if that is known, and which one is in use.

    \b
    %hf tokens
    """
    return call("hf_nb.tokens.list")


@tokens.command(cls=Verb, short_help="Switch to a token, at once.")
@click.argument("name")
def use(name: str) -> object:
    r"""Switch to the token NAME: here, and for every library in this kernel, without a restart.

    \b
    %hf tokens use work
    """
    return call("hf_nb.tokens.use", name)


@tokens.command(cls=Verb, short_help="Put a new token in the place of an old one.")
@click.argument("name")
@click.option("--paste", is_flag=True, help="Ask for the new one at a prompt that hides it.")
@click.option("--from-env", metavar="VARIABLE", help="Take the new one from this variable.")
@click.option(
    "--wait",
    type=click.FloatRange(min=1),
    metavar="SECONDS",
    help="Wait no longer than this for the browser.",
)
def rotate(name: str, *, paste: bool, from_env: str | None, wait: float | None) -> object:
    r"""Replace the token NAME by a new one. The old one stays until the new one has been checked.

    \b
    %hf tokens rotate work
    %hf tokens rotate work --paste
    """
    return call("hf_nb.tokens.rotate", name, paste=paste, from_env=from_env, wait=wait)
