"""Words for the gaps of a text: bars, gap by gap."""

from __future__ import annotations

import itertools

from hf_nb.render import bars, page, source
from hf_nb.values import Fill, Fills

SHOWN = 5


def text(fills: Fills) -> str:
    """Bars of blocks, and the text with the likeliest word."""
    lines: list[str] = []
    gaps = _gaps(fills)
    for number, found in enumerate(gaps, 1):
        lines += [f"Gap {number}"] if len(gaps) > 1 else []
        lines += bars.text([(one.word, one.score) for one in found[:SHOWN]])
        lines += [f"… {len(found) - SHOWN} more"] if len(found) > SHOWN else []
    if len(gaps) == 1:
        lines.append(_best(gaps[0]))
    return "\n".join([*lines, source.text(fills.source)])


def html(fills: Fills) -> str:
    """The same, drawn."""
    gaps = _gaps(fills)
    made = ""
    for number, found in enumerate(gaps, 1):
        made += f'<div class="soft">Gap {number}</div>' if len(gaps) > 1 else ""
        made += bars.html([(one.word, one.score) for one in found], SHOWN)
    if len(gaps) == 1:
        made += f'<div class="read">{page.escape(_best(gaps[0]))}</div>'
    return page.frame(made + source.html(fills.source), "spans")


def _gaps(fills: Fills) -> list[list[Fill]]:
    return [list(found) for _, found in itertools.groupby(fills.fills, key=lambda one: one.gap)]


def _best(found: list[Fill]) -> str:
    return found[0].sequence
