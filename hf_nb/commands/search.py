"""`search`: models, datasets or Spaces."""

from __future__ import annotations

import difflib
from typing import Any

import click

from hf_nb.commands.tree import Verb, call
from hf_nb.hub.finding import words
from hf_nb.hub.finding.search import MOST_ROWS, SORTS


class Kinds(click.Choice[str]):
    """What is searched for; a word in its place was probably meant as the text."""

    def __init__(self) -> None:
        super().__init__(["models", "datasets", "spaces"], case_sensitive=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The kind; else the nearest one, or the word as a search for models."""
        word = str(value).lower()
        if word in self.choices:
            return word
        close = difflib.get_close_matches(word, self.choices, n=1, cutoff=0.7)
        meant = f"Did you mean {close[0]}?" if close else f"For example: %hf search models {value}"
        raise click.UsageError(f"Models, datasets or spaces? {meant}", ctx)


@click.command(cls=Verb, short_help="Find models, datasets or Spaces.")
@click.argument("kind", required=False, type=Kinds())
@click.argument("text", nargs=-1)
@click.option("--author", help="A user or an organisation.")
@click.option("--task", "--pipeline-tag", help="For example text-classification.")
@click.option("--category", help=f"A group of tasks: {', '.join(words.CATEGORIES)}.")
@click.option("--domain", help="A field: medical, legal, finance, biology, code …")
@click.option("--library", help="For example transformers.")
@click.option("--language", help="A code or a name, for example fr.")
@click.option("--licence", "--license", help="For example apache-2.0.")
@click.option("--tag", "--filter", "tags", multiple=True, help="Any tag of the Hub; may be repeated.")
@click.option("--min-likes", metavar="N", help="At least so many likes (10, 1.5k).")
@click.option("--min-downloads", metavar="N", help="At least so many downloads a month.")
@click.option(
    "--gated/--no-gated", default=None, help="Only those whose owner lets people in, or none of them."
)
@click.option("--min-parameters", metavar="N", help="Models: at least so large (350M, 7B).")
@click.option("--max-parameters", metavar="N", help="Models: at most so large.")
@click.option(
    "--fits",
    is_flag=True,
    help="Models: only those with room in this machine's memory, as far as sizes are known.",
)
@click.option(
    "--num-parameters", metavar="RANGE", help="Models: both at once, as hf spells it: min:1B,max:7B."
)
@click.option(
    "--warm",
    is_flag=True,
    help="Models that an inference provider serves now: calls within your free credits cost nothing.",
)
@click.option("--inference-provider", "provider", help="Models this provider serves, for example together.")
@click.option("--apps", "app", help="Models for an app, for example ollama.")
@click.option("--dataset", metavar="ID", help="Models trained on it; Spaces that use it.")
@click.option("--model", metavar="ID", help="Spaces that use it.")
@click.option("--modality", help=f"Datasets of {', '.join(words.MODALITIES)}.")
@click.option("--file-format", help="Datasets stored as parquet, csv, json …")
@click.option("--size", metavar="CLASS", help="Datasets with so many rows: 1k-10k, <1k, 1m-10m …")
@click.option(
    "--max-size", "max_bytes", metavar="BYTES", help="Datasets of at most so many bytes: 500MB, 5GB."
)
@click.option("--details", is_flag=True, help="Datasets: exact rows and columns, from their cards.")
@click.option("--sdk", help=f"Spaces made with {', '.join(words.SDKS)}.")
@click.option("--hardware", help="Spaces on it: cpu, gpu, zero, t4, a10g-small …")
@click.option("--status", help=f"Spaces that are {', '.join(words.STATUSES)} (as of now).")
@click.option(
    "--sort",
    default="trending",
    show_default=True,
    metavar="WORD",
    help=f"{', '.join(SORTS)}; :asc turns it round.",
)
@click.option("--limit", type=click.IntRange(1, MOST_ROWS), help="Rows to show.")
@click.option(
    "--look",
    metavar="N",
    type=click.IntRange(1),
    help="Look at so many at most, where the Hub cannot filter by itself.",
)
@click.option("--more", is_flag=True, help="Go on with the last search.")
def search(
    kind: str | None, text: tuple[str, ...], *, num_parameters: str | None, more: bool, **filters: Any
) -> object:
    r"""Find models, datasets or Spaces with TEXT in their name.

    \b
    %hf search models sentiment --language en --limit 5
    %hf search models --task text-generation --max-parameters 7B --warm
    %hf search datasets --domain medical --size 1k-10k --details
    %hf search spaces --sdk gradio --status running
    %hf search --more
    """
    if more:
        return _more(kind, text, filters)
    if kind is None:
        raise click.UsageError("What kind? models, datasets or spaces: %hf search models WORD")
    if num_parameters:
        low, high = words.range_of(num_parameters, "num_parameters")
        filters |= {"min_parameters": low, "max_parameters": high}
    return call("hf_nb.search", *([" ".join(text)] if text else ()), kind=kind, **filters)


def _more(kind: str | None, text: tuple[str, ...], filters: dict[str, Any]) -> object:
    kept = {name: value for name, value in filters.items() if name in ("limit", "look") and value is not None}
    said = [name for name, value in filters.items() if value and name not in (*kept, "sort")]
    if kind or text or said:
        raise click.UsageError(
            "--more goes on with the last search as it was; leave out everything but --limit."
        )
    return call("hf_nb.search_more", **kept)
