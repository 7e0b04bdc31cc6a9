"""What of a table belongs to somebody: how much of it, where it stands, and never what it is."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from hf_nb.data.preparing import texts
from hf_nb.data.preparing.columns import textual
from hf_nb.data.preparing.walking import through
from hf_nb.hub.pushing import live, windows
from hf_nb.hub.pushing import patterns as secrets
from hf_nb.hub.pushing.runs import runs
from hf_nb.plumbing import personal as patterns
from hf_nb.plumbing.session import Session
from hf_nb.values.personal import Personal, Trace

LISTED = 200  # of each kind
LONGEST = 1_000_000  # characters of one cell


def personal(
    what: Any,
    *,
    columns: str | Sequence[str] | None = None,
    config: str | None = None,
    split: str | None = None,
    revision: str | None = None,
    limit: int | None = None,
    allow: int | str | None = None,
    session: Session | None = None,
) -> Personal:
    """Addresses, telephone, card and account numbers, and keys in the texts of a table, also inside lists and objects.

    Cards and accounts must have right check digits, and addresses of a network at home are nobody's.
    """
    with through(
        what,
        verb="personal",
        config=config,
        split=split,
        revision=revision,
        limit=limit,
        allow=allow,
        session=session,
    ) as walk:
        names = textual(columns, walk.source)
        kinds: Counter[str] = Counter()
        traces: list[Trace] = []
        holding, cut, own = 0, False, live.tokens()
        for first, table in walk.steps(names):
            rows: set[int] = set()
            there = [(name, texts.cells(column)) for name, column in zip(names, table.columns, strict=True)]
            cut = cut or any(len(one or "") > LONGEST for _, cells in there for one in cells)
            for row, column, kind, said in sorted(_found(there, own), key=lambda one: one[0]):
                rows.add(row)
                kinds[kind] += 1
                if kinds[kind] <= LISTED:
                    traces.append(Trace(kind, first + row, column, said))
            holding += len(rows)
        notes = [f"Of very long cells the first {LONGEST:,} characters were looked at."] if cut else []
        return Personal(tuple(traces), tuple(kinds.most_common()), holding, walk.looked(names, *notes))


def _found(
    there: Sequence[tuple[str, Sequence[str | None]]], own: Sequence[live.Live]
) -> Iterator[tuple[int, str, str, str]]:
    """Row, column, kind, and what may be shown of it."""
    for name, whole in there:
        cells = [(one or "")[:LONGEST] for one in whole]
        for row, text in enumerate(cells):
            for kind, said in patterns.found(text):
                yield row, name, kind, patterns.masked(kind, said)
        for row, kind in _keys(cells, own):
            yield row, name, kind, "…"


def _keys(cells: Sequence[str], own: Sequence[live.Live]) -> Iterator[tuple[int, str]]:
    """Rows with a credential: looked for as in what is pushed, in those that may hold one."""
    encoded = [one.encode("utf-8", "replace") for one in cells]
    block = b"\n".join(encoded)
    starts, at = [], 0
    for one in encoded:
        starts.append(at)
        at += len(one) + 1
    worth = {bisect_right(starts, place) - 1 for span in runs(block) for place in _middle(span)}
    wide = [word for rule in secrets.RULES if rule.wide for word in rule.anchors]
    needles = [word for word in wide if word in block]
    live_ones = [form for one in own for form in one.forms if form in block]
    for row, text in enumerate(encoded):
        if row in worth or any(word in text for word in (*needles, *live_ones)):
            scan = windows.Scan(own=tuple(own))
            windows.lines(cells[row], windows.Place("a cell"), scan)
            yield from ((row, one.kind) for one in scan.found)


def _middle(span: tuple[int, int]) -> range:
    """Places all over a run: it may reach into several cells."""
    return range(span[0], span[1], 20)
