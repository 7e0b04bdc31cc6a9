"""What every verb over a table takes: the table, which part of it, and which of its rows."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any, TypeVar, cast

import click

from hf_nb.commands.objects import OBJECT
from hf_nb.errors import NotFound

F = TypeVar("F", bound=Callable[..., Any])

ALLOW = click.option(
    "--allow", metavar="BYTES", help="Move at most so many bytes: 300MB. 64 MB where nothing is said."
)


def of_table(function: F) -> F:
    """WHAT, and the options that say which part of it."""
    for add in reversed(
        (
            click.argument("table", metavar="WHAT", type=OBJECT),
            click.option("--config", metavar="NAME", help="A dataset's configuration."),
            click.option("--split", metavar="NAME", help="A dataset's split: train, test …"),
            click.option("--revision", help="A branch, tag or commit."),
        )
    ):
        function = add(function)
    return _offering(function)


def _offering(function: F) -> F:
    """Of a wrong id the nearest is offered to this verb, not to `info`."""

    @functools.wraps(function)
    def run(*args: Any, **how: Any) -> Any:
        try:
            return function(*args, **how)
        except NotFound as missing:
            verb = click.get_current_context().info_name
            verb = verb if verb in ("preview", "explore", "describe") else "preview"
            step = re.sub(r"(?<=%hf )info (?=datasets/)", f"{verb} ", missing.next_step)
            missing.next_step = re.sub(r"(?<!\S)datasets/(?=[\w.-]+/[\w.-])", "", step)
            raise

    return cast("F", run)


def of_rows(function: F) -> F:
    """Which rows and columns."""
    for add in reversed(
        (
            click.option("--columns", metavar="A,B", multiple=True, help="Only these, in this order."),
            click.option(
                "--where", default="", metavar="SQL", help='Rows that meet it: "length(text) > 100".'
            ),
            click.option("--search", default="", metavar="WORDS", help="Rows with these words in a text."),
            click.option("--sort", metavar="COLUMN", help="In this order; score:desc turns it round."),
        )
    ):
        function = add(function)
    return function


def columns(given: tuple[str, ...]) -> str | list[str] | None:
    """As the functions take them: nothing, one text, or a list."""
    return None if not given else given[0] if len(given) == 1 else list(given)
