"""`sql`: a query over tables of this notebook, of the Hub, of files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from hf_nb.commands.of_table import ALLOW
from hf_nb.commands.tree import Verb, call

# What the function takes besides tables.
_TAKEN = frozenset({"about", "limit", "allow", "session"})


@click.command(cls=Verb, body=True, short_help="Ask tables with SQL: of this notebook, of the Hub, files.")
@click.argument("query", required=False)
@click.option(
    "--from", "given", metavar="NAME=WHAT", multiple=True, help="Calls a table so; may be repeated."
)
@click.option("--about/--exact", default=False, help="A first answer from about 2% of the bytes, tightening.")
@click.option("--quote", is_flag=True, help="Say what it would move, and move nothing but what says it.")
@click.option("--limit", type=click.IntRange(1), default=1000, show_default=True, help="Rows to keep.")
@ALLOW
@click.pass_context
def sql(
    ctx: click.Context,
    query: str | None,
    given: tuple[str, ...],
    *,
    about: bool,
    quote: bool,
    limit: int,
    allow: str | None,
) -> object:
    r"""A SELECT over tables: DataFrames by their name, datasets as "owner/name" or "owner/name/config/split", files.

    \b
    %hf sql "select count(*) from reviews"
    %%hf sql --from t=hfnb-demo/digits -o counts
    select label, count(*) as n from t group by label order by n desc
    %%hf sql --about
    select avg(length(text)) from "hfnb-demo/reviews"
    """
    asked = _query(ctx, query)
    tables = _named(given, ctx.obj.names) | _here(ctx, asked, given)
    if quote:
        return call("hf_nb.data.quote", asked, allow=allow, **tables)
    # Estimates are drawn while they tighten; a terminal shows how far it is.
    ctx.obj.streams = about and ctx.obj.face == "notebook"
    return call("hf_nb.data.sql", asked, about=about, limit=limit, allow=allow, **tables)


def _query(ctx: click.Context, query: str | None) -> str:
    body = ctx.obj.body
    if body is not None and query is not None:
        raise click.UsageError("The query is the text of the cell; leave it off the first line.", ctx)
    said = (query if body is None else body) or ""
    if not said.strip():
        raise click.UsageError('What shall be asked? %hf sql "select count(*) from df"', ctx)
    return said.strip()


def _named(given: tuple[str, ...], names: Mapping[str, Any]) -> dict[str, Any]:
    """NAME=WHAT, of which WHAT may be $df."""
    tables: dict[str, Any] = {}
    for word in given:
        name, equals, what = word.partition("=")
        if not equals or not name.isidentifier() or not what or name in _TAKEN:
            raise click.UsageError(f"--from is NAME=WHAT, for example t=owner/name; not {word!r}.")
        if what.startswith("$") and what[1:] not in names:
            raise click.UsageError(f"There is no variable {what[1:]!r} in this notebook.")
        tables[name] = names[what[1:]] if what.startswith("$") else what
    return tables


def _here(ctx: click.Context, query: str, given: tuple[str, ...]) -> dict[str, Any]:
    """Tables the query names by a variable of the notebook."""
    if not ctx.obj.names:
        return {}
    from hf_nb.data.asking import tables_of

    said = {word.partition("=")[0].lower() for word in given}
    found = {
        name: ctx.obj.names[name]
        for name in tables_of(query)
        if name.lower() not in said and name in ctx.obj.names and name.isidentifier() and name not in _TAKEN
    }
    ctx.obj.objects.update({id(value): name for name, value in found.items()})
    return found
