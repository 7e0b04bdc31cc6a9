"""What was found in a text: underlined there in the colour of its kind, with a tag, and listed in a fold."""

from __future__ import annotations

from hf_nb.render import excerpt, page, plain, source
from hf_nb.render.grid import grid
from hf_nb.values import Spans

# Okabe and Ito's colours, those that stand out on white and on black first; black is no colour for a dark page.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442")
LISTED = 100
_COLUMNS = [
    plain.Column("what"),
    plain.Column("words"),
    plain.Column("score", right=True, keep=1),
    plain.Column("place", right=True, keep=2),
]


def text(spans: Spans) -> str:
    """A table of what was found."""
    if not spans.spans:
        return f"Nothing was found in this text.\n{source.text(spans.source)}"
    shown = plain.table(_COLUMNS, _rows(spans))
    rest = len(spans) - LISTED
    more = f"\n… {rest} more" if rest > 0 else ""
    return f"{shown}{more}\n{source.text(spans.source)}"


def html(spans: Spans) -> str:
    """The text with the places in it."""
    kinds = list(dict.fromkeys(one.label for one in spans))
    colours = {kind: COLOURS[i % len(COLOURS)] for i, kind in enumerate(kinds)}

    def mark(index: int) -> str:
        one = spans.spans[index]
        return (
            f'<mark style="--c:{colours[one.label]}" title="{one.score:.1%}">'
            f'{page.escape(spans.input[one.start : one.end])}<span class="tag">{page.escape(one.label)}</span></mark>'
        )

    body = excerpt.html(spans.input, [(one.start, one.end) for one in spans], mark)
    if not spans.spans:
        return page.frame(
            f'{body}<div class="soft">Nothing was found in this text.</div>{source.html(spans.source)}',
            "spans",
        )
    legend = "".join(
        f'<span><i style="--c:{colours[kind]}"></i>{page.escape(kind)} '
        f"{sum(one.label == kind for one in spans)}</span>"
        for kind in kinds
    )
    summary = "1 place" if len(spans) == 1 else f"{len(spans)} places"
    listed = f"<details><summary>{summary}</summary>{grid(_COLUMNS, _rows(spans), wide=1)}</details>"
    return page.frame(
        f'{body}<div class="legend">{legend}</div>{source.html(spans.source)}{listed}',
        "spans",
    )


def _rows(spans: Spans) -> list[list[str]]:
    return [
        [one.label, " ".join(one.word.split()), f"{one.score:.1%}", f"{one.start}–{one.end}"]
        for one in spans.spans[:LISTED]
    ]
