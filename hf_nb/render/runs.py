"""What a playground has run: a row each, the latest first."""

from __future__ import annotations

import json
from typing import Any

from hf_nb.render import page, plain, units
from hf_nb.render.grid import grid
from hf_nb.values.runs import Run, Runs

COLUMNS = (
    plain.Column("task", keep=2),
    plain.Column("model", keep=3),
    plain.Column("input"),
    plain.Column("answer"),
    plain.Column("time", right=True),
    plain.Column("tokens/s", right=True, keep=1),
)
NOTHING = "Nothing was run in this playground yet."
SHOWN, LONGEST = 20, 60


def text(value: Runs | Run) -> str:
    """Rows, and how many."""
    runs = _of(value)
    return "\n\n".join([*([plain.table(COLUMNS, rows(runs))] if runs else []), _counted(len(runs))])


def html(value: Runs | Run) -> str:
    """The same."""
    runs = _of(value)
    return page.frame(f"{grid(COLUMNS, rows(runs)) if runs else ''}{page.foot(_counted(len(runs)))}")


def rows(runs: tuple[Run, ...]) -> list[list[str]]:
    """The latest of them, as cells of a table."""
    return [_run(one) for one in runs[:SHOWN]]


def _of(value: Runs | Run) -> tuple[Run, ...]:
    return value.runs if isinstance(value, Runs) else (value,)


def _run(one: Run) -> list[str]:
    rate = units.NONE if one.rate is None else units.figures(one.rate)
    seconds = units.NONE if one.seconds is None else units.seconds(one.seconds)
    answer = one.wrong if one.end == "failed" else f"{one.text}{' (stopped)' if one.end == 'stopped' else ''}"
    return [one.task, one.model or "the default", _cut(_words(one.input)), _cut(answer), seconds, rate]


def _words(given: Any) -> str:
    """What a reader would call an input."""
    if isinstance(given, dict):
        messages = given.get("messages")
        if messages:
            return str(messages[-1].get("content", ""))
        return next((one for one in given.values() if isinstance(one, str)), json.dumps(given))
    return str(given)


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _counted(count: int) -> str:
    if not count:
        return NOTHING
    more = f" The latest {SHOWN} are shown." if count > SHOWN else ""
    return f"{count} run{'' if count == 1 else 's'}.{more}"
