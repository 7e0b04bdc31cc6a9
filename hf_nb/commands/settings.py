"""`settings`: what is set, and where it comes from."""

import click

from hf_nb.commands.tree import Verb, call


@click.command(cls=Verb, short_help="See what is set, and where; change it.")
@click.argument("setting", required=False, metavar="[NAME[=VALUE]]")
@click.option("--save", is_flag=True, help="For good, in your config.toml; else for this notebook.")
@click.option("--trust-here", is_flag=True, help="Let the .env of this folder count from now on.")
@click.pass_context
def settings(ctx: click.Context, setting: str | None, *, save: bool, trust_here: bool) -> object:
    r"""Every setting with its value, its source and what it does; or one of them; or change one.

    \b
    %hf settings
    %hf settings read_timeout
    %hf settings read_timeout=30 --save
    """
    if trust_here:
        if setting or save:
            raise click.UsageError("--trust-here stands alone.", ctx)
        return call("hf_nb.config.trust")
    name, equals, value = (setting or "").partition("=")
    if equals:
        return call("hf_nb.config.change", name.strip(), value.strip(), save=save)
    if save:
        raise click.UsageError("--save needs NAME=VALUE.", ctx)
    return call("hf_nb.config.about", name) if name else call("hf_nb.config.table")
