"""What lies in the folder now."""

from __future__ import annotations

from hf_nb.render import looked, units
from hf_nb.values.prepared import Prepared


def text(value: Prepared) -> str:
    """A line per split."""
    return looked.text(_sheet(value))


def html(value: Prepared) -> str:
    """The same as a table."""
    return looked.html(_sheet(value))


def _sheet(value: Prepared) -> looked.Sheet:
    total = sum(rows for _, rows in value.splits)
    lines = []
    for split, rows in value.splits:
        files = [one for one in value.shards if one.split == split]
        share = looked.percent(rows / total) if total else ""
        size = units.size(sum(one.bytes for one in files))
        lines.append([split, f"{rows:,}", share, f"{len(files):,}", size])
    below = [f"columns: {', '.join(value.columns[:12])}{' …' if len(value.columns) > 12 else ''}"]
    if value.resumed:
        again = (
            "all of it was"
            if value.resumed == value.blocks
            else f"{value.resumed:,} of {value.blocks:,} blocks were"
        )
        below.append(f"{again} there from before")
    below.append(f'load_dataset("{value.folder}")')
    heads = [("split", False), ("rows", True), ("share", True), ("files", True), ("size", True)]
    said = [f"{total:,} rows in {value.folder}."]
    return looked.Sheet(value.looked, said, heads, lines, below=below, facts=["made ready"])
