"""Summaries that the Hub's viewer has counted already: of all rows, in one question for all columns.

Where our own sample would move megabytes and say less. Held against what the files say of themselves: as many rows, the
same kinds of columns, the same ends and empty cells where these are known, and bars that add up. If one column does not
fit, none is believed.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hf_nb.data.finding.viewer import HERE
from hf_nb.data.stats.figures import Figures, Untrue
from hf_nb.data.stats.way import way

if TYPE_CHECKING:
    from hf_nb.data.finding.viewer import Viewer
    from hf_nb.data.parts import Facts
    from hf_nb.data.source import Source
    from hf_nb.values.summaries import Summary

PATH = "/statistics"
A_COLUMN = 1_000  # bytes that it takes to say what one holds

_known: weakref.WeakKeyDictionary[Source, dict[str, Summary]] = weakref.WeakKeyDictionary()
_lock = threading.Lock()


def summaries(source: Source, names: Sequence[str]) -> Iterator[Summary]:
    """Of the columns that the viewer counted, where it has the table that is looked at."""
    viewer = source.viewer
    if viewer is None or viewer.note:
        return
    with _lock:
        known = _known.get(source)
    if known is None:
        answer = viewer.ask(PATH)
        if answer is None:
            return
        known = _believed(source, viewer, answer)
        with _lock:
            _known[source] = known
    yield from (known[name] for name in names if name in known)


def little(source: Source, names: Sequence[str]) -> bool:
    """Whether all rows of these columns are no more than the answer, which is about every column."""
    if any(part.rows is None for part in source.parts):
        return False  # nobody knows before all of it has come
    return source.cost(0, source.count(), names) <= A_COLUMN * len(source.schema.names)


def _believed(source: Source, viewer: Viewer, answer: Mapping[str, Any]) -> dict[str, Summary]:
    try:
        return dict(_told(source, answer))
    except Untrue as wrong:
        viewer.refuse(f"The Hub's viewer says something else than the files ({wrong}); {HERE}.")
        return {}


def _told(source: Source, answer: Mapping[str, Any]) -> Iterator[tuple[str, Summary]]:
    counts = [part.rows for part in source.parts]
    total = answer.get("num_examples")
    if not isinstance(total, int) or isinstance(total, bool) or total < 0:
        raise Untrue("how many rows")
    if None not in counts and total != sum(count or 0 for count in counts):
        raise Untrue("how many rows")
    columns = {column.name: column for column in source.columns}
    facts: list[Mapping[str, Facts]] = [] if None in counts else source.facts()
    listed = answer.get("statistics")
    for one in listed if isinstance(listed, list) else ():
        name, kind, said = (
            (one.get(word) for word in ("column_name", "column_type", "column_statistics"))
            if isinstance(one, Mapping)
            else (None, None, None)
        )
        if not isinstance(name, str) or name not in columns or not isinstance(said, Mapping):
            raise Untrue("which columns")
        if source.schema.names.count(name) != 1:
            continue
        known = [part.get(name) for part in facts]
        measured = way(source.schema.field(name), columns[name])
        found = Figures(name, measured, columns[name], total, known).told(str(kind), said)
        if found is not None:
            yield name, found
