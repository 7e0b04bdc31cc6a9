"""`batch`: many rows through a model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from hf_nb.commands import answering
from hf_nb.commands.tree import OBJECT, Verb, call
from hf_nb.values import Code

ENDINGS = (".parquet", ".csv", ".tsv", ".jsonl", ".arrow", ".feather")


@click.command(cls=Verb, body=True, short_help="Run a model on many texts: a column, a dataset, files.")
@click.argument("given", nargs=-1, metavar="[MODEL] WHAT", type=OBJECT)
@answering.who
@click.option("--task", help="Needed when the model does not say it.")
@click.option("--column", metavar="NAME", help="The column of WHAT that is asked about.")
@click.option("--labels", type=OBJECT, metavar='"A, B"', help="The classes a text may have (zero-shot).")
@click.option("--into", metavar="NAME", help="Give WHAT back with the answers in this new column.")
@click.option("--split", metavar="NAME", help="A dataset's split: train, test …")
@click.option("--config", metavar="NAME", help="A dataset's configuration.")
@click.option("--limit", type=click.IntRange(1), help="The first so many rows only.")
@click.option(
    "--target", "targets", metavar="NAME", multiple=True, help="A place that takes part; repeatable; all."
)
@click.option(
    "--journal/--no-journal", default=None, help="Write finished rows down, to go on after a restart."
)
@click.option(
    "-o",
    "--out",
    "path",
    metavar="NAME|FILE",
    help="Keep the result in this variable; or write the rows to a file: parquet, csv, jsonl, by its ending.",
)
@click.option("--replace", is_flag=True, help="Over a file that is there.")
@answering.how
@answering.masked
@answering.trusted
@answering.anew
@click.pass_context
def batch(
    ctx: click.Context,
    /,
    given: tuple[Any, ...],
    model: str | None,
    path: str | None,
    *,
    replace: bool,
    **how: Any,
) -> object:
    r"""Run a model on every row of WHAT: a column, a table with --column, a dataset, "notes/*.txt", a cell's lines.

    Bad rows stand beside good ones. A batch that takes long is written down in .hf_nb/batches: the same line goes on
    after a restart. The stop button gives what is done.

    \b
    %hf batch hfnb-demo/sentiment-en $df.text
    %hf batch hfnb-demo/sentiment-en $df --column text --into mood
    %hf batch hfnb-demo/sentiment-en hfnb-lab/reviews-with-leaks --split test --column text --limit 100
    """
    what, model = _what(ctx, given, model)
    path = _file(ctx, path)
    asked = {
        "task": how["task"],
        "column": _column(how["column"], how["labels"]),
        "into": how["into"],
        "provider": how["provider"] or "auto",
        "params": answering.parameters(how["param"], how["max_tokens"], how["temperature"]),
        "fallback": how["fallback"],
        "targets": "all" if how["targets"] == ("all",) else list(how["targets"]) or None,
        "policy": how["policy"],
        "journal": how["journal"],
        "limit": how["limit"],
        "timeout": how["timeout"],
        "mask": how["mask"],
        "trust": how["trust"],
        "fresh": how["fresh"],
    }
    if ctx.obj.format != "auto" and path is None:
        asked["into"] = None  # a printed format is of the answers; a frame has none
    if path is not None:
        _may_write(path, replace=replace)
    if _is_dataset(what):
        part = {name: how[name] for name in ("config", "split") if how[name] is not None}
        opened = call("hf_nb.data.open", what, **part)
        return _asked(ctx, opened, model, asked, path, replace=replace)
    return _asked(ctx, what, model, asked, path, replace=replace)


def _asked(
    ctx: click.Context,
    what: Any,
    model: str | None,
    asked: dict[str, Any],
    path: str | None,
    *,
    replace: bool,
) -> object:
    """The answers; or the file with them."""
    before = ""
    if isinstance(what, Code):
        before, what = what.source.removeprefix("import hf_nb\n\n"), "rows"
        ctx.obj.objects[id(what)] = "rows"
    found = call("hf_nb.infer.batch", what, model=model, **asked)
    beside = asked["into"] is not None and _is_frame(what)
    if isinstance(found, Code):
        return _code(found, before, path, "batch" if beside else "batch.to_pandas()", replace=replace)
    if path is None:
        return found
    return call("hf_nb.data.save", found if beside else found.to_pandas(), path, replace=replace)


def _code(found: Code, before: str, path: str | None, rows: str, *, replace: bool) -> Code:
    head, _, rest = found.source.partition("\n\n")
    lines = [head, ""]
    if before:
        lines.append(f"rows = {before}")
    lines.append(f"batch = {rest}" if path else rest)
    if path:
        over = ", replace=True" if replace else ""
        lines.append(f'hf_nb.data.save({rows}, "{path}"{over})')
    return Code("\n".join(lines))


def _what(ctx: click.Context, given: tuple[Any, ...], model: str | None) -> tuple[Any, str | None]:
    """MODEL stands first, where -m does not name it; the lines of a cell are rows."""
    rest = [*given]
    if model is None and rest and isinstance(rest[0], str) and (len(rest) > 1 or ctx.obj.body is not None):
        model = rest.pop(0)
    body = ctx.obj.body
    if body is not None:
        if rest:
            raise click.UsageError("The rows are the lines of the cell; leave them off the first line.", ctx)
        return [line for line in body.splitlines() if line.strip()], model
    if not rest:
        raise click.UsageError("Rows of what? For example: %hf batch owner/model $df.text", ctx)
    return (rest[0] if len(rest) == 1 else rest), model


def _column(column: str | None, labels: Any) -> Any:
    if labels is None:
        return column
    return {"text": column or "text", "candidate_labels": answering.listed(labels)}


def _is_frame(what: Any) -> bool:
    """Of pandas or polars: with a new column it comes back as a frame."""
    return hasattr(what, "iloc") or type(what).__module__.partition(".")[0] == "polars"


def _is_dataset(what: Any) -> bool:
    """An id, an address or a table's file; a pattern of text files is read by the engine itself."""
    if not isinstance(what, str):
        return False
    if what.lower().endswith(ENDINGS) or "://" in what:
        return True
    return "*" not in what and what.count("/") == 1 and not Path(what).expanduser().exists()


def _file(ctx: click.Context, path: str | None) -> str | None:
    """A name alone is a variable of the notebook, as everywhere; anything else a file."""
    if path is None or not path.isidentifier():
        return path
    if ctx.obj.face != "notebook":
        raise click.UsageError(
            f"What kind of file is {path!r}? Its name may end in {', '.join(ENDINGS)}.", ctx
        )
    ctx.obj.out = path
    return None


def _may_write(path: str, *, replace: bool) -> None:
    """Known before the work, not after it."""
    if not path.lower().endswith(ENDINGS):
        raise click.UsageError(f"What kind of file is {path!r}? Its name may end in {', '.join(ENDINGS)}.")
    target = Path(path).expanduser()
    if target.exists() and not replace:
        raise click.UsageError(f"There is a file {path} already: another name, or --replace.")
    if not target.absolute().parent.is_dir():
        raise click.UsageError(f"There is no folder {target.parent}.")
