"""Lengths as a histogram, their quantiles in a line, and what is cut where."""

from __future__ import annotations

from hf_nb.render import looked
from hf_nb.values.lengths import Lengths

_NAMES = {0.0: "shortest", 0.5: "half", 1.0: "longest"}


def text(value: Lengths) -> str:
    """Quantiles first."""
    return looked.text(_sheet(value))


def html(value: Lengths) -> str:
    """The same as a table."""
    return looked.html(_sheet(value))


def _sheet(value: Lengths) -> looked.Sheet:
    most = max(value.counts, default=1)
    lines = [
        [f"{low:,}" if high - low == 1 else f"{low:,}–{high - 1:,}", f"{count:,}", looked.bar(count / most)]
        for low, high, count in zip(value.edges, value.edges[1:], value.counts, strict=False)
    ]
    said = (
        [f"{value.texts:,} texts, {value.tokens:,} tokens, {value.mean:,.1f} each on average."]
        if value.texts
        else ["No texts."]
    )
    if value.quantiles:
        said.append(
            " · ".join(
                f"{_NAMES.get(share, f'{100 * share:g} % up to')} {length:,}"
                for share, length in value.quantiles
            )
        )
    below = [
        f"cut at {one.at:,}{' (what the model takes)' if one.at == value.limit else ''}: {one.rows:,} texts "
        f"({looked.percent(one.rows / value.texts)}), {one.tokens:,} tokens lost"
        for one in value.cuts
        if value.texts
    ]
    if value.missing:
        below.append(f"{value.missing:,} rows have no text")
    return looked.Sheet(
        value.looked, said, [("tokens", True), ("texts", True), ("", False)], lines, below=below, wide=2,
        facts=[value.column, f"tokens of {value.tokenizer}"],
    )  # fmt: skip
