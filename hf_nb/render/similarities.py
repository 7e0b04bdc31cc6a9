"""How near sentences are to one: bars, the nearest first."""

from __future__ import annotations

from hf_nb.render import bars, page, plain, source
from hf_nb.values import Similarities, Similarity

SHOWN = 10
CUT = 60  # characters of a sentence beside its bar, in a terminal


def text(value: Similarities | Similarity) -> str:
    """Bars of blocks."""
    if isinstance(value, Similarity):
        return f"{bars.number(value.score, percent=False)}  {value.sentence}"
    best = [(_cut(one.sentence), one.score) for one in value.best()]
    rest = len(best) - SHOWN
    more = [f"… {rest} more"] if rest > 0 else []
    lines = bars.text(best[:SHOWN], percent=False)
    return "\n".join([plain.clean(value.sentence), *lines, *more, source.text(value.source)])


def html(value: Similarities | Similarity) -> str:
    """The same, drawn."""
    if isinstance(value, Similarity):
        return page.frame(page.escape(text(value)))
    best = [(one.sentence, one.score) for one in value.best()]
    return page.frame(
        f'<div class="answer">{page.escape(value.sentence)}</div>'
        f"{bars.html(best, SHOWN, percent=False, prose=True)}{source.html(value.source)}",
        "spans",
    )


def _cut(sentence: str) -> str:
    one = plain.clean(sentence)
    return one if len(one) <= CUT else f"{one[: CUT - 1]}…"
