"""What the columns of a table hold: from what its files say, from some of its rows, or from all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hf_nb.data.agreed import metered
from hf_nb.data.rows import called, opened, picked, wanted
from hf_nb.plumbing import progress
from hf_nb.plumbing.session import Session, current
from hf_nb.values.description import Description


def describe(
    what: Any,
    *,
    config: str | None = None,
    split: str | None = None,
    revision: str | None = None,
    columns: str | Sequence[str] | None = None,
    where: str = "",
    search: str = "",
    exact: bool = False,
    allow: int | str | None = None,
    session: Session | None = None,
) -> Description:
    """A line per column: missing, distinct, lowest, mean, highest, or what is there most often.

    Each says from how many rows, 0 where a column was not looked at; with `exact` it is from all of them, whatever
    that moves (up to `allow`).
    """
    from hf_nb.data.stats import summaries
    from hf_nb.values.summaries import Summary

    session = session or current()
    name = called(what)
    with session.span("data.describe", what=name), metered(allow, name) as spent:
        source = opened(what, config=config, split=split, revision=revision, session=session)
        chosen = picked(columns, source) or list(source.schema.names)
        asked = wanted(source, where=where, search=search)
        known: dict[str, Summary] = {}
        for one in summaries(source, asked, chosen, exact=exact):
            known[one.column] = one
            progress.show(progress.Progress(name, len(known), len(chosen), "columns"))
        there = {one.name: one for one in source.columns}
        met = " · ".join(one for one in (where, search and f"with {search!r}") if one)
        return Description(
            source.origin,
            tuple(there[column] for column in chosen),
            tuple(known.get(column) or Summary(column, "sample", 0, source.rows) for column in chosen),
            source.rows if asked.all else None,
            spent.bytes,
            spent.requests,
            met,
        )
