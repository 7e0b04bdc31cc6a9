"""Texts as vectors: how many numbers, how long, the first of them; and, folded, how they lie to each other."""

from __future__ import annotations

import math

from hf_nb.render import page, plain, source
from hf_nb.render.grid import grid
from hf_nb.render.projection import flat
from hf_nb.values import Vectors

SHOWN = 20
FIRST = 4  # numbers of a vector
LEAST = 3  # texts: two points always lie on a line
MOST = 60  # points of the drawing
_COLUMNS = [
    plain.Column("text"),
    plain.Column("length", right=True, keep=1),
    plain.Column("begins with", keep=2),
]
WIDE, HIGH, EDGE = 420, 260, 16
NAMED = 12  # points with their text beside them


def text(vectors: Vectors) -> str:
    """A line per text."""
    rest = len(vectors) - SHOWN
    more = [f"… {rest:,} more"] if rest > 0 else []
    table = plain.table(_COLUMNS, _rows(vectors, 40))
    return "\n".join([_shape(vectors), table, *more, source.text(vectors.source)])


def html(vectors: Vectors) -> str:
    """The same, and a drawing in a fold."""
    rest = len(vectors) - SHOWN
    more = f'<div class="soft">… {rest:,} more</div>' if rest > 0 else ""
    return page.frame(
        f'<div class="head"><span class="name">{page.escape(_shape(vectors))}</span></div>'
        f"{grid(_COLUMNS, _rows(vectors, 120))}{more}{source.html(vectors.source)}{_drawing(vectors)}",
        "vectors",
    )


def _shape(vectors: Vectors) -> str:
    count = len(vectors)
    return f"{count:,} {'vector' if count == 1 else 'vectors'} of {vectors.dimensions:,} numbers"


def _rows(vectors: Vectors, most: int) -> list[list[str]]:
    rows = []
    for said, one in zip(vectors.texts[:SHOWN], vectors.vectors[:SHOWN], strict=True):
        words = " ".join(said[: most + 1].split())
        short = words if len(words) <= most else f"{words[: most - 1]}…"
        begins = " ".join(f"{number:.3f}" for number in one[:FIRST]).replace("-", "−")
        rows.append(
            [short, f"{math.hypot(*one):.3f}", f"{begins} …" if vectors.dimensions > FIRST else begins]
        )
    return rows


def _drawing(vectors: Vectors) -> str:
    """Points on a plane: the two directions in which these vectors differ most."""
    if len(vectors) < LEAST:
        return ""
    points, kept = flat([list(one) for one in vectors.vectors[:MOST]])
    if not kept:
        return ""
    scale = max(max(abs(x), abs(y)) for x, y in points) or 1.0
    drawn = "".join(
        _point(index, said, x / scale, y / scale)
        for index, (said, (x, y)) in enumerate(zip(vectors.texts[:MOST], points, strict=True))
    )
    of = f"the first {MOST} of {len(vectors):,}" if len(vectors) > MOST else f"{len(vectors)}"
    said = f"{of} texts on a plane that keeps {kept:.0%} of their differences"
    return (
        f"<details><summary>How they lie to each other</summary>"
        f'<svg class="plane" viewBox="0 0 {WIDE} {HIGH}" role="img" aria-label="{page.escape(said)}">{drawn}</svg>'
        f'<div class="soft">{page.escape(said[:1].upper() + said[1:])}; near is alike.</div></details>'
    )


def _point(index: int, said: str, x: float, y: float) -> str:
    left = WIDE / 2 + x * (WIDE / 2 - EDGE)
    top = HIGH / 2 - y * (HIGH / 2 - EDGE)
    words = " ".join(said[:80].split())
    dot = f'<circle cx="{left:.0f}" cy="{top:.0f}" r="4"><title>{page.escape(words)}</title></circle>'
    if index >= NAMED:
        return dot
    short = words if len(words) <= 24 else f"{words[:23]}…"
    anchor, shift = ("end", -7) if x > 0 else ("start", 7)
    return f'{dot}<text x="{left + shift:.0f}" y="{top + 4:.0f}" text-anchor="{anchor}">{page.escape(short)}</text>'
