"""`compare`: several models, settings or prompts on the same inputs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from hf_nb.commands import answering
from hf_nb.commands.tree import OBJECT, Verb, call
from hf_nb.values import Code


@click.command(
    cls=Verb, body=True, streams=True, short_help="Several models on the same inputs: which is better."
)
@click.argument("given", nargs=-1, metavar="[WHAT]", type=OBJECT)
@click.option(
    "-m",
    "--model",
    "models",
    type=OBJECT,
    multiple=True,
    help="A model's id, a folder, or $model; repeatable.",
)
@click.option(
    "--provider", "providers", metavar="NAME", multiple=True, help="Who runs it; one for all, or one each."
)
@click.option(
    "--copy",
    "copies",
    type=click.Choice(["bf16", "int8", "onnx"]),
    multiple=True,
    help="Beside one model its bf16, int8 or onnx copy.",
)
@click.option(
    "--template",
    "templates",
    metavar="TEXT",
    multiple=True,
    help="What is asked: {input}, {column}; one for all, or each.",
)
@click.option("--vary", metavar="K=V,V", help="One model with these values of a parameter.")
@click.option("--system", metavar="TEXT", help="A system prompt, for conversations.")
@click.option("--task", help="Needed when the models do not say it.")
@click.option("--lines", is_flag=True, help="Each line of the cell is a prompt.")
@click.option("--column", metavar="NAME", help="The column of WHAT that is asked about.")
@click.option(
    "--labels", metavar="NAME|$list", type=OBJECT, help="What is right: a column of WHAT, or a list."
)
@click.option("--split", metavar="NAME", help="WHAT is a dataset: its split.")
@click.option("--config", metavar="NAME", help="A dataset's configuration.")
@click.option("--limit", type=click.IntRange(1), help="The first so many rows only.")
@click.option("--slices", metavar="A,B", help="Parts to look at: length, language, columns.")
@click.option(
    "--metric", "metrics", metavar="NAME", multiple=True, help="Another than the task's own; repeatable."
)
@click.option("--judge", metavar="MODEL", type=OBJECT, help="A model that says which answer is better.")
@click.option("--budget", metavar="DOLLARS", type=click.FloatRange(min=0), help="Stop before it costs more.")
@click.option(
    "--timed", metavar="ROWS", type=click.IntRange(0), help="How many are asked one at a time, for seconds."
)
@click.option(
    "--journal/--no-journal", default=None, help="Write finished rows down, to go on after a restart."
)
@click.option("--timeout", type=click.FloatRange(min=0), help="Seconds for one row.")
@click.option("--report", metavar="FILE", help="Write all of it as a page of HTML.")
@click.option("--replace", is_flag=True, help="Over a file that is there.")
@answering.how
@answering.masked
@answering.anew
@click.pass_context
def compare(
    ctx: click.Context,
    /,
    given: tuple[Any, ...],
    models: tuple[Any, ...],
    report: str | None,
    *,
    replace: bool,
    **how: Any,
) -> object:
    r"""Ask several models the same: a prompt (the cell, or words), lines, a table with --column, or a dataset.

    The answer says what the data support and no more. With --labels quality is measured; without, how alike they are.

    \b
    %hf compare -m hfnb-demo/sentiment-en -m hfnb-demo/sentiment-fr $df --column text --labels label
    %hf compare -m hfnb-demo/sentiment-en --copy int8 $df.text
    %hf compare -m hfnb-demo/pydoc-gpt --vary temperature=0.2,0.9 "Return the"
    %%hf compare -m hfnb-demo/chat-en -m hfnb-demo/pydoc-gpt
    What is a tensor?
    """
    what = _what(ctx, given, lines=how["lines"])
    contenders = _contenders(ctx, models, how)
    _place(ctx, report, replace=replace)
    slices = [one.strip() for one in (how["slices"] or "").split(",") if one.strip()]
    asked = {
        "labels": how["labels"],
        "column": how["column"],
        "task": how["task"],
        "params": answering.parameters(how["param"], how["max_tokens"], how["temperature"]),
        "template": how["templates"][0] if len(how["templates"]) == 1 else None,
        "split": how["split"],
        "config": how["config"],
        "limit": how["limit"],
        "budget": how["budget"],
        "slices": slices or (),
        "judge": how["judge"],
        "metrics": list(how["metrics"]) or None,
        "timed": how["timed"],
        "journal": how["journal"],
        "fresh": how["fresh"],
        "mask": how["mask"],
        "timeout": how["timeout"],
    }
    found: Any = call("hf_nb.compare.run", contenders, what, **asked)
    if report is None:
        return found
    if isinstance(found, Code):
        head, _, rest = found.source.partition("\n\n")
        over = ", replace=True" if replace else ""
        return Code(f'{head}\n\ncomparison = {rest}\ncomparison.report("{report}"{over})')
    found.report(report, replace=replace)
    return found


def _what(ctx: click.Context, given: tuple[Any, ...], *, lines: bool) -> Any:
    """The cell is one prompt; words of a line are one too, and an object is what it is."""
    body = ctx.obj.body
    if body is not None:
        if given:
            raise click.UsageError("The prompt is in the cell's body; leave it off the first line.", ctx)
        rows = [line for line in body.splitlines() if line.strip()]
        if not rows:
            raise click.UsageError("The cell is empty: write a prompt below the first line.", ctx)
        return rows if lines else body.removesuffix("\n")
    if lines:
        raise click.UsageError("--lines is for a cell: %%hf compare --lines, and a prompt a line below.", ctx)
    if not given:
        raise click.UsageError(
            'Compare them on what? A prompt: %hf compare -m A -m B "…", or $df --column NAME', ctx
        )
    if len(given) == 1:
        return given[0]
    if odd := next((one for one in given if not isinstance(one, str)), None):
        raise click.UsageError(
            f"One object, or words: not {type(odd).__name__} among {len(given)} of them.", ctx
        )
    return " ".join(given)


def _contenders(ctx: click.Context, models: tuple[Any, ...], how: dict[str, Any]) -> Any:
    """One each: of several models, or of what is varied about one."""
    if not models:
        raise click.UsageError("Which models? For example: %hf compare -m owner/a -m owner/b …", ctx)
    vary = _varied(ctx, how["vary"])
    each = [
        ("provider", how["providers"]),
        ("template", how["templates"] if len(how["templates"]) > 1 else ()),
        ("copy", ("", *how["copies"]) if how["copies"] else ()),
        ("params", vary),
    ]
    count = max(len(models), *(len(values) for _, values in each))
    for name, values in (("-m", models), *((f"--{name}", values) for name, values in each)):
        if len(values) not in (0, 1, count):
            said = "--vary" if name == "--params" else name
            raise click.UsageError(f"{said} says {len(values)}, and there are {count} contenders.", ctx)
    if not any(values for _, values in each) and not how["system"]:
        return list(models)
    made = []
    for at in range(count):
        one = {name: values[min(at, len(values) - 1)] for name, values in each if values}
        one = {name: value for name, value in one.items() if value != ""}
        if how["system"]:
            one["system"] = how["system"]
        model = models[min(at, len(models) - 1)]
        made.append({"model": model, **one} if one else model)
    return made


def _varied(ctx: click.Context, said: str | None) -> Sequence[dict[str, Any]]:
    if said is None:
        return ()
    key, equals, values = said.partition("=")
    parts = [one.strip() for one in values.split(",") if one.strip()]
    if not equals or len(parts) < 2:
        raise click.UsageError(
            "--vary takes a parameter and two values or more: --vary temperature=0.2,0.9", ctx
        )
    return [answering.parameters([f"{key}={one}"], None, None) or {} for one in parts]


def _place(ctx: click.Context, path: str | None, *, replace: bool) -> None:
    """Refused before anything is asked, not after."""
    if path is None:
        return
    target = Path(path).expanduser()
    if target.exists() and not replace:
        raise click.UsageError(f"{path} is there already: --replace writes over it.", ctx)
    if not target.parent.is_dir():
        raise click.UsageError(f"There is no folder {target.parent}.", ctx)
