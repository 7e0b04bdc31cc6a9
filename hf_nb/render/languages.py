"""A line per language, with a row in it."""

from __future__ import annotations

from hf_nb.render import looked
from hf_nb.values.languages import Languages


def text(value: Languages) -> str:
    """The most frequent first."""
    return looked.text(_sheet(value))


def html(value: Languages) -> str:
    """The same as a table."""
    return looked.html(_sheet(value))


def _sheet(value: Languages) -> looked.Sheet:
    lines = [
        [
            one.code or "(not clear)", looked.percent(one.share), f"{one.rows:,}",
            f"{one.samples[0]:,}" if one.samples else "", looked.short(one.text, 120),
        ]
        for one in value.languages
    ]  # fmt: skip
    below = [f"{value.empty:,} rows have no text"] if value.empty else []
    if not value.looked.all:
        below.append("From all rows: --exact")
    heads = [("language", False), ("share", True), ("rows", True), ("row", True), ("for example", False)]
    said = [] if lines else ["No text."]
    return looked.Sheet(value.looked, said, heads, lines, below=below, wide=4, facts=[value.column])
