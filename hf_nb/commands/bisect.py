"""`bisect`: what changed a model's answer."""

from __future__ import annotations

from typing import Any

import click

from hf_nb.commands import answering
from hf_nb.commands.tree import OBJECT, Verb, call


@click.command(
    cls=Verb, body=True, short_help="Find what changed a model's answer: commit, parameter, release."
)
@click.argument("model")
@click.argument("text", nargs=-1, type=OBJECT)
@click.option("--old", metavar="REV", help="The commit that still answered well; else the first there is.")
@click.option("--new", metavar="REV", default="main", show_default=True, help="The one that does not.")
@click.option("--expect", metavar="ANSWER", help="What the answer should be.")
@click.option("--old-param", metavar="K=V", multiple=True, help="A parameter of the old call; repeatable.")
@click.option("--new-param", metavar="K=V", multiple=True, help="A parameter of the new call; repeatable.")
@click.option("--package", metavar="NAME", help="Among releases of this library; say which with --versions.")
@click.option("--versions", metavar='"A, B"', help="Releases, the oldest first.")
@click.option("--task", help="Needed when the model does not say it.")
@click.option(
    "--tolerance", type=click.FloatRange(min=0), help="A score that moves by more is another answer."
)
@click.option("--timeout", type=click.FloatRange(min=0), help="Seconds for one answer.")
@click.pass_context
def bisect(
    ctx: click.Context,
    model: str,
    text: tuple[Any, ...],
    old: str | None,
    new: str,
    *,
    expect: str | None,
    old_param: tuple[str, ...],
    new_param: tuple[str, ...],
    package: str | None,
    versions: str | None,
    task: str | None,
    tolerance: float | None,
    timeout: float | None,
) -> object:
    r"""Which commit of MODEL, which parameter or which release of a library changed its answer to TEXT.

    The history is halved: of 64 commits seven are asked at most, and only files that changed are fetched. What that
    commit changed is shown: settings, and the tensors by name.

    \b
    %hf bisect hfnb-demo/sentiment-en "I love it"
    %hf bisect hfnb-demo/sentiment-en "I love it" --old v0.1 --tolerance 0.05
    %hf bisect hfnb-demo/pydoc-gpt "Return the" --old-param max_new_tokens=12 --new-param max_new_tokens=4
    """
    given = answering.said(text, ctx)
    asked = {"task": task, "tolerance": tolerance}
    if package:
        return call("hf_nb.bisect.releases", model, given, package, answering.listed(versions or ""), **asked)
    if old_param or new_param:
        before, after = (answering.parameters(one, None, None) or {} for one in (old_param, new_param))
        return call("hf_nb.bisect.parameters", model, given, old=before, new=after, timeout=timeout, **asked)
    return call(
        "hf_nb.bisect.commits", model, given, old=old, new=new, expect=expect, timeout=timeout, **asked
    )
