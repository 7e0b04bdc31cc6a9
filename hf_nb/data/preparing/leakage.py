"""Rows that are tested which were learned from."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from hf_nb.data.preparing.alike import Rows, verified
from hf_nb.data.preparing.columns import compared
from hf_nb.data.preparing.duplicates import LISTED, THRESHOLD, checked, excerpts, texts_of
from hf_nb.data.preparing.spool import Spool
from hf_nb.data.preparing.walking import Walk, through
from hf_nb.data.rows import picked
from hf_nb.errors import BadInput
from hf_nb.plumbing.session import Session
from hf_nb.values.alike import How, Leak, Leakage


def leakage(
    what: Any,
    tested: Any = None,
    *,
    split: str | None = None,
    tested_split: str | None = None,
    columns: str | Sequence[str] | None = None,
    near: bool = True,
    threshold: float = THRESHOLD,
    config: str | None = None,
    revision: str | None = None,
    limit: int | None = None,
    allow: int | str | None = None,
    session: Session | None = None,
) -> Leakage:
    """Rows of `tested` that stand in `what` too, or nearly; of a dataset alone, of its test in its train split.

    >>> leakage("hfnb-lab/reviews-with-leaks").exact
    40
    """
    checked(threshold)
    alone = tested is None
    how: dict[str, Any] = {
        "verb": "leakage",
        "config": config,
        "revision": revision,
        "limit": limit,
        "allow": allow,
        "session": session,
    }
    with ExitStack() as around:
        first = around.enter_context(through(what, split=split or ("train" if alone else None), **how))
        other = {**how, **({} if alone or isinstance(tested, str) else {"config": None, "revision": None})}
        second = around.enter_context(
            through(what if alone else tested, split=tested_split or ("test" if alone else None), **other)
        )
        if alone and (split or "train") == (tested_split or "test"):
            raise BadInput("A split leaks into itself: its rows are all there.", "%hf data duplicates")
        spool = around.enter_context(Spool())
        names, note = _columns(columns, first, second)
        told = texts_of(first.source, names) if near else None
        rows = Rows(spool, threshold if told else None)
        for _, table in first.steps(names):
            rows.add(table, told)
        boundary = rows.count
        others = texts_of(second.source, names, boundary) if told else None
        for _, table in second.steps(names):
            rows.add(table, others)
        best, full = _best(rows, boundary, [told, others] if told and others else [], threshold)
        notes = [note] if note else []
        if full:
            notes.append(
                "Too many rows are a little alike to compare all of them: some near ones are not listed."
            )
        return _value(first, second, names, best, threshold if told else None, notes)


def _columns(columns: str | Sequence[str] | None, first: Walk, second: Walk) -> tuple[list[str], str]:
    """Those both have, but for a row's own number."""
    names, note = compared(columns, first.source)
    there = set(second.source.schema.names)
    if columns is not None:
        picked(names, second.source)
    both = [name for name in names if name in there]
    if not both:
        raise BadInput("The two have no column in common.", f"In the second: {', '.join(sorted(there)[:20])}")
    return both, note


def _best(
    rows: Rows, boundary: int, told: list[Any], threshold: float
) -> tuple[dict[int, tuple[int, How, float]], bool]:
    """For each row that is tested the one it is most alike."""
    best: dict[int, tuple[int, How, float]] = {}
    for group in rows.exact():
        here, there = _sides(group, boundary)
        best.update((row, (here[0], "exact", 1.0)) for row in there if here)
    if not told:
        return best, False
    for group in rows.same_text():
        here, there = _sides(group, boundary)
        for row in there if here else ():
            best.setdefault(row, (here[0], "near", 1.0))
    pairs, full = rows.candidates(set(best), boundary)
    for one, other, likeness in verified(pairs, threshold, told):
        if other not in best or best[other][2] < likeness:
            best[other] = (one, "near", likeness)
    return best, full


def _sides(group: Any, boundary: int) -> tuple[list[int], list[int]]:
    return group[group < boundary].tolist(), group[group >= boundary].tolist()


def _value(
    first: Walk,
    second: Walk,
    names: list[str],
    best: dict[int, tuple[int, How, float]],
    threshold: float | None,
    notes: list[str],
) -> Leakage:
    boundary = first.rows
    found = sorted(best.items())
    said = excerpts(second.source, names, [row - boundary for row, _ in found[:LISTED]])
    leaks = tuple(
        Leak(row - boundary, source, how, likeness, text)
        for (row, (source, how, likeness)), text in zip(found, said, strict=False)
    )
    exact = sum(how == "exact" for _, how, _ in best.values())
    return Leakage(
        leaks, exact, len(best) - exact, threshold, array("q", [row - boundary for row, _ in found]),
        first.looked(names, *notes), second.looked(names),
    )  # fmt: skip
