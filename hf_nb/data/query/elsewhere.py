"""Few rows in a large remote table, found by the Hub's viewer with our own condition, in a question or a few.

Asked for where looking through the columns ourselves would move many megabytes. Held against our own look: in the first
stretch of the table both must find the same rows, and two of the others that it names are read. Words that stand in the
condition reach the Hub in use, as the dataset's name does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hf_nb.data.finding.viewer import HERE
from hf_nb.data.query import scan
from hf_nb.data.query.numbers import FEW

if TYPE_CHECKING:
    import numpy
    import pyarrow

    from hf_nb.data.finding.viewer import Viewer
    from hf_nb.data.source import Source

PATH = "/filter"
LARGE = 16_000_000  # bytes of a look; smaller ones are our own
MOST = 500  # rows; where there are more, our own look finds some of them soon
PAGE = 100
LONGEST = 2_000  # letters of a condition
SECONDS = 5.0  # it looks through the whole table
REFUSED = (";", "--", "/*", "*/")  # by the viewer, wherever they stand

Matching = Callable[[scan.Span, "pyarrow.Table"], "numpy.ndarray"]


def rows(
    source: Source,
    sql: str,
    columns: Sequence[str],
    matching: Matching,
    todo: Sequence[scan.Span],
    enough: int | None,
) -> numpy.ndarray | None:
    """Numbers of all rows that match, ascending; None where the viewer is not to be asked, or not to be believed."""
    viewer = source.viewer
    if (
        viewer is None
        or viewer.note
        or not todo
        or any(word in sql for word in REFUSED)
        or len(sql) > LONGEST
    ):
        return None
    if scan.cost(source, columns, todo) <= LARGE:
        return None
    first = todo[0]
    ours = [int(row) for row in matching(first, source.read(first.first, first.rows, columns))]
    if enough is not None and len(ours) >= enough:
        return None
    found = _asked(viewer, sql, source.count())
    if found is None:
        return None
    within = [row for row in found if first.first <= row < first.first + first.rows]
    beyond = sorted(set(found) - set(within))
    if ours != within or not _match(source, columns, matching, beyond):
        viewer.refuse(f"The Hub's viewer finds other rows than the files hold; {HERE}.")
        return None
    import numpy

    return numpy.asarray(found, dtype=numpy.uint32 if source.count() < FEW else numpy.uint64)


def _asked(viewer: Viewer, sql: str, total: int) -> list[int] | None:
    """What it names, page by page, where it makes sense."""
    found: list[int] = []
    count: int | None = None
    while count is None or len(found) < count:
        page = {"where": sql, "offset": str(len(found)), "length": str(PAGE)}
        answer = viewer.ask(PATH, page, seconds=SECONDS)
        if answer is None:
            return None
        said, listed = answer.get("num_rows_total"), answer.get("rows")
        if not isinstance(said, int) or isinstance(said, bool) or not 0 <= said <= min(MOST, total):
            return None
        numbers = [_number(one, total) for one in listed] if isinstance(listed, list) else [None]
        if None in numbers or count not in (None, said) or len(numbers) != min(PAGE, said - len(found)):
            return None
        count, found = said, found + [one for one in numbers if one is not None]
    return sorted(found) if len(set(found)) == len(found) else None


def _number(row: Any, total: int) -> int | None:
    number = row.get("row_idx") if isinstance(row, Mapping) else None
    return (
        number if isinstance(number, int) and not isinstance(number, bool) and 0 <= number < total else None
    )


def _match(source: Source, columns: Sequence[str], matching: Matching, named: Sequence[int]) -> bool:
    """Whether two of the rows that it names are as wanted."""
    some = {named[len(named) // 2], named[-1]} if named else set()
    return all(len(matching(scan.Span(row, 1), source.read(row, 1, columns))) == 1 for row in some)
