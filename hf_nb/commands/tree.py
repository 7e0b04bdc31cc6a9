"""What every command shares: lazy loading, `--json` and `-q`, help, and a nearest word for a wrong one.

answer(tree, ["search", "models", "bert"], face) -> Answer(value, format, out)
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import click

from hf_nb.commands import theirs
from hf_nb.commands.calling import call
from hf_nb.commands.examples import in_terminal
from hf_nb.commands.objects import OBJECT, refuse_left
from hf_nb.errors import BadInput, Stopped
from hf_nb.plumbing.extras import load

__all__ = ["FORMATS", "OBJECT", "Answer", "Face", "Memory", "Noun", "Tree", "Verb", "answer", "call"]

Face = Literal["notebook", "terminal"]
FORMATS = ("auto", "human", "agent", "json", "quiet")
# Words that begin like an option and are none: -> and -1, in a text.
_NO_OPTION = re.compile(r"-(?![A-Za-z-])|--(?![A-Za-z]|$)|-$")
_GUARD = "\ue0ff"


@dataclass
class Memory:
    """What a notebook's last commands left: `%hf last`, `%hf tb`."""

    value: Any = None
    error: BaseException | None = None


@dataclass
class Answer:
    """What a command returned, and how the caller wants to see it.

    The face fills in what it can do: `expand` puts a notebook's values into a body, `later` works in the background.
    """

    face: Face
    value: Any = None
    format: str = "auto"
    out: str | None = None
    shown: bool = False
    wide: bool = False
    code: bool = False
    background: bool = False
    fresh: bool = False
    raw: bool = False
    strict: bool = False
    whole: bool = False
    streams: bool = False
    silent: bool = False
    cell: str | None = None
    objects: dict[int, str] = field(default_factory=dict)
    names: Mapping[str, Any] = field(default_factory=dict)  # the notebook's own
    memory: Memory | None = None
    expand: Callable[[str, bool], str] | None = None
    later: Callable[[Callable[[], Any]], Any] | None = None

    @property
    def body(self) -> str | None:
        """The cell's text, the notebook's values in it unless `--raw` was said; never parsed for options."""
        if self.cell is None or self.raw or self.expand is None:
            return self.cell
        return self.expand(self.cell, self.strict)


class Tree(click.Group):
    """Imports a command's module when the command is used."""

    def __init__(self, commands: dict[str, str]) -> None:
        super().__init__(
            "hf", help="Hugging Face in a notebook.", no_args_is_help=False, invoke_without_command=True
        )
        self.lazy = commands

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.lazy)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from hf_nb.commands.official import index

        every = sorted({one.name for one in index.tree().words.values()} - set(self.lazy))
        with formatter.section("Every official command, word for word"):
            formatter.write_text(" ".join(word for word in every if not word.startswith("lfs-")))

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

    def invoke(self, ctx: click.Context) -> Any:
        """Under the stop button of a notebook, click would print the empty line that a terminal's ^C wants."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as stopped:
            if ctx.obj.face != "notebook":
                raise
            raise click.Abort from stopped


def _unfilled(help: str | None) -> str:
    """Click's mark for lines that stay as they are is a control character; a raw docstring spells it."""
    return (help or "").replace("\\b", "\b")


