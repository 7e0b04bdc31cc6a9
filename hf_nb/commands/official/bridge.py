"""One official command line, run: told where it runs, listened to, its errors put in our words."""

from __future__ import annotations

import dataclasses
import shlex
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import click

from hf_nb.commands.official import endpoint, index, refused, wrong
from hf_nb.commands.official.said import Said, listening
from hf_nb.errors import BadInput, HfNbError
from hf_nb.plumbing import http, redact
from hf_nb.plumbing.session import Session, current

if TYPE_CHECKING:
    from hf_nb.values.official import Official

NAMES = {"notebook": "%hf", "terminal": "hf-nb"}
# Commands that go on: their text is shown as it comes. A command, and the options one of which makes it so ((): always)
_FOLLOW: dict[tuple[str, ...], tuple[str, ...]] = {
    ("jobs", "logs"): ("-f", "--follow"),
    ("spaces", "logs"): ("-f", "--follow"),
    ("jobs", "run"): (),
    ("jobs", "uv", "run"): (),
    ("jobs", "rerun"): (),
    ("sandbox", "exec"): (),
}
# They ask other machines than the Hub in use (DuckDB does it past our client), or a Space that really runs.
_OTHER_HOSTS = (("endpoints",), ("datasets", "parquet"), ("datasets", "sql"), ("spaces", "hot-reload"))
_DETACHED = frozenset({"-d", "--detach", "--dry-run", "--help"})


def run(
    words: Sequence[str],
    face: Literal["notebook", "terminal"] = "notebook",
    *,
    body: str | None = None,
    session: Session | None = None,
) -> Official:
    """Run one official command line and return what it said. Whatever goes wrong is an `HfNbError`."""
    session = http.install(session or current())
    index.learn()
    name = NAMES[face]
    path = index.path(words)
    rest = list(words[len(path) :])
    no = refused.refusal(index.canonical(path), rest, name, local_only=session.settings.local_only)
    if no is not None:
        raise no
    if session.settings.endpoint_is_local and _asks_elsewhere(path, rest):
        raise wrong.not_here(path, name)
    given = refused.with_token(words)
    line = shlex.join([name, *words])
    with session.span("commands.official", command=" ".join(path)):
        said = _said(index.canonical(path), rest, line, body)
        code = _called(given, rest, said, session, name)
        if said.wrong is not None:
            raise said.wrong
        if code:
            _show_what_there_was(said)
            raise wrong.ended(code, said.last, line, name)
        return _answered(said, line, name)


def _said(path: tuple[str, ...], rest: Sequence[str], line: str, body: str | None) -> Said:
    """What a call is told of where it runs: json, since then it holds back nothing it knows."""

    def confirm(message: str, option: str) -> None:
        short = "-y" if option == "--yes" and "-y" in index.options(path) else option
        raise BadInput(f"{said.opening} {message}".strip(), f"If that is what you want: {line} {short}")

    follows = _FOLLOW.get(path)
    live = (
        follows is not None and not _DETACHED & set(rest) and (not follows or bool(set(follows) & set(rest)))
    )
    said = Said("human" if "--tree" in rest else "json", live=live, body=body, confirm=confirm)
    return said


def _asks_elsewhere(path: tuple[str, ...], rest: Sequence[str]) -> bool:
    found = any(path[: len(one)] == one for one in _OTHER_HOSTS)
    return found and not index.at(path).words and "--help" not in rest


def _called(words: Sequence[str], rest: Sequence[str], said: Said, session: Session, name: str) -> int:
    """The exit code; anything worse is raised, in our words. `rest` is as typed: `words` may hold a token."""
    path = index.path(words)
    root = _root()
    with endpoint.of(session), listening(said):
        try:
            ended = root.main(list(words), prog_name=name, standalone_mode=False)
        except click.exceptions.NoArgsIsHelpError as shown:
            said.print(shown.ctx.get_help() if shown.ctx else "")
            return 0
        except click.UsageError as misuse:
            raise wrong.misuse(misuse, name) from None
        except click.ClickException as refusal:
            raise BadInput(wrong.spoken(refusal.format_message(), name)) from None
        except click.Abort:  # click's name for Ctrl-C and the stop button
            raise KeyboardInterrupt from None
        except SystemExit as left:
            return left.code if isinstance(left.code, int) else int(left.code is not None)
        except HfNbError:
            raise
        except Exception as foreign:
            raise wrong.translated(foreign, path, rest, session.settings, name) from foreign
    return ended if isinstance(ended, int) else 0


def _root() -> Any:
    """The official commands under a root of our own, with the official way of reading options."""
    from huggingface_hub.cli import hf
    from huggingface_hub.cli._cli_utils import typer_factory

    from hf_nb.commands.official import layer

    layer.install()
    root = typer_factory(help="")
    root.commands = hf.app.commands
    return root


def _answered(said: Said, line: str, name: str) -> Official:
    from hf_nb.commands.official import answers, layer
    from hf_nb.render import formats

    value = answers.answer(said, line, name)
    if said.asked is None:
        return value
    if said.asked == "human":
        return dataclasses.replace(value, as_asked=formats.printed(value, wide=said.no_truncate))
    printed = layer.replayed(said.events, said.asked, no_truncate=said.no_truncate)
    return dataclasses.replace(value, as_asked=redact.tokens(printed).rstrip("\n"))


def _show_what_there_was(said: Said) -> None:
    """A check that failed has said on what; the error has room for one line of it."""
    from hf_nb.commands.official import layer

    shown = redact.tokens(layer.replayed(said.events, said.asked or "human", no_truncate=False)).strip()
    if shown and not said.live and shown != said.last:
        sys.stdout.write(f"{shown}\n")
