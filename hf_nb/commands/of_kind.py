"""The option that says what kind of repository is meant; `--type` is how the official words spell it."""

import click

OF_KIND = click.option(
    "--kind",
    "--type",
    type=click.Choice(["model", "dataset", "space"]),
    help="When the id alone does not say it.",
)