class Told(click.Command):
    """A command whose help shows lines of a notebook; in a terminal, what can be typed there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.help = _unfilled(self.help)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        said = self.help
        try:
            if ctx.command_path.startswith("hf-nb"):
                self.help = in_terminal(said or "")
            super().format_help_text(ctx, formatter)
        finally:
            self.help = said


class Noun(Told, click.Group):
    """A word with words of its own; `official`: the rest of them are the official command's."""

    def __init__(self, *args: Any, official: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.official = official

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            raise _unknown(args[0], self.commands, ctx)
        return super().resolve_command(ctx, args)


class Verb(Told):
    """A command that returns a value; the face decides how to show it.

    `body`: it reads the text of a cell; `streams`: its answer may come word by word, and be shown so.
    """

    def __init__(self, *args: Any, body: bool = False, streams: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reads_body, self.streams = body, streams
        taken = {name for param in self.params for name in param.opts}
        self.params += [
            option
            for option in (
                *_shared(),
                *(_of_bodies() if body else ()),
                *(_of_answers() if streams else ()),
            )
            if not taken.intersection(option.opts)
        ]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        filled = {
            name
            for param in self.params
            if isinstance(param, click.Option) and not param.is_flag
            for name in param.opts
        }
        guarded = [
            _GUARD + word if _NO_OPTION.match(word) and before not in filled else word
            for before, word in zip(["", *args], args, strict=False)
        ]
        left = super().parse_args(ctx, guarded)
        refuse_left(ctx, args)
        ctx.params = {name: _unguarded(value) for name, value in ctx.params.items()}
        return left

    def invoke(self, ctx: click.Context) -> Any:
        asked = ctx.obj
        if not isinstance(asked, Answer):
            return super().invoke(ctx)
        asked.streams = self.streams and not asked.whole
        if asked.cell is not None and not self.reads_body:
            raise click.UsageError(f"{ctx.info_name} has no use for the text below; one % for a line.", ctx)
        if asked.background and asked.later and not asked.code:
            return asked.later(lambda: self._in_thread(ctx, asked))
        return self._run(ctx, asked)

    def _in_thread(self, ctx: click.Context, asked: Answer) -> Any:
        with ctx.scope(cleanup=False):  # click keeps its current context by thread
            return self._run(ctx, asked)

    def _run(self, ctx: click.Context, asked: Answer) -> Any:
        if not asked.fresh:
            return super().invoke(ctx)
        from hf_nb.plumbing import http

        with http.fresh():
            return super().invoke(ctx)


def _shared() -> list[click.Option]:
    """The options every verb has."""

    def option(*names: str, keep: Callable[..., None], **how: Any) -> click.Option:
        return click.Option(names, expose_value=False, callback=keep, **how)

    return [
        option(
            "--format",
            type=click.Choice(FORMATS),
            keep=_keep("format"),
            help="How to show the result; agent is tab-separated.",
        ),
        option("--json", is_flag=True, keep=_keep("format", "json"), help="The same as --format json."),
        option("-q", "--quiet", is_flag=True, keep=_keep("format", "quiet"), help="Ids only, one a line."),
        option("--no-truncate", is_flag=True, keep=_keep("wide", True), help="Cut nothing in a text table."),
        option("--code", is_flag=True, keep=_keep("code", True), help="Print the plain Python instead."),
        option("-o", "--out", metavar="NAME", keep=_keep_out, help="Keep the result in this variable."),
        option("-O", metavar="NAME", keep=_keep_out, help="Keep the result, and show it."),
        option(
            "--fresh",
            is_flag=True,
            keep=_keep("fresh", True),
            help="Ask the Hub, and use no copy of an earlier answer.",
        ),
        option(
            "-b",
            "--bg",
            is_flag=True,
            keep=_in_notebook("background"),
            help="In the background; gives a handle to await.",
        ),
    ]


def _of_bodies() -> list[click.Option]:
    """The options of verbs that read a cell's text."""
    return [
        click.Option(
            ["--raw"],
            is_flag=True,
            expose_value=False,
            callback=_keep("raw", True),
            help="Leave every {brace} of the text as it is.",
        ),
        click.Option(
            ["--strict"],
            is_flag=True,
            expose_value=False,
            callback=_keep("strict", True),
            help="A {name} of the text that does not exist is an error.",
        ),
    ]


def _of_answers() -> list[click.Option]:
    """The option of verbs whose answers come word by word."""
    return [
        click.Option(
            ["--no-stream"],
            is_flag=True,
            expose_value=False,
            callback=_keep("whole", True),
            help="Show the answer when it is whole.",
        )
    ]


def answer(
    tree: Tree, words: Sequence[str], face: Face, *, body: str | None = None, kept: Answer | None = None
) -> Answer:
    """Run one command; every misuse comes out as `BadInput`."""
    kept = kept or Answer(face, cell=body)
    if words and words[0] == "help":
        words = [*words[1:], "--help"]
    if theirs.takes(tree, words):
        return theirs.answer(words, kept)
    name = "%hf" if face == "notebook" else "hf-nb"
    try:
        value = tree.main(list(words), prog_name=name, standalone_mode=False, obj=kept)
        helped = isinstance(value, int) and value == 0  # click's answer to --help
        kept.value = None if helped and face == "notebook" else value
    except click.exceptions.NoArgsIsHelpError as shown:
        click.echo(shown.ctx.get_help() if shown.ctx else "")
    except click.Abort as aborted:  # click's name for Ctrl-C and the stop button
        stopped = aborted.__cause__
        raise (stopped if isinstance(stopped, Stopped) else KeyboardInterrupt()) from None
    except click.UsageError as misuse:
        raise _in_our_words(misuse, name) from None
    return kept


def _unguarded(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_unguarded(one) for one in value)
    return value.removeprefix(_GUARD) if type(value) is str else value


def _in_our_words(misuse: click.UsageError, name: str) -> BadInput:
    path = misuse.ctx.command_path if misuse.ctx else name
    problem = misuse.format_message().replace("\n", " ")
    for guard in (_GUARD, ascii(_GUARD)[1:-1]):  # click may quote what was given
        problem = problem.replace(guard, "")
    return BadInput(problem, f"Help: {path} --help")


def _unknown(word: str, known: Mapping[str, Any], ctx: click.Context) -> click.UsageError:
    from hf_nb.commands.official import index

    every = [*known, *(index.tree().words if ctx.parent is None else ())]
    close = difflib.get_close_matches(word, every, n=2, cutoff=0.5)
    hint = f"Did you mean {' or '.join(close)}?" if close else f"Commands: {', '.join(known)}"
    return click.UsageError(f"There is no command {word!r}. {hint}", ctx)


def _keep(name: str, fixed: Any = None) -> Any:
    """Remember an option's value (or, of a flag, what it stands for)."""

    def callback(ctx: click.Context, param: click.Parameter, value: Any) -> None:
        if value and isinstance(ctx.obj, Answer):
            setattr(ctx.obj, name, value if fixed is None else fixed)

    return callback


def _in_notebook(name: str) -> Any:
    def callback(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: FBT001 -- click calls it so
        if not value or not isinstance(ctx.obj, Answer):
            return
        if ctx.obj.face != "notebook":
            raise click.UsageError(
                "-b gives a handle to a notebook; in a terminal, end the line with &.", ctx
            )
        setattr(ctx.obj, name, True)

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
    ctx.obj.shown = "-O" in param.opts
