"""`login`: with a browser, at a masked prompt, or from a variable."""

import click

from hf_nb.commands.tree import Verb, call


@click.command(cls=Verb, short_help="Log in, with a browser.")
@click.argument("name", required=False)
@click.option("--paste", is_flag=True, help="Ask for a token at a prompt that hides it.")
@click.option("--from-env", metavar="VARIABLE", help="Take the token from this variable.")
@click.option(
    "--wait",
    type=click.FloatRange(min=1),
    metavar="SECONDS",
    help="Wait no longer than this for the browser.",
)
def login(name: str | None, *, paste: bool, from_env: str | None, wait: float | None) -> object:
    r"""Log in to the Hub in use, and keep the token as NAME. It stands in no cell and no output.

    \b
    %hf login
    %hf login work --paste
    %hf login ci --from-env MY_TOKEN
    """
    return call("hf_nb.login", name, paste=paste, from_env=from_env, wait=wait)
