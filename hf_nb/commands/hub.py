"""`hub`: the offline Hub, served here, around one command, or only built."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from hf_nb.errors import BadInput
from hf_nb.offline import running

if TYPE_CHECKING:
    from hf_nb.offline.server.process import Ready

_USER = click.option(
    "--user",
    "users",
    multiple=True,
    metavar="NAME:TOKEN[:ROLE]",
    help="A user with a token; may be repeated.",
)
_LIMITS = click.option(
    "--limits", default="roomy", show_default=True, help="real, roomy, or for example api=5,window=2."
)
_ROOT = click.option(
    "--root",
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder of its own instead of the demo content.",
)


@click.group(short_help="A Hub on this machine, with no network.")
def hub() -> None:
    """A Hub that speaks the real one's protocol on 127.0.0.1, with small real models, datasets and Spaces."""


@hub.command(short_help="Serve until Ctrl-C.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="The Hub's port; a free one when left out."
)
@click.option("--cdn-port", type=click.IntRange(0, 65535), default=0, help="The port large files come from.")
@_ROOT
@_USER
@_LIMITS
def serve(root: Path | None, port: int, cdn_port: int, users: tuple[str, ...], limits: str) -> None:
    r"""Print the lines to export, then `ready`, and serve until Ctrl-C.

    \b
    hf-nb hub serve --port 8765
    hf-nb hub serve --root ~/my-hub --user me:hf_me_offline:write
    """
    from hf_nb.offline.server import process

    with tempfile.TemporaryDirectory(prefix="hf-nb-hub-") as own:
        folder = root if root is not None else running.demo_copy(Path(own) / "store")

        def say(ready: Ready) -> None:
            _print_environment(running.environment(ready.url, Path(own) / "home"))

        process.serve(folder, users=users, limits=limits, port=port, cdn_port=cdn_port, ready=say)


@hub.command(
    short_help="Run a command with a Hub of its own.", context_settings={"ignore_unknown_options": True}
)
@_ROOT
@_USER
@_LIMITS
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def run(root: Path | None, users: tuple[str, ...], limits: str, command: tuple[str, ...]) -> int:
    r"""Run COMMAND with an offline Hub around it; its cache and token are its own, and its exit code is passed on.

    \b
    hf-nb hub run -- hf models ls
    hf-nb hub run -- jupyter lab
    """
    with running.start(root, users=users, limits=limits) as started:
        return _run(command, started.environment_for(os.environ))


@hub.command(short_help="Build the demo content, and nothing else.")
def build() -> None:
    """Build what is missing of the demo content and print where it is."""
    import importlib

    made = importlib.import_module("hf_nb.offline.content.build").ensure(
        report=lambda line: click.echo(line, err=True)
    )
    click.echo(str(made))


def _print_environment(variables: dict[str, str]) -> None:
    for name, value in variables.items():
        print(f"export {name}={shlex.quote(value)}")
    print(f"unset {' '.join(running.UNSET)}")
    print("ready", flush=True)


def _run(command: tuple[str, ...], environment: dict[str, str]) -> int:
    """The command's exit code, 128 + the signal's number where one ended it; signals sent to us are for it."""
    try:
        process = subprocess.Popen(command, env=environment)
    except OSError as wrong:
        raise BadInput(f"{command[0]!r} cannot be run: {wrong.strerror}.") from None

    def pass_on(number: int, frame: FrameType | None) -> None:
        # at a terminal Ctrl-C reaches the command by itself, as one of the same group
        if number != signal.SIGINT or not sys.stdin.isatty():
            process.send_signal(number)

    before: dict[int, Any] = {
        number: signal.signal(number, pass_on) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        code = process.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return code if code >= 0 else 128 - code
