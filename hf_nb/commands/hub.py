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

from hf_nb.commands.faults import faults
from hf_nb.commands.tree import Told
from hf_nb.errors import BadInput
from hf_nb.offline import running
from hf_nb.plumbing import doors
from hf_nb.plumbing.session import current
from hf_nb.render.units import size

if TYPE_CHECKING:
    from hf_nb.offline.server.process import Ready

_USER = click.option(
    "--user",
    "users",
    multiple=True,
    metavar="NAME:TOKEN[:ROLE]",
    help="A user with a token; may be repeated.",
)
# The Hub imports nothing of ours that asks it; what answers for its models runs in a process of its own.
_ANSWER = "hf_nb.infer.serving"
_ROWS = "hf_nb.data.serving"
_FOLDER = click.Path(file_okay=False, path_type=Path)
_LIMITS = click.option(
    "--limits", default="roomy", show_default=True, help="real, roomy, or for example api=5,window=2."
)
_ROOT = click.option(
    "--root",
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder of its own instead of the demo content.",
)

_CACHE = click.option(
    "--with-cache", is_flag=True, help="Show your own cache's models and datasets too; nothing is copied."
)


@click.group(short_help="A Hub on this machine, with no network.")
def hub() -> None:
    """A Hub that speaks the real one's protocol on 127.0.0.1, with small real models, datasets and Spaces."""


@hub.command(cls=Told, short_help="Serve until Ctrl-C.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="The Hub's port; a free one when left out."
)
@click.option("--cdn-port", type=click.IntRange(0, 65535), default=0, help="The port large files come from.")
@_ROOT
@_CACHE
@_USER
@_LIMITS
def serve(
    root: Path | None, port: int, cdn_port: int, users: tuple[str, ...], limits: str, *, with_cache: bool
) -> None:
    r"""Print the lines to export, then `ready`, and serve until Ctrl-C.

    \b
    hf-nb hub serve --port 8765
    hf-nb hub serve --root ~/my-hub --user me:hf_me_offline:write
    """
    from hf_nb.offline.server import process

    with tempfile.TemporaryDirectory(prefix="hf-nb-hub-") as own:
        folder = running.ready_root(root, Path(own) / "store", with_cache=with_cache)

        def say(ready: Ready) -> None:
            _print_environment(running.environment(ready.url, Path(own) / "home"))

        process.serve(
            folder,
            users=users,
            limits=limits,
            port=port,
            cdn_port=cdn_port,
            ready=say,
            answer=_ANSWER,
            rows=_ROWS,
        )


@hub.command(
    cls=Told,
    short_help="Run a command with a Hub of its own.",
    context_settings={"ignore_unknown_options": True},
)
@_ROOT
@_CACHE
@_USER
@_LIMITS
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def run(
    root: Path | None, users: tuple[str, ...], limits: str, command: tuple[str, ...], *, with_cache: bool
) -> int:
    r"""Run COMMAND with an offline Hub around it; its cache and token are its own, and its exit code is passed on.

    \b
    hf-nb hub run -- hf models ls
    hf-nb hub run --with-cache -- jupyter lab
    """
    with running.start(
        root, users=users, limits=limits, with_cache=with_cache, answer=_ANSWER, rows=_ROWS
    ) as started:
        return _run(command, started.environment_for(os.environ) | started.key)


@hub.command(cls=Told, short_help="Build the demo content, and nothing else.")
@click.option(
    "--all", "everything", is_flag=True, help="What is otherwise built when it is first asked for, too."
)
@click.option("--check", is_flag=True, help="Load each as a user would, and print what they hold as a table.")
@click.argument("ids", nargs=-1, metavar="[ID]...")
def build(ids: tuple[str, ...], *, everything: bool, check: bool) -> None:
    r"""Build what is missing of the demo content and print where it is.

    \b
    hf-nb hub build
    hf-nb hub build --all
    hf-nb hub build hfnb-lab/big-table
    """
    from hf_nb.offline.content import build, zoo

    def say(line: str) -> None:
        click.echo(line, err=True)

    recipes = [build.named(id) for id in ids]
    made = build.everything(report=say) if everything else build.ensure(report=say)
    build.provide(recipes, report=say)
    if not check:
        click.echo(str(made))
        return
    for line in zoo.table(recipes or zoo.built()):
        click.echo(line)


hub.add_command(faults)


@hub.command(cls=Told, short_help="Clear away what nothing leads to.")
@click.option("--root", type=_FOLDER, help="The Hub's folder; left out, the Hub this shell lives under.")
@click.option("--older-than", default="1d", show_default=True, help="What is younger stays: 30m, 12h, 7d.")
@click.option("--dry-run", is_flag=True, help="Only count.")
def gc(root: Path | None, older_than: str, *, dry_run: bool) -> None:
    r"""Remove commits, trees and contents no branch, tag, pull request or conversation leads to.

    A Hub that is being served does it itself; in a folder of its own no server may run meanwhile.

    \b
    hf-nb hub gc --root ~/my-hub --dry-run
    hf-nb hub gc --root ~/my-hub --older-than 7d
    """
    from hf_nb.offline import upkeep
    from hf_nb.offline.server import process
    from hf_nb.offline.store import Store
    from hf_nb.offline.verify import standing
    from hf_nb.offline.xet.cas import Cas

    age = upkeep.age(older_than)
    if root is None:
        freed = running.here().clear(older_than, dry_run=dry_run)
    else:
        with process.alone(standing(root), "Stop it first, or ask it: hf_nb.offline.running.here().clear()"):
            store = Store.open(root)
            try:
                freed = upkeep.clear(store, age, dry_run=dry_run, cas=Cas(root / "xet", store.blobs))
            finally:
                store.close()
    click.echo(f"{'would free' if dry_run else 'freed'} {freed}")


@hub.command(cls=Told, short_help="Whether all contents are what they are named.")
@click.option("--root", type=_FOLDER, help="The Hub's folder; left out, that of the demo content.")
@click.option(
    "--repair", is_flag=True, help="Move damaged contents aside, so that they can be uploaded again."
)
def verify(root: Path | None, *, repair: bool) -> int:
    r"""Look at every table and every content of a Hub, also while it is served. The exit code is 1 if one is damaged.

    \b
    hf-nb hub verify --root ~/my-hub
    hf-nb hub verify --root ~/my-hub --repair
    """
    from hf_nb.offline.verify import put_aside
    from hf_nb.offline.verify import verify as look_at

    if root is None:
        from hf_nb.offline.content import build

        root = build.ensure()
    found = look_at(root)
    for damage in found.damages:
        click.echo(damage)
    for path in put_aside(root, found) if repair else ():
        click.echo(f"moved aside: {path}")
    wrong = f"{len(found.damages)} damaged" if found.damages else "all is well"
    looked_at = f"{found.repos:,} repositories, {found.commits:,} commits, {found.contents:,} contents"
    click.echo(f"{looked_at} ({size(found.bytes)}): {wrong}")
    return 1 if found.damages else 0


def _print_environment(variables: dict[str, str]) -> None:
    for name, value in variables.items():
        print(f"export {name}={shlex.quote(value)}")
    print(f"unset {' '.join(running.UNSET)}")
    print("ready", flush=True)


def _run(command: tuple[str, ...], environment: dict[str, str]) -> int:
    """The command's exit code, 128 + the signal's number where one ended it; signals sent to us are for it."""
    current()  # whether anything may leave this machine
    try:
        process = subprocess.Popen(command, env=doors.environment(environment))
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
