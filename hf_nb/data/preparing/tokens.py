"""How long the texts of a column are for a model, and what is lost where it takes only so much."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from hf_nb.data.preparing import texts
from hf_nb.data.preparing.columns import one_text
from hf_nb.data.preparing.pieces import pieces
from hf_nb.data.preparing.walking import through
from hf_nb.errors import BadInput
from hf_nb.plumbing.session import Session, current
from hf_nb.values.lengths import Cut, Lengths

QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0)
USUAL = (128, 256, 512, 1024, 2048, 4096, 8192, 32_768)
BINS = 20
AT_ONCE = 512  # texts


def tokens(
    what: Any,
    column: str | None = None,
    *,
    tokenizer: Any,
    at: int | Sequence[int] = (),
    config: str | None = None,
    split: str | None = None,
    revision: str | None = None,
    limit: int | None = None,
    allow: int | str | None = None,
    session: Session | None = None,
) -> Lengths:
    """The texts of `column` (the longest ones' where none is named) in tokens of `tokenizer`, special ones included.

    `at`: how many texts are cut where so many tokens are kept; what the model takes and the usual sizes by default.

    >>> tokens("hfnb-lab/reviews-with-leaks", "text", tokenizer="hfnb-demo/sentiment-en").texts
    2060
    """
    cuts = [at] if isinstance(at, int) else list(at)
    if any(one < 1 for one in cuts):
        raise BadInput("At least one token is kept.", "at=512")
    session = session or current()
    made = pieces(tokenizer, session)
    with through(
        what,
        verb="tokens",
        config=config,
        split=split,
        revision=revision,
        limit=limit,
        allow=allow,
        session=session,
    ) as walk:
        name = one_text(column, walk.source)
        found: Counter[int] = Counter()
        missing = 0
        for _, table in walk.steps([name]):
            there = [one for one in texts.cells(table.column(0)) if one is not None]
            missing += table.num_rows - len(there)
            for first in range(0, len(there), AT_ONCE):
                found.update(map(len, made.ids(there[first : first + AT_ONCE])))
        whole = sum(length * count for length, count in found.items())
        edges, counts = _histogram(found)
        return Lengths(
            name, made.name, found.total(), missing, whole, whole / found.total() if found else 0.0,
            quantiles(found), edges, counts, _cuts(found, cuts, made.limit), made.limit, walk.looked([name]),
        )  # fmt: skip


def quantiles(found: Counter[int]) -> tuple[tuple[float, int], ...]:
    """The least length that so many do not exceed; exact."""
    if not found:
        return ()
    lengths, total, made, behind, at = sorted(found), found.total(), [], 0, -1
    for share in QUANTILES:
        while behind < max(1, math.ceil(share * total)):
            at += 1
            behind += found[lengths[at]]
        made.append((share, lengths[at]))
    return tuple(made)


def _histogram(found: Counter[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    if not found:
        return (), ()
    low, high = min(found), max(found)
    step = max(1, math.ceil((high - low + 1) / BINS))
    bins = (high - low) // step + 1
    counts = [0] * bins
    for length, count in found.items():
        counts[(length - low) // step] += count
    return tuple(low + step * at for at in range(bins + 1)), tuple(counts)


def _cuts(found: Counter[int], asked: Sequence[int], limit: int | None) -> tuple[Cut, ...]:
    most = max(found, default=0)
    usual = [one for one in USUAL if one < most][:4] or [USUAL[0]]
    made = []
    for at in sorted({*(asked or usual), *([limit] if limit else [])}):
        longer = {length: count for length, count in found.items() if length > at}
        made.append(
            Cut(at, sum(longer.values()), sum((length - at) * count for length, count in longer.items()))
        )
    return tuple(made)
