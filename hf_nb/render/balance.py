"""A line per class."""

from __future__ import annotations

from hf_nb.render import looked
from hf_nb.values.balance import Balance


def text(value: Balance) -> str:
    """The sentence first."""
    return looked.text(_sheet(value))


def html(value: Balance) -> str:
    """The same as a table."""
    return looked.html(_sheet(value))


def _sheet(value: Balance) -> looked.Sheet:
    most = value.classes[0].share if value.classes else 1.0
    lines = [
        [looked.short(one.name, 60), f"{one.rows:,}", looked.percent(one.share), looked.bar(one.share / most)]
        for one in value.classes
    ]
    missing = [f"{value.missing:,} rows have none"] if value.missing else []
    mixed = [f"as mixed as {value.even:.3g} classes of one size"] if len(value.classes) > 1 else []
    return looked.Sheet(
        value.looked, [value.said], [(value.column, False), ("rows", True), ("share", True), ("", False)], lines,
        below=[*mixed, *missing], wide=0,
    )  # fmt: skip
