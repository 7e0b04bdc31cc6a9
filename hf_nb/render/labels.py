"""Classes with scores: bars, the most likely first, and one grey line about who answered."""

from hf_nb.render import bars, page, source
from hf_nb.values import Labels

SHOWN = 5


def text(labels: Labels) -> str:
    """Bars of blocks."""
    shown = [(one.label, one.score) for one in labels.labels[:SHOWN]]
    rest = len(labels.labels) - SHOWN
    more = [f"… {rest} more"] if rest > 0 else []
    return "\n".join([*bars.text(shown), *more, source.text(labels.source)])


def html(labels: Labels) -> str:
    """The same, drawn."""
    scored = [(one.label, one.score) for one in labels.labels]
    return page.frame(bars.html(scored, SHOWN) + source.html(labels.source))
