"""What every command shares: lazy loading, `--json` and `-q`, help, and a nearest word for a wrong one.

answer(tree, ["search", "models", "bert"], face) -> Answer(value, format, out)
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import click

from hf_nb.errors import BadInput
from hf_nb.plumbing.extras import load

Face = Literal["notebook", "terminal"]
FORMATS = ("auto", "human", "json", "quiet")


@dataclass
class Answer:
    """What a command returned, and how the caller wants to see it."""

    face: Face
    value: Any = None
    format: str = "auto"
    out: str | None = None
    body: str | None = None


class Tree(click.Group):
    """Imports a command's module when the command is used."""

    def __init__(self, commands: dict[str, str]) -> None:
        super().__init__(
            "hf", help="Hugging Face in a notebook.", no_args_is_help=False, invoke_without_command=True
        )
        self.lazy = commands

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        where = self.lazy.get(cmd_name)
        command: click.Command | None = load(where) if where else None
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.lazy:
            raise _unknown(args[0], self.lazy, ctx)
        return super().resolve_command(ctx, args)


class Verb(click.Command):
    """A command that returns a value; the face decides how to show it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += [
            click.Option(
                ["--format"],
                type=click.Choice(FORMATS),
                expose_value=False,
                callback=_keep("format"),
                help="How to show the result.",
            ),
            click.Option(
                ["--json"],
                is_flag=True,
                expose_value=False,
                callback=_keep_format("json"),
                help="The same as --format json.",
            ),
            click.Option(
                ["-q", "--quiet"],
                is_flag=True,
                expose_value=False,
                callback=_keep_format("quiet"),
                help="Ids only, one a line.",
            ),
            click.Option(
                ["-o", "--out"],
                metavar="NAME",
                expose_value=False,
                callback=_keep_out,
                help="Keep the result in this variable.",
            ),
        ]


def answer(tree: Tree, words: Sequence[str], face: Face, *, body: str | None = None) -> Answer:
    """Run one command; every misuse comes out as `BadInput`."""
    kept = Answer(face, body=body)
    name = "%hf" if face == "notebook" else "hf-nb"
    try:
        kept.value = tree.main(list(words), prog_name=name, standalone_mode=False, obj=kept)
    except click.exceptions.NoArgsIsHelpError as shown:
        click.echo(shown.ctx.get_help() if shown.ctx else "")
    except click.Abort:  # click's name for Ctrl-C and the stop button
        raise KeyboardInterrupt from None
    except click.UsageError as misuse:
        raise _in_our_words(misuse, name) from None
    return kept


def _in_our_words(misuse: click.UsageError, name: str) -> BadInput:
    path = misuse.ctx.command_path if misuse.ctx else name
    return BadInput(misuse.format_message().replace("\n", " "), f"Help: {path} --help")


def _unknown(word: str, known: Mapping[str, Any], ctx: click.Context) -> click.UsageError:
    close = difflib.get_close_matches(word, known, n=2, cutoff=0.5)
    hint = f"Did you mean {' or '.join(close)}?" if close else f"Commands: {', '.join(known)}"
    return click.UsageError(f"There is no command {word!r}. {hint}", ctx)


def _keep(name: str) -> Any:
    def callback(ctx: click.Context, param: click.Parameter, value: Any) -> None:
        if value is not None and isinstance(ctx.obj, Answer):
            setattr(ctx.obj, name, value)

    return callback


def _keep_format(name: str) -> Any:
    def callback(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: FBT001 -- click calls it so
        if value and isinstance(ctx.obj, Answer):
            ctx.obj.format = name

    return callback


def _keep_out(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    if value is None or not isinstance(ctx.obj, Answer):
        return
    if ctx.obj.face != "notebook":
        raise click.UsageError(
            "-o keeps a result in a notebook variable; in a terminal, redirect --json to a file.", ctx
        )
    if not value.isidentifier():
        raise click.UsageError(f"{value!r} is not a name for a variable.", ctx)
    ctx.obj.out = value
