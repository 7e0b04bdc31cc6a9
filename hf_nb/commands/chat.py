"""`chat`: talk to a model, in conversations by name."""

from __future__ import annotations

from typing import Any

import click

from hf_nb.commands import answering
from hf_nb.commands.tree import OBJECT, Verb, call

DEFAULT = "default"


@click.command(cls=Verb, body=True, streams=True, short_help="Talk to a model.")
@click.argument("words", nargs=-1, type=OBJECT, metavar="[NAME | MESSAGE]")
@click.option("--name", help="The conversation, where the message is on the line.")
@answering.who
@answering.masked
@answering.anew
@click.option("--system", metavar="TEXT", help="How the model shall answer; kept by the conversation.")
@click.option("--schema", type=OBJECT, help="The reply's form: a JSON schema, its file, or $name.")
@click.option(
    "--tools", type=OBJECT, multiple=True, metavar="$f", help="A function the model may call; repeatable."
)
@click.option("--reset", is_flag=True, help="Begin the conversation anew.")
@click.option("--list", "list_", is_flag=True, help="The conversations of this session.")
@answering.how
@click.pass_context
def chat(
    ctx: click.Context,
    words: tuple[Any, ...],
    name: str | None,
    model: str | None,
    provider: str | None,
    policy: str | None,
    fallback: tuple[str, ...],
    timeout: float | None,
    system: str | None,
    schema: Any,
    tools: tuple[Any, ...],
    *,
    mask: bool,
    fresh: bool,
    reset: bool,
    list_: bool,
    param: tuple[str, ...],
    max_tokens: int | None,
    temperature: float | None,
) -> object:
    r"""Say the body of the cell, or MESSAGE, to a model that remembers what was said before.

    Each conversation goes on under its NAME; without one it is "default". In a terminal every command is a session of
    its own, so there nothing is remembered from one to the next.

    \b
    %%hf chat
    What is the capital of France?
    %%hf chat poems --system "Answer in verse." -m owner/name
    And of Italy?
    %hf chat "How warm is it in Bern?" --tools $weather
    %hf chat --list
    """
    if list_:
        return call("hf_nb.infer.conversations")
    name, message = _meant(ctx, words, name)
    if reset and not message:
        return call("hf_nb.infer.forget", *([name] if name != DEFAULT else []))
    return call(
        "hf_nb.infer.chat",
        message,
        name=name,
        model=model,
        provider=provider,
        system=system,
        schema=schema,
        tools=_functions(tools),
        params=answering.parameters(param, max_tokens, temperature),
        fallback=fallback,
        policy=policy,
        reset=reset,
        timeout=timeout,
        mask=mask,
        fresh=fresh,
    )


def _meant(ctx: click.Context, words: tuple[Any, ...], name: str | None) -> tuple[str, Any]:
    """With a body, the line's word is the conversation's name; else the words are the message."""
    body = ctx.obj.body
    if body is None:
        return name or DEFAULT, words[0] if len(words) == 1 else " ".join(map(str, words))
    if len(words) > 1 or (words and name):
        raise click.UsageError(
            "The message is in the cell's body; the first line has room for one name.", ctx
        )
    return name or (str(words[0]) if words else DEFAULT), body.removesuffix("\n")


def _functions(given: tuple[Any, ...]) -> tuple[Any, ...]:
    """One after the other; a list among them is all of its own."""
    found: list[Any] = []
    for one in given:
        found += one if isinstance(one, (list, tuple)) else [one]
    return tuple(found)
