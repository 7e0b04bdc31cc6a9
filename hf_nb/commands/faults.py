"""`hub faults`: failures on demand of the Hub this shell or notebook lives under (see `hub run`)."""

from __future__ import annotations

from typing import Any

import click

from hf_nb.commands.tree import Verb
from hf_nb.offline.handle import here
from hf_nb.values import Table

# what a list shows of each, where it was said
_SHOWN = ("origin", "user", "repo", "count", "status", "code", "seconds", "at")


@click.group(short_help="Failures on demand.")
def faults() -> None:
    """What the Hub is to do wrong, for trying out what a program does about it.

    It needs a Hub of its own around it: `hf-nb hub run -- bash`, or `hf-nb hub run -- jupyter lab`.
    """


@faults.command(cls=Verb, short_help="One more failure from now on.")
@click.argument("kind")
@click.option("--match", default="*", help='A glob on the path or on "METHOD path", or a route with {names}.')
@click.option("--origin", type=click.Choice(["hub", "cdn"]), help="Only on this port.")
@click.option("--user", help="Only for this user's requests.")
@click.option("--repo", help="Only for this repository.")
@click.option("--count", type=int, help="So many times, then no more.")
@click.option("--rate", type=float, help="With this probability, from 0 to 1.")
@click.option("--seed", type=int, help="Other ones for the same rate.")
@click.option("--after", type=int, help="The first so many pass.")
@click.option("--every", type=int, help="Only every so many.")
@click.option("--status", type=int, help="What is answered: 429, 503 and so on.")
@click.option("--code", help="The X-Error-Code that goes with the status.")
@click.option("--seconds", type=float, help="How long it lasts.")
@click.option("--jitter", type=float, help="Up to so many seconds more.")
@click.option("--at", type=float, help="Where in the body: a share below 1, else bytes.")
def add(kind: str, **how: Any) -> Table:
    r"""Add one failure of KIND and show what is in force.

    \b
    hf-nb hub faults add status --status 503 --count 2
    hf-nb hub faults add stall --match "*/resolve/*" --seconds 20
    hf-nb hub faults add lost --match "POST *" --count 1
    """
    hub = here()
    hub.add_fault(kind, **{name: value for name, value in how.items() if value is not None})
    return _table(hub.faults())


@faults.command("list", cls=Verb, short_help="What is in force, and how often it has struck.")
def listed() -> Table:
    """Show the failures in force."""
    return _table(here().faults())


@faults.command(cls=Verb, short_help="No more failures.")
def clear() -> Table:
    """End every failure."""
    hub = here()
    hub.clear_faults()
    return _table(hub.faults())


def _table(lines: list[dict[str, Any]]) -> Table:
    return Table(
        ("fault", "where", "how", "struck"),
        tuple((line["kind"], line["match"], _how(line), str(line["used"])) for line in lines),
    )


def _how(line: dict[str, Any]) -> str:
    return " ".join(f"{name}={line[name]}" for name in _SHOWN if line[name] is not None)
