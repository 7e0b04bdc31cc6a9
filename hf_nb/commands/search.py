"""`search`: models, datasets or Spaces."""

from typing import Any

import click

from hf_nb.commands.tree import Verb, call
from hf_nb.hub import search as searching


@click.command(cls=Verb, short_help="Find models, datasets or Spaces.")
@click.argument("kind", type=click.Choice(["models", "datasets", "spaces"], case_sensitive=False))
@click.argument("text", nargs=-1)
@click.option("--task", help="For example text-classification.")
@click.option("--library", help="For example transformers.")
@click.option("--language", help="A language code, for example fr.")
@click.option("--licence", "--license", help="For example apache-2.0.")
@click.option("--author", help="A user or an organisation.")
@click.option("--tag", "tags", multiple=True, help="Any tag of the Hub; may be repeated.")
@click.option(
    "--sdk",
    type=click.Choice(["gradio", "streamlit", "docker", "static"]),
    help="Spaces: what they are made with.",
)
@click.option("--sort", type=click.Choice(list(searching.SORTS)), default="trending", show_default=True)
@click.option("--limit", type=click.IntRange(1, searching.MOST_ROWS), help="Rows to show.")
def search(kind: str, text: tuple[str, ...], **filters: Any) -> object:
    r"""Find models, datasets or Spaces with TEXT in their name.

    \b
    %hf search models sentiment --language en --limit 5
    %hf search datasets --task image-classification
    %hf search spaces --sdk gradio
    """
    return call("hf_nb.search", " ".join(text) or None, kind=kind, **filters)
