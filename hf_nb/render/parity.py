"""Quicker copies of a model: a row each, what follows below."""

from __future__ import annotations

from hf_nb.render import page, plain
from hf_nb.render.grid import grid
from hf_nb.values.parity import Parity, Way

COLUMNS = (
    plain.Column("copy"),
    plain.Column("speed", right=True),
    plain.Column("same answer", right=True),
    plain.Column("largest difference", right=True, keep=2),
    plain.Column("asked again", right=True, keep=3),
    plain.Column("taken", keep=1),
)


def text(value: Parity | Way) -> str:
    """Rows, and what they mean."""
    table = plain.table(COLUMNS, [_row(one) for one in _ways(value)])
    return f"{table}\n\n{_foot(value)}" if isinstance(value, Parity) else table


def html(value: Parity | Way) -> str:
    """The same."""
    rows = [_row(one) for one in _ways(value)]
    foot = page.foot(_foot(value)) if isinstance(value, Parity) else ""
    return page.frame(f"{grid(COLUMNS, rows)}{foot}")


def _ways(value: Parity | Way) -> tuple[Way, ...]:
    return value.ways if isinstance(value, Parity) else (value,)


def _row(one: Way) -> list[str]:
    if not one.speed:
        return [one.name, "", "", "", "", one.why]
    same = f"{one.same:.1%}" if one.cosine == 1.0 else f"cosine {one.cosine:.5f}"
    return [
        one.name,
        f"{one.speed:.2f}×",
        same,
        f"{one.difference:.2g}",
        f"{one.again:.0%}",
        "yes" if one.taken else f"no: {one.why}",
    ]


def _foot(value: Parity) -> str:
    taken = value.taken
    versions = ", ".join(f"{name} {one}" for name, one in value.versions.items())
    follows = (
        f"Batches go through {taken.name} where accel is auto: %hf settings accel=auto"
        if taken
        else "Batches go through the model itself."
    )
    return (
        f"{value.model}, {value.task}: {value.rows} texts, beside the model itself in 32 bits.\n"
        f"On {value.processor}; {versions}.\n{follows}"
    )
