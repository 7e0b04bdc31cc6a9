"""Which summaries of a table's columns come, and when: what its files say first, then some rows, then all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from hf_nb.data.query import scan
from hf_nb.data.query import wanted as asking
from hf_nb.data.query.view import View
from hf_nb.data.query.wanted import Wanted
from hf_nb.data.stats import few, footer, viewed, whole

if TYPE_CHECKING:
    from hf_nb.data.source import Source
    from hf_nb.values.summaries import Summary

SMALL = 1_000_000  # bytes of a table that is fetched whole, since a sample takes as much


def summaries(
    source: Source,
    wanted: Wanted | None = None,
    columns: Sequence[str] | None = None,
    *,
    exact: bool = False,
    view: View | None = None,
) -> Iterator[Summary]:
    """A Summary whenever more is known of a column; the last one of each is the best.

    Of what lies here (in memory, on the disk), or is small, it ends with all rows. Of what is remote it ends with what
    the Hub's viewer counted, else with a sample of a few megabytes. With `exact` all rows are fetched, which is refused
    (Costly) above what was agreed, before anything is moved. With conditions in `wanted`, figures and `counts` are of
    the rows that match, `all` of all rows.
    `view`: the same conditions where somebody has looked already, so that nothing is searched twice.
    """
    there = source.schema.names
    names = list(columns) if columns is not None else [name for name in there if there.count(name) == 1]
    for name in names:
        asking.column(name, source.schema)
    asked = replace(wanted or Wanted(), sort=None)
    away = scan.remote(source)
    small = away and source.bytes is not None and source.bytes <= SMALL
    small = small or (away and asked.all and viewed.little(source, names))
    if not scan.held(source):
        if asked.all:
            yield from footer.summaries(source, names)
        if not small:
            known = {one.column: one for one in viewed.summaries(source, names)} if asked.all else {}
            yield from known.values()
            yield from few.summaries(source, asked, [name for name in names if name not in known])
    if small or exact or not away:
        looked = None if asked.all else view if view is not None else View(source, asked)
        if looked is not None:
            looked.find()  # to its end, where it was stopped before
        yield from whole.summaries(source, looked, names, exact=exact)
