"""A task's parameters: a row each."""

from __future__ import annotations

from hf_nb.render import page, plain, units
from hf_nb.render.grid import grid
from hf_nb.values.controls import Control, Controls

COLUMNS = (
    plain.Column("parameter"),
    plain.Column("set as"),
    plain.Column("from", right=True),
    plain.Column("to", right=True),
    plain.Column("what it does", keep=1),
)
FOOT = "What is not set is the model's own."


def text(value: Controls | Control) -> str:
    """Rows, and a last line."""
    return f"{plain.table(COLUMNS, _rows(value))}\n\n{FOOT}"


def html(value: Controls | Control) -> str:
    """The same."""
    return page.frame(f"{grid(COLUMNS, _rows(value))}{page.foot(FOOT)}")


def _rows(value: Controls | Control) -> list[list[str]]:
    return [_row(one) for one in (value.controls if isinstance(value, Controls) else (value,))]


def _row(one: Control) -> list[str]:
    kind = f"one of {', '.join(one.choices)}" if one.choices else one.kind
    return [
        one.name,
        kind,
        *(units.NONE if at is None else f"{at:g}" for at in (one.least, one.most)),
        one.help,
    ]
