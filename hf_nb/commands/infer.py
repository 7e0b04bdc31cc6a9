"""`infer`: run a task on a model."""

from __future__ import annotations

from typing import Any

import click

from hf_nb.commands import answering
from hf_nb.commands.tree import OBJECT, Verb, call


@click.command(cls=Verb, body=True, streams=True, short_help="Run a model on a text.")
@click.argument("text", nargs=-1, type=OBJECT)
@answering.who
@answering.masked
@answering.anew
@answering.trusted
@click.option("--task", help="Needed when neither the model nor the text says it.")
@click.option("--revision", help="A branch, tag or commit of the model.")
@click.option("--labels", type=OBJECT, metavar='"A, B"', help="The classes a text may have (zero-shot).")
@click.option("--context", type=OBJECT, metavar="TEXT", help="The text, or file, that answers the question.")
@click.option("--sentences", type=OBJECT, multiple=True, help="What TEXT is compared with; repeatable.")
@click.option("--table", type=OBJECT, metavar="$df", help="The table the question is about.")
@click.option("--to", metavar="LANG", help="Translate to this language.")
@click.option("--from", "from_", metavar="LANG", help="The language of the text.")
@answering.how
@click.pass_context
def infer(
    ctx: click.Context,
    text: tuple[Any, ...],
    model: str | None,
    provider: str | None,
    policy: str | None,
    fallback: tuple[str, ...],
    timeout: float | None,
    task: str | None,
    revision: str | None,
    labels: Any,
    context: Any,
    sentences: tuple[Any, ...],
    table: Any,
    to: str | None,
    from_: str | None,
    param: tuple[str, ...],
    max_tokens: int | None,
    temperature: float | None,
    trust: str | None,
    *,
    mask: bool,
    fresh: bool,
) -> object:
    r"""Run a model on TEXT: words, a text file, JSON where a task takes several fields, or the body of the cell.

    \b
    %hf infer "I love it"
    %hf infer --task translation --to fr "The house is small."
    %hf infer "Where does Maria live?" --context "Maria lives in Geneva."
    %hf infer "The striker scored twice." --labels "sport, cooking, money"
    %hf infer "Which city has the most people?" --table $df
    %%hf infer -m hfnb-demo/sentiment-en
    The room was small, but we loved the view.
    """
    given = answering.said(text, ctx)
    fields = {
        "labels": None if labels is None else answering.listed(labels),
        "context": answering.read(context, ctx.obj),
        "sentences": _sentences(sentences),
        "table": table,
    }
    asked, from_fields = _input(given, fields, ctx)
    task = task or from_fields or ("translation" if to or from_ else None)
    if model is None and task is None:
        task = _default(asked)
    return call(
        "hf_nb.infer.run",
        asked,
        model=model,
        task=task,
        provider=provider or "auto",
        revision=revision,
        params=answering.parameters(param, max_tokens, temperature, tgt_lang=to, src_lang=from_),
        fallback=fallback,
        policy=policy,
        timeout=timeout,
        mask=mask,
        trust=trust,
        fresh=fresh,
    )


# An option that gives a field: (the task it is for, the name of TEXT there, the field).
_FIELDS = {
    "labels": ("zero-shot-classification", "text", "candidate_labels"),
    "context": ("question-answering", "question", "context"),
    "sentences": ("sentence-similarity", "source_sentence", "sentences"),
    "table": ("table-question-answering", "query", "table"),
}


def _input(given: Any, fields: dict[str, Any], ctx: click.Context) -> tuple[Any, str | None]:
    """The text alone, or the fields of the one task that an option is for."""
    there = [name for name, value in fields.items() if value is not None]
    if not there:
        return given, None
    if len(there) > 1:
        raise click.UsageError(f"--{there[0]} and --{there[1]} are for different tasks.", ctx)
    task, name, field = _FIELDS[there[0]]
    return {name: given, field: fields[there[0]]}, task


def _sentences(given: tuple[Any, ...]) -> Any:
    """Each as it is; one that is a list, or JSON of one, is all of them."""
    if not given:
        return None
    if len(given) == 1 and (not isinstance(given[0], str) or given[0].lstrip().startswith("[")):
        return answering.listed(given[0])
    return list(given)


def _default(asked: Any) -> str | None:
    """None where the text itself says what it is for."""
    from hf_nb.infer.choose.hints import hint

    return None if hint(asked) else "text-classification"
