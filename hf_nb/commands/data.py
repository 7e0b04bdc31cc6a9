"""`data`: what is wrong with a table, and the table made ready."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from hf_nb.commands import of_table
from hf_nb.commands.tree import OBJECT, Noun, Verb, call

F = TypeVar("F", bound=Callable[..., Any])

_LIMIT = click.option("--limit", type=click.IntRange(1), help="Look at the first so many rows only.")
_COLUMNS = click.option("--columns", metavar="A,B", multiple=True, help="Only these.")


def _alike(function: F) -> F:
    """What rows are compared by."""
    for add in (
        click.option(
            "--threshold", type=float, default=0.8, show_default=True, help="How alike is nearly the same."
        ),
        click.option(
            "--near/--exact", default=True, help="Rows that are nearly the same too, or only the same."
        ),
        click.option(
            "--columns", metavar="A,B", multiple=True, help="Compare these; all but a row's own number."
        ),
    ):
        function = add(function)
    return function


@click.group(cls=Noun, short_help="What is wrong with a table, and the table made ready.")
def data() -> None:
    r"""Classes, duplicates, leaks, lengths, languages, personal data; then filter, change, split.

    \b
    %hf data duplicates hfnb-lab/reviews-with-leaks
    %hf data leakage hfnb-lab/reviews-with-leaks
    %hf data prepare $df ready --filter "length(text) > 20" --split train=0.9,test=0.1
    """


@data.command(cls=Verb, short_help="The classes of a column, and how uneven they are.")
@of_table.of_table
@click.argument("column")
@_LIMIT
@of_table.ALLOW
def balance(table: Any, column: str, **how: Any) -> object:
    r"""How many rows of WHAT each value of COLUMN has.

    \b
    %hf data balance hfnb-demo/digits label
    """
    return call("hf_nb.data.balance", table, column, **how)


@data.command(cls=Verb, short_help="Rows that stand there twice, or nearly.")
@of_table.of_table
@_alike
@_LIMIT
@of_table.ALLOW
def duplicates(table: Any, *, columns: tuple[str, ...], **how: Any) -> object:
    r"""Rows of WHAT that are the same, and rows whose texts nearly are.

    \b
    %hf data duplicates hfnb-lab/reviews-with-leaks --split train
    %hf data duplicates $df --columns text --threshold 0.7
    """
    return call("hf_nb.data.duplicates", table, columns=of_table.columns(columns), **how)


@data.command(cls=Verb, short_help="Rows that are tested which were learned from.")
@of_table.of_table
@click.argument("tested", required=False, type=OBJECT)
@click.option("--tested-split", metavar="NAME", help="The split that is looked for in the other: test.")
@_alike
@_LIMIT
@of_table.ALLOW
def leakage(table: Any, tested: Any, *, columns: tuple[str, ...], **how: Any) -> object:
    r"""Rows of TESTED that stand in WHAT too, or nearly; of a dataset alone, of its test split in its train split.

    \b
    %hf data leakage hfnb-lab/reviews-with-leaks
    %hf data leakage $train $test
    """
    given = () if tested is None else (tested,)
    return call("hf_nb.data.leakage", table, *given, columns=of_table.columns(columns), **how)


@data.command(cls=Verb, short_help="How long its texts are for a model.")
@of_table.of_table
@click.argument("column", required=False)
@click.option(
    "--tokenizer", metavar="MODEL", required=True, type=OBJECT, help="A model's id, a folder, or $object."
)
@click.option("--at", type=click.IntRange(1), multiple=True, help="How many texts are cut at so many tokens.")
@_LIMIT
@of_table.ALLOW
def tokens(table: Any, column: str | None, *, at: tuple[int, ...], **how: Any) -> object:
    r"""The texts of COLUMN (the longest ones' by default) in tokens of a model.

    \b
    %hf data tokens hfnb-lab/reviews-with-leaks text --tokenizer hfnb-demo/sentiment-en --at 64
    """
    return call("hf_nb.data.tokens", table, *([column] if column else []), at=at, **how)


@data.command(cls=Verb, short_help="Which languages its texts are in.")
@of_table.of_table
@click.argument("column", required=False)
@click.option("--exact", is_flag=True, help="Look at all rows; else at 10,000 from all over the table.")
@_LIMIT
@of_table.ALLOW
def languages(table: Any, column: str | None, **how: Any) -> object:
    r"""The languages of COLUMN (the one with the longest texts by default), and a row in each.

    \b
    %hf data languages hfnb-lab/reviews-with-leaks text
    """
    return call("hf_nb.data.languages", table, *([column] if column else []), **how)


@data.command(cls=Verb, short_help="Addresses, numbers and keys that belong to somebody.")
@of_table.of_table
@_COLUMNS
@_LIMIT
@of_table.ALLOW
def personal(table: Any, *, columns: tuple[str, ...], **how: Any) -> object:
    r"""Where WHAT holds e-mail and internet addresses, telephone, card and account numbers, or keys. Shown masked.

    \b
    %hf data personal hfnb-lab/tickets
    """
    return call("hf_nb.data.personal", table, columns=of_table.columns(columns), **how)


@data.command(
    cls=Verb, short_help="Filter, change, tokenise and split it, as Parquet; broken off, it goes on."
)
@click.argument("table", metavar="WHAT", type=OBJECT)
@click.argument("to", metavar="FOLDER")
@click.option("--drop", type=OBJECT, metavar="$FOUND", help="Leave out what duplicates or leakage found.")
@click.option(
    "--filter", type=OBJECT, metavar="SQL", help='Rows that meet it: "length(text) > 20"; or $function.'
)
@click.option(
    "--map", "maps", metavar="NAME=SQL", multiple=True, help='A column made: "length=length(text)".'
)
@click.option("--tokenize", metavar="COLUMN", help="Its texts as input_ids.")
@click.option("--tokenizer", metavar="MODEL", type=OBJECT, help="A model's id, a folder, or $object.")
@click.option("--max-length", type=click.IntRange(1), help="Cut texts at so many tokens.")
@click.option("--columns", metavar="A,B", multiple=True, help="Write only these.")
@click.option("--split", metavar="train=0.9,test=0.1", help="Deal rows out to these new splits.")
@click.option("--stratify", metavar="COLUMN", help="With the same share of each of its classes.")
@click.option("--group", metavar="COLUMN", help="Rows with the same value stay together.")
@click.option("--seed", type=int, default=0, show_default=True, help="Another one, other splits.")
@click.option(
    "--of-split", metavar="NAME", help="The split to read: train, test … Without --split its name stays."
)
@click.option("--config", metavar="NAME", help="A dataset's configuration.")
@click.option("--revision", help="A branch, tag or commit.")
@click.option("--replace", is_flag=True, help="Over what an earlier run wrote there.")
@of_table.ALLOW
def prepare(
    table: Any, to: str, *, maps: tuple[str, ...], split: str | None, columns: tuple[str, ...], **how: Any
) -> object:
    r"""WHAT into FOLDER, as Parquet files that `load_dataset` reads. The same line goes on where one broke off.

    \b
    %hf data prepare hfnb-lab/reviews-with-leaks ready --filter "length(text) > 20" --map "long=length(text) > 200"
    %hf data prepare $df ready --split train=0.9,test=0.1 --stratify stars
    """
    made = dict(_two(one, '--map "length=length(text)"') for one in maps) or None
    shares = None
    if split is not None:
        shares = {
            name: _share(said)
            for name, said in (_two(one, "--split train=0.9,test=0.1") for one in split.split(","))
        }
    return call(
        "hf_nb.data.prepare", table, to=to, map=made, split=shares, columns=of_table.columns(columns), **how
    )


def _two(said: str, like: str) -> tuple[str, str]:
    name, equals, rest = said.partition("=")
    if not equals or not name.strip() or not rest.strip():
        raise click.UsageError(f"{said!r} is not NAME=…, for example {like}.")
    return name.strip(), rest.strip()


def _share(said: str) -> float:
    try:
        return float(said.removesuffix("%")) / (100 if said.endswith("%") else 1)
    except ValueError:
        raise click.UsageError(f"{said!r} is no share, for example 0.9 or 90%.") from None
